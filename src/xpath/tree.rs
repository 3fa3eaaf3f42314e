use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A node of a [`Tree`]; nodes are numbered in document order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(u32);

/// A document as XPath sees it: elements, attributes, texts, comments and instructions, in document order.
#[derive(Debug)]
pub struct Tree {
    nodes: Vec<Node>,
    /// Elements by their `id`, the first of each.
    ids: HashMap<String, NodeId>,
    /// How much of it was read as text so far: bytes, and nodes that were passed.
    read: AtomicUsize,
}

/// How many nodes a tree has at most: what is larger is refused, not kept.
pub(super) const MOST_NODES: usize = 1_000_000;

/// How deep elements may be nested.
pub(super) const MOST_DEPTH: usize = 10_000;

#[derive(Debug)]
pub(super) struct Node {
    pub kind: Kind,
    pub parent: Option<NodeId>,
    pub attributes: Vec<NodeId>,
    pub children: Vec<NodeId>,
    /// Its place among the children of its parent; 0 for attributes and the root.
    pub place: u32,
}

#[derive(Debug)]
pub(super) enum Kind {
    Root,
    /// With the namespaces that it declares: prefix, empty for the default one, and URI.
    Element(Name, Vec<(String, String)>),
    Attribute(Name, String),
    Text(String),
    Comment(String),
    /// A target and what follows it.
    Instruction(String, String),
}

/// A name as it is written in the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Name {
    /// What stands before the colon; empty where there is none.
    pub prefix: String,
    pub local: String,
}

impl Tree {
    /// A document without anything in it.
    pub(super) fn new() -> Self {
        let root = Node { kind: Kind::Root, parent: None, attributes: Vec::new(), children: Vec::new(), place: 0 };
        Tree { nodes: vec![root], ids: HashMap::new(), read: AtomicUsize::new(0) }
    }

    /// The root, above the document's element.
    pub fn root(&self) -> NodeId {
        NodeId(0)
    }

    /// Adds the next node in document order; an error where the tree is full.
    pub(super) fn push(&mut self, parent: NodeId, kind: Kind) -> Result<NodeId, String> {
        if self.nodes.len() >= MOST_NODES {
            return Err(format!("it has more than {MOST_NODES} nodes"));
        }
        let id = NodeId(self.nodes.len() as u32);
        let above = &mut self.nodes[parent.0 as usize];
        let mut place = 0;
        if let Kind::Attribute(name, value) = &kind {
            above.attributes.push(id);
            let is_id = matches!((name.prefix.as_str(), name.local.as_str()), ("", "id") | ("xml", "id"));
            if is_id {
                self.ids.entry(value.clone()).or_insert(parent);
            }
        } else {
            place = above.children.len() as u32;
            above.children.push(id);
        }
        self.nodes.push(Node { kind, parent: Some(parent), attributes: Vec::new(), children: Vec::new(), place });
        Ok(id)
    }

    /// Adds text, to the text before it where there is one: no two texts stand side by side.
    pub(super) fn push_text(&mut self, parent: NodeId, text: &str) -> Result<(), String> {
        if text.is_empty() {
            return Ok(());
        }
        let last = self.node(parent).children.last().copied();
        if let Some(Kind::Text(before)) = last.map(|last| &mut self.nodes[last.0 as usize].kind) {
            before.push_str(text);
            return Ok(());
        }
        self.push(parent, Kind::Text(text.to_owned())).map(drop)
    }

    pub(super) fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0 as usize]
    }

    pub(super) fn by_id(&self, id: &str) -> Option<NodeId> {
        self.ids.get(id).copied()
    }

    /// Its name; of an instruction the target.
    pub(super) fn name(&self, id: NodeId) -> Option<Name> {
        match &self.node(id).kind {
            Kind::Element(name, _) | Kind::Attribute(name, _) => Some(name.clone()),
            Kind::Instruction(target, _) => Some(Name { prefix: String::new(), local: target.clone() }),
            Kind::Root | Kind::Text(_) | Kind::Comment(_) => None,
        }
    }

    /// The URI of its name's namespace; empty where it has none.
    pub(super) fn namespace(&self, id: NodeId) -> &str {
        let (name, is_element) = match &self.node(id).kind {
            Kind::Element(name, _) => (name, true),
            Kind::Attribute(name, _) => (name, false),
            _ => return "",
        };
        if name.prefix == "xml" {
            return "http://www.w3.org/XML/1998/namespace";
        }
        // The default namespace is none of attributes.
        if name.prefix.is_empty() && !is_element {
            return "";
        }
        let mut at = Some(id);
        while let Some(id) = at {
            let node = self.node(id);
            if let Kind::Element(_, declared) = &node.kind
                && let Some((_, uri)) = declared.iter().find(|(prefix, _)| *prefix == name.prefix)
            {
                return uri;
            }
            at = node.parent;
        }
        ""
    }

    /// How much of it was read as text so far; only what is read from now on says more.
    pub(super) fn was_read(&self) -> usize {
        self.read.load(Ordering::Relaxed)
    }

    /// The text that a node stands for: that of an element is all text in it.
    pub fn text(&self, id: NodeId) -> String {
        match &self.node(id).kind {
            Kind::Attribute(_, text) | Kind::Text(text) | Kind::Comment(text) | Kind::Instruction(_, text) => {
                text.clone()
            }
            Kind::Root | Kind::Element(..) => {
                let mut text = String::new();
                let mut ahead = vec![id];
                let mut passed = 0;
                while let Some(id) = ahead.pop() {
                    passed += 1;
                    let node = self.node(id);
                    if let Kind::Text(part) = &node.kind {
                        text.push_str(part);
                    }
                    ahead.extend(node.children.iter().rev());
                }
                self.read.fetch_add(text.len() + passed, Ordering::Relaxed);
                text
            }
        }
    }
}

impl Name {
    /// `a:b` in its parts.
    pub fn of(written: &str) -> Self {
        let (prefix, local) = written.split_once(':').unwrap_or(("", written));
        Name { prefix: prefix.to_owned(), local: local.to_owned() }
    }

    /// As it is written.
    pub fn written(&self) -> String {
        if self.prefix.is_empty() { self.local.clone() } else { format!("{}:{}", self.prefix, self.local) }
    }
}
