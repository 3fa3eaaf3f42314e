//! Holds a document against the schema table: one walker for all nodes, so that no rule about shape is written twice.

mod annotation;
mod arguments;
mod body;
mod properties;
mod rules;
mod support;
mod value;

use crate::diagnostic::{Diagnostic, Diagnostics, codes};
use crate::schema::{Body, DOCUMENT, NodeDef, Part};
use crate::source::{Files, Span};
use crate::syntax::{Document, Node, limits};

/// Everything about `document` that the schema table does not allow.
pub fn check(document: &Document, files: &Files) -> Diagnostics {
    let mut shape = Shape { files, found: Diagnostics::new() };
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
    shape.found
}

/// The walker.
struct Shape<'a> {
    files: &'a Files,
    found: Diagnostics,
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
