use std::collections::HashSet;
use std::sync::Arc;

use crate::diagnostic::codes::{acceptance, names, services, shape, text};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Severity};
use crate::source::{FileId, Files, Span};
use crate::syntax::{Document, Node};

/// Codes that tell of something missing: in a node that could not be read whole, it may have stood in the broken part.
const ABSENCE: [Code; 8] = [
    shape::MISSING_PROPERTY,
    shape::MISSING_ARGUMENT,
    shape::MISSING_ONE_OF,
    shape::ASSERTS_NOTHING,
    shape::EMPTY_BLOCK,
    services::MISSING_IMAGE,
    acceptance::NO_TESTS,
    acceptance::EMPTY_TEST,
];

/// Codes that tell of a name that is not known: it may have been declared in a part that could not be read.
const UNKNOWN: [Code; 3] = [names::UNKNOWN_REFERENCE, names::UNKNOWN_VARIABLE, names::UNKNOWN_PARAM];

/// Codes of the syntax that say how one value is written.
const SPELLING: [Code; 3] = [text::BARE_KEYWORD, text::UNQUOTED_VALUE, text::SINGLE_QUOTES];

/// Codes of the shape whose help shows the words under the first label as they should be typed, quotes and all.
const REWRITES: [Code; 2] = [text::BARE_KEYWORD, shape::MISSING_ARGUMENT];

/// What is told of the syntax, without the spelling of what the shape shows how to write as a whole.
pub(super) fn without_spelling(syntax: Diagnostics, shape: &Diagnostics) -> Diagnostics {
    let rewritten: Vec<Span> =
        shape.iter().filter(|it| REWRITES.contains(&it.code)).filter_map(Diagnostic::span).collect();
    let is_shown = |span: Span| rewritten.iter().any(|shown| holder(&[*shown], span).is_some());
    syntax.into_iter().filter(|it| !(SPELLING.contains(&it.code) && it.span().is_some_and(is_shown))).collect()
}

/// Holds back what is told of the shape and meaning of a text and would only follow from what has been told already: of the text,
/// or of the shape. A mistake is told once, where it was made.
pub(super) struct Cascade<'a> {
    files: &'a Files,
    /// Top-level nodes that could not be read whole.
    unread: Vec<Span>,
    /// Top-level nodes that are beyond a limit.
    given_up: Vec<Span>,
    /// Top-level nodes whose shape is wrong.
    misshapen: Vec<Span>,
    /// The lines, from 0, that hold an error of the text.
    lines: HashSet<(FileId, usize)>,
    /// Whether anything at all could not be read.
    is_incomplete: bool,
}

impl<'a> Cascade<'a> {
    /// For the texts of `documents`, which stand in the order of their files, and what is told of them.
    pub fn new(
        files: &'a Files,
        documents: &[Arc<Document>],
        syntax: &Diagnostics,
        shape: &Diagnostics,
        is_incomplete: bool,
    ) -> Self {
        let unread = top_level(documents, is_unread);
        let all = top_level(documents, |_| true);
        let line = |span: Span| (span.file, files.get(span.file).line_of(span.start as usize));
        Cascade {
            files,
            given_up: touched(&all, syntax, |it| it.code == text::TEXT_LIMIT),
            misshapen: touched(&all, shape, |it| it.severity == Severity::Error),
            lines: errors(syntax).map(line).collect(),
            is_incomplete: is_incomplete || !unread.is_empty(),
            unread,
        }
    }

    /// What remains of what is told of the shape.
    pub fn shape(&self, shape: &Diagnostics) -> Diagnostics {
        let told = shape.iter().filter(|it| !is_inside(it, &self.given_up));
        told.filter(|it| !(ABSENCE.contains(&it.code) && is_inside(it, &self.unread))).cloned().collect()
    }

    /// What remains of what is told of the meaning.
    pub fn meaning(&self, meaning: Diagnostics) -> Diagnostics {
        meaning
            .into_iter()
            .filter(|it| !is_inside(it, &self.given_up))
            .filter(|it| {
                !(ABSENCE.contains(&it.code) && (is_inside(it, &self.unread) || is_inside(it, &self.misshapen)))
            })
            .filter(|it| !it.span().is_some_and(|span| self.is_beside_an_error(span)))
            .filter(|it| !(UNKNOWN.contains(&it.code) && self.is_incomplete))
            .filter(|it| !(it.code == services::UNKNOWN_PORT && (self.is_incomplete || touches(it, &self.misshapen))))
            .collect()
    }

    /// Whether it begins on a line that holds an error of the text.
    fn is_beside_an_error(&self, span: Span) -> bool {
        !self.lines.is_empty()
            && self.lines.contains(&(span.file, self.files.get(span.file).line_of(span.start as usize)))
    }
}

/// The places of the errors.
fn errors(diagnostics: &Diagnostics) -> impl Iterator<Item = Span> {
    diagnostics.iter().filter(|it| it.severity == Severity::Error).filter_map(Diagnostic::span)
}

/// The spans of the top-level nodes that are so.
fn top_level(documents: &[Arc<Document>], is_so: impl Fn(&Node) -> bool) -> Vec<Span> {
    documents.iter().flat_map(|document| &document.nodes).filter(|node| is_so(node)).map(|node| node.span).collect()
}

/// Those of `all` top-level nodes in which one of `diagnostics` that is so has its place.
fn touched(all: &[Span], diagnostics: &Diagnostics, is_so: impl Fn(&Diagnostic) -> bool) -> Vec<Span> {
    let places = diagnostics.iter().filter(|it| is_so(it)).filter_map(Diagnostic::span);
    let mut touched: Vec<Span> = places.filter_map(|place| holder(all, place)).collect();
    touched.sort_unstable();
    touched.dedup();
    touched
}

/// Whether its place is in one of `nodes`.
fn is_inside(diagnostic: &Diagnostic, nodes: &[Span]) -> bool {
    diagnostic.span().is_some_and(|span| holder(nodes, span).is_some())
}

/// Whether one of its labels is in one of `nodes`.
fn touches(diagnostic: &Diagnostic, nodes: &[Span]) -> bool {
    diagnostic.labels.iter().any(|label| holder(nodes, label.span).is_some())
}

/// The one of `nodes`, which are in the order of the text, that holds `span`.
fn holder(nodes: &[Span], span: Span) -> Option<Span> {
    let after = nodes.partition_point(|node| (node.file, node.start) <= (span.file, span.start));
    let node = nodes[..after].last()?;
    (node.file == span.file && span.end <= node.end).then_some(*node)
}

/// Whether some part of the node is missing. Nesting is bounded by the limits of the syntax.
fn is_unread(node: &Node) -> bool {
    node.incomplete || node.children().iter().any(is_unread)
}
