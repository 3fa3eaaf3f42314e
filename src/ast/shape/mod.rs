//! Holds a document against the schema table: one walker for all nodes, so that no rule about shape is written twice.

mod annotation;
mod arguments;
mod body;
mod properties;
mod rules;
mod support;
mod value;

use super::Annotated;
use crate::diagnostic::{Diagnostic, Diagnostics, codes};
use crate::schema::{Body, DOCUMENT, NodeDef, Part};
use crate::source::{Files, Span};
use crate::syntax::{Document, Node, limits};

/// What the schema table says of a document.
pub struct Checked {
    /// Everything that the table does not allow.
    pub found: Diagnostics,
    /// What it allows and this version cannot run, one [`NOT_YET_SUPPORTED`](codes::shape::NOT_YET_SUPPORTED) each.
    pub not_run: Diagnostics,
    /// Texts whose author says which language is in them, where nothing else says it.
    pub annotated: Vec<Annotated>,
}

/// Holds `document` against the schema table.
pub fn check(document: &Document, files: &Files) -> Checked {
    let mut shape = Shape { files, found: Diagnostics::new(), not_run: Diagnostics::new(), annotated: Vec::new() };
    shape.nodes(&DOCUMENT, &document.nodes);
    if shape.full() {
        let first = shape.found.iter().next().and_then(Diagnostic::span);
        let message = format!("more than {} mistakes, the rest is not told", limits::MISTAKES);
        let limit = Diagnostic::new(codes::text::TEXT_LIMIT, message).help("mend those that are told, and check again");
        shape.found.push(match first {
            Some(span) => limit.label(span, "the first of them"),
            None => limit,
        });
    }
    Checked { found: shape.found, not_run: shape.not_run, annotated: shape.annotated }
}

/// The walker.
struct Shape<'a> {
    files: &'a Files,
    found: Diagnostics,
    not_run: Diagnostics,
    annotated: Vec<Annotated>,
}

impl Shape<'_> {
    /// Whether so much was told that more would help nobody; past it hostile text costs no more.
    fn full(&self) -> bool {
        self.found.len() >= limits::MISTAKES
    }

    /// One node that is known and supported.
    fn node(&mut self, def: &'static NodeDef, node: &Node) {
        if let Some(annotation) = &node.annotation {
            self.annotation(annotation, &[]);
        }
        if let Body::Entries(entries) = def.body {
            self.entries(def, entries, node);
        } else {
            self.arguments(def, node);
            self.properties(def, node);
            self.rules(def, node);
            self.block(def, node);
        }
    }
}

/// Where `part` of `node` stands, if it does.
fn place(part: Part, def: &NodeDef, node: &Node) -> Option<Span> {
    let argument = |name| {
        let at = def.arguments.iter().position(|argument| argument.name == name)?;
        node.arguments().nth(at)
    };
    match part {
        Part::Argument(name) => argument(name).map(|entry| entry.span),
        Part::Word(name, word) => argument(name)
            .filter(|entry| matches!(&entry.value.value, crate::syntax::Value::String(text) if text == word))
            .map(|entry| entry.span),
        Part::Flag(flag) => super::reader::flag(node, def.arguments.len(), flag),
        Part::Property(name) => node.property(name).map(|entry| entry.span),
        Part::Child(name) => node.children().iter().find(|child| child.name.value == name).map(|child| child.name.span),
    }
}

/// Where a node stands, as messages say it.
fn within(parent: &NodeDef) -> String {
    if std::ptr::eq(parent, &DOCUMENT) {
        "at the top level of the file".to_owned()
    } else {
        format!("in `{}`", parent.name)
    }
}

/// The node as messages name it.
fn called(def: &NodeDef) -> String {
    if std::ptr::eq(def, &DOCUMENT) { "the top level of the file".to_owned() } else { format!("`{}`", def.name) }
}
