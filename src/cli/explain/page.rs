use std::fmt::Write;

use super::evidence::Evidence;
use super::topic::Topic;
use crate::diagnostic::{Code, codes};
use crate::schema::{self, DOCUMENT, NodeDef, PAGES};
use crate::source::{Files, SourceFile};
use crate::syntax::{Node, parse};

/// The page of a topic, in Markdown.
pub fn markdown(topic: &Topic) -> String {
    match topic {
        Topic::Code(code) => code.page().to_owned(),
        Topic::Nodes(nodes) => {
            let related = Related::of(nodes);
            let pages: Vec<String> = nodes.iter().map(|node| of_node(node, &related)).collect();
            pages.join("\n") + &others(nodes)
        }
    }
}

fn of_node(node: &'static NodeDef, related: &Related) -> String {
    let mut out = schema::page(node);
    if let Some(example) = example(node) {
        let _ = write!(out, "\nFor example:\n\n```kdl\n{example}\n```\n");
    }
    let codes: Vec<Code> = related.codes_of(node).collect();
    if !codes.is_empty() {
        out.push_str("\nWhat may be wrong with it, each with a page of its own:\n\n");
    }
    for code in codes {
        let _ = writeln!(out, "- `{code}`: {}", code.summary());
    }
    out
}

/// Nodes of the same name that the words did not lead to.
fn others(shown: &[&'static NodeDef]) -> String {
    let is_other = |node: &NodeDef| {
        shown.iter().any(|shown| shown.name == node.name) && !shown.iter().any(|shown| std::ptr::eq(*shown, node))
    };
    let others: Vec<String> =
        schema::paths().into_iter().filter(|(_, node)| is_other(node)).map(|(path, _)| format!("`{path}`")).collect();
    if others.is_empty() {
        String::new()
    } else {
        format!("\nOther places have one of that name: {}.\n", others.join(", "))
    }
}

/// How the examples of the reference write the node, without its indentation.
pub fn example(node: &'static NodeDef) -> Option<String> {
    PAGES.iter().find_map(|page| {
        let files = Files::single("pipeline.kdl", page.example);
        let (document, _) = parse(files.root());
        written(&document.nodes, &DOCUMENT, node).map(|found| dedented(files.root(), found))
    })
}

/// The first node in document order that is meant; a parent before its children.
fn written<'a>(nodes: &'a [Node], parent: &'static NodeDef, meant: &'static NodeDef) -> Option<&'a Node> {
    nodes.iter().find_map(|node| {
        let definition = parent.child(&node.name)?;
        if std::ptr::eq(definition, meant) { Some(node) } else { written(node.children(), definition, meant) }
    })
}

fn dedented(file: &SourceFile, node: &Node) -> String {
    let start = node.span.start as usize;
    let indent = " ".repeat(start - file.line_start(file.line_of(start)));
    let lines = file.slice(node.span).lines().map(|line| line.strip_prefix(&indent).unwrap_or(line));
    lines.collect::<Vec<_>>().join("\n")
}

/// Which codes were found on which nodes.
pub struct Related {
    found: Vec<(Code, Vec<&'static NodeDef>)>,
}

impl Related {
    /// Of the codes whose pages speak of one of the nodes; those alone are analysed.
    pub fn of(nodes: &[&'static NodeDef]) -> Self {
        let speaks = |code: &Code| nodes.iter().any(|node| code.page().contains(node.name));
        Related { found: codes::all().filter(speaks).map(|code| (code, Evidence::of(code).nodes)).collect() }
    }

    /// The codes that were found on the node, in the order of their classes.
    pub fn codes_of(&self, node: &'static NodeDef) -> impl Iterator<Item = Code> {
        let on_it = move |nodes: &[&'static NodeDef]| nodes.iter().any(|found| std::ptr::eq(*found, node));
        self.found.iter().filter(move |(_, nodes)| on_it(nodes)).map(|(code, _)| *code)
    }
}
