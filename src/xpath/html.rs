use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

use html5ever::tendril::{StrTendril, TendrilSink};
use html5ever::tree_builder::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::{Attribute, ExpandedName, ParseOpts, QualName, parse_document};

use super::Tree;
use super::tree::{Kind, MOST_DEPTH, MOST_NODES, Name};

/// How many bytes are read before the bounds are looked at again. Each element that they open may open all of the formatting
/// around it anew, which is as many as may be nested.
const PART: usize = 256;

impl Tree {
    /// Reads HTML as browsers do: whatever the text, there is a document. In words why it is too much otherwise.
    pub fn read_html(text: &str) -> Result<Tree, String> {
        let mut parser = parse_document(Sink::new(), ParseOpts::default());
        let mut rest = text;
        while !rest.is_empty() {
            let mut end = rest.len().min(PART);
            while !rest.is_char_boundary(end) {
                end -= 1;
            }
            parser.process(StrTendril::from_slice(&rest[..end]));
            rest = &rest[end..];
            let sink = &parser.tokenizer.sink.sink;
            if sink.nodes.borrow().len() > MOST_NODES {
                return Err(format!("it has more than {MOST_NODES} nodes"));
            }
            if sink.deepest.get() > MOST_DEPTH {
                return Err(format!("its elements are nested more than {MOST_DEPTH} deep"));
            }
        }
        parser.finish().into_tree()
    }
}

/// What html5ever builds: nodes that may still move.
struct Sink {
    nodes: RefCell<Vec<Built>>,
    deepest: Cell<usize>,
}

struct Built {
    kind: BuiltKind,
    parent: Option<usize>,
    children: Vec<usize>,
    depth: usize,
}

enum BuiltKind {
    Document,
    /// Its name, its attributes, and where it is a template, what holds its content.
    Element(Rc<QualName>, Vec<(String, String)>, Option<usize>),
    Text(String),
    Comment(String),
    Instruction(String, String),
}

/// A node and, of an element, its name.
#[derive(Clone)]
struct Handle {
    at: usize,
    name: Option<Rc<QualName>>,
}

impl Sink {
    fn new() -> Self {
        let document = Built { kind: BuiltKind::Document, parent: None, children: Vec::new(), depth: 0 };
        Sink { nodes: RefCell::new(vec![document]), deepest: Cell::new(0) }
    }

    fn make(&self, kind: BuiltKind) -> usize {
        let mut nodes = self.nodes.borrow_mut();
        nodes.push(Built { kind, parent: None, children: Vec::new(), depth: 0 });
        nodes.len() - 1
    }

    fn handle(&self, kind: BuiltKind) -> Handle {
        let name = match &kind {
            BuiltKind::Element(name, ..) => Some(name.clone()),
            _ => None,
        };
        Handle { at: self.make(kind), name }
    }

    /// Puts a node or text before the child `place` of `parent`, at the end where there is no such child.
    fn insert(&self, parent: usize, place: Option<usize>, child: NodeOrText<Handle>) {
        let at = match child {
            NodeOrText::AppendNode(node) => {
                self.detach(node.at);
                node.at
            }
            NodeOrText::AppendText(text) => {
                let mut nodes = self.nodes.borrow_mut();
                let before = match place {
                    Some(place) => place.checked_sub(1).map(|before| nodes[parent].children[before]),
                    None => nodes[parent].children.last().copied(),
                };
                if let Some(BuiltKind::Text(before)) = before.map(|before| &mut nodes[before].kind) {
                    before.push_str(&text);
                    return;
                }
                drop(nodes);
                self.make(BuiltKind::Text(text.to_string()))
            }
        };
        let mut nodes = self.nodes.borrow_mut();
        let depth = nodes[parent].depth + 1;
        nodes[at].parent = Some(parent);
        nodes[at].depth = depth;
        self.deepest.set(self.deepest.get().max(depth));
        let children = &mut nodes[parent].children;
        let place = place.unwrap_or(children.len()).min(children.len());
        children.insert(place, at);
    }

    fn detach(&self, at: usize) {
        let mut nodes = self.nodes.borrow_mut();
        if let Some(parent) = nodes[at].parent.take() {
            nodes[parent].children.retain(|child| *child != at);
        }
    }

    /// Where a node stands: its parent, and its place among the children.
    fn place(&self, at: usize) -> Option<(usize, usize)> {
        let nodes = self.nodes.borrow();
        let parent = nodes[at].parent?;
        // What is moved is mostly among the last.
        let place = nodes[parent].children.iter().rposition(|child| *child == at)?;
        Some((parent, place))
    }

    /// The nodes that were built, in document order.
    fn into_tree(self) -> Result<Tree, String> {
        let built = self.nodes.into_inner();
        let mut tree = Tree::new();
        let root = tree.root();
        let mut ahead: Vec<_> = built[0].children.iter().rev().map(|child| (*child, root)).collect();
        while let Some((at, parent)) = ahead.pop() {
            let node = &built[at];
            let id = match &node.kind {
                BuiltKind::Document => parent,
                BuiltKind::Element(name, attributes, content) => {
                    let kind = Kind::Element(Name { prefix: String::new(), local: name.local.to_string() }, Vec::new());
                    let id = tree.push(parent, kind)?;
                    for (name, value) in attributes {
                        tree.push(id, Kind::Attribute(Name::of(name), value.clone()))?;
                    }
                    ahead.extend(content.iter().map(|content| (*content, id)));
                    id
                }
                BuiltKind::Text(text) => {
                    tree.push_text(parent, text)?;
                    continue;
                }
                BuiltKind::Comment(text) => tree.push(parent, Kind::Comment(text.clone()))?,
                BuiltKind::Instruction(target, rest) => {
                    tree.push(parent, Kind::Instruction(target.clone(), rest.clone()))?
                }
            };
            ahead.extend(node.children.iter().rev().map(|child| (*child, id)));
        }
        Ok(tree)
    }
}

fn written(attribute: Attribute) -> (String, String) {
    let name = attribute.name;
    let written = match &name.prefix {
        Some(prefix) => format!("{prefix}:{}", name.local),
        None => name.local.to_string(),
    };
    (written, attribute.value.to_string())
}

impl TreeSink for Sink {
    type Handle = Handle;
    type Output = Self;
    type ElemName<'a> = ExpandedName<'a>;

    fn finish(self) -> Self {
        self
    }

    fn get_document(&self) -> Handle {
        Handle { at: 0, name: None }
    }

    fn elem_name<'a>(&'a self, target: &'a Handle) -> ExpandedName<'a> {
        target.name.as_ref().expect("html5ever asks elements alone for their name").expanded()
    }

    fn create_element(&self, name: QualName, attributes: Vec<Attribute>, flags: ElementFlags) -> Handle {
        let content = flags.template.then(|| self.make(BuiltKind::Document));
        let attributes = attributes.into_iter().map(written).collect();
        self.handle(BuiltKind::Element(Rc::new(name), attributes, content))
    }

    fn create_comment(&self, text: StrTendril) -> Handle {
        self.handle(BuiltKind::Comment(text.to_string()))
    }

    fn create_pi(&self, target: StrTendril, data: StrTendril) -> Handle {
        self.handle(BuiltKind::Instruction(target.to_string(), data.to_string()))
    }

    fn append(&self, parent: &Handle, child: NodeOrText<Handle>) {
        self.insert(parent.at, None, child);
    }

    fn append_before_sibling(&self, sibling: &Handle, new: NodeOrText<Handle>) {
        if let NodeOrText::AppendNode(node) = &new {
            self.detach(node.at);
        }
        if let Some((parent, place)) = self.place(sibling.at) {
            self.insert(parent, Some(place), new);
        }
    }

    fn append_based_on_parent_node(&self, element: &Handle, previous: &Handle, child: NodeOrText<Handle>) {
        if self.place(element.at).is_some() {
            self.append_before_sibling(element, child);
        } else {
            self.append(previous, child);
        }
    }

    fn get_template_contents(&self, target: &Handle) -> Handle {
        let nodes = self.nodes.borrow();
        let BuiltKind::Element(_, _, Some(content)) = &nodes[target.at].kind else {
            unreachable!("html5ever asks templates alone for their content")
        };
        Handle { at: *content, name: None }
    }

    fn same_node(&self, left: &Handle, right: &Handle) -> bool {
        left.at == right.at
    }

    fn add_attrs_if_missing(&self, target: &Handle, more: Vec<Attribute>) {
        if let BuiltKind::Element(_, attributes, _) = &mut self.nodes.borrow_mut()[target.at].kind {
            for (name, value) in more.into_iter().map(written) {
                if !attributes.iter().any(|(known, _)| *known == name) {
                    attributes.push((name, value));
                }
            }
        }
    }

    fn remove_from_parent(&self, target: &Handle) {
        self.detach(target.at);
    }

    fn reparent_children(&self, node: &Handle, parent: &Handle) {
        let mut nodes = self.nodes.borrow_mut();
        let children = std::mem::take(&mut nodes[node.at].children);
        let depth = nodes[parent.at].depth + 1;
        for child in &children {
            nodes[*child].parent = Some(parent.at);
            nodes[*child].depth = depth;
        }
        nodes[parent.at].children.extend(children);
    }

    fn parse_error(&self, _: Cow<'static, str>) {}
    fn set_quirks_mode(&self, _: QuirksMode) {}
    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text_of(html: &str) -> String {
        let tree = Tree::read_html(html).expect("HTML is always read");
        tree.text(tree.root())
    }

    #[test]
    fn whatever_the_text_there_is_a_document() {
        assert_eq!(text_of("<p>a<p>b <b>c<i>d</b>e</i>"), "ab cde");
        assert_eq!(text_of(""), "");
        assert_eq!(text_of("<table><tr>x<td>y"), "xy");
        assert_eq!(text_of("<template><b>in</b></template>&eacute;"), "iné");
        assert_eq!(text_of("</p></br><frameset><svg><desc>"), "");
    }

    #[test]
    fn depth_has_a_bound() {
        assert!(Tree::read_html(&"<div>".repeat(5_000)).is_ok());
        assert!(Tree::read_html(&"<div>".repeat(200_000)).is_err_and(|why| why.contains("nested")));
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read(html in "(<(/?)(b|p|table|td|tr|select|option|template|svg|a|form|body|html|x)( id=1)?>|a| |&lt;|<!--|-->){0,40}") {
            let tree = Tree::read_html(&html).expect("HTML is always read");
            let _ = tree.text(tree.root());
        }
    }
}
