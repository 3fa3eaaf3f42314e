use std::collections::BTreeSet;

use crate::diagnostic::codes::{acceptance, names, services, shape, text};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Severity};
use crate::source::{SourceFile, Span};
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
const UNKNOWN: [Code; 2] = [names::UNKNOWN_REFERENCE, names::UNKNOWN_VARIABLE];

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

/// What is told of a text's shape and meaning, without that which would only follow from what has been told already: of the text,
/// or of the shape. A mistake is told once, where it was made.
pub(super) fn without_consequences(
    file: &SourceFile,
    document: &Document,
    syntax: &Diagnostics,
    shape: Diagnostics,
    meaning: Diagnostics,
) -> Diagnostics {
    let unread: Vec<Span> = top_level(document, is_incomplete);
    let given_up = touched(document, syntax, |it| it.code == text::TEXT_LIMIT);
    let misshapen = touched(document, &shape, |it| it.severity == Severity::Error);
    let lines: BTreeSet<usize> = errors(syntax).map(|span| file.line_of(span.start as usize)).collect();
    let any_unread = document.incomplete || !unread.is_empty();
    let mut told: Diagnostics = shape
        .into_iter()
        .filter(|it| !is_inside(it, &given_up))
        .filter(|it| !(ABSENCE.contains(&it.code) && is_inside(it, &unread)))
        .collect();
    told.extend(
        meaning
            .into_iter()
            .filter(|it| !is_inside(it, &given_up))
            .filter(|it| !(ABSENCE.contains(&it.code) && (is_inside(it, &unread) || is_inside(it, &misshapen))))
            .filter(|it| !it.span().is_some_and(|span| lines.contains(&file.line_of(span.start as usize))))
            .filter(|it| !(UNKNOWN.contains(&it.code) && any_unread))
            .filter(|it| !(it.code == services::UNKNOWN_PORT && (any_unread || touches(it, &misshapen))))
            .collect(),
    );
    told
}

/// The places of the errors.
fn errors(diagnostics: &Diagnostics) -> impl Iterator<Item = Span> {
    diagnostics.iter().filter(|it| it.severity == Severity::Error).filter_map(Diagnostic::span)
}

/// The spans of the top-level nodes that are so.
fn top_level(document: &Document, is_so: impl Fn(&Node) -> bool) -> Vec<Span> {
    document.nodes.iter().filter(|node| is_so(node)).map(|node| node.span).collect()
}

/// The spans of the top-level nodes in which one of `diagnostics` that is so has its place.
fn touched(document: &Document, diagnostics: &Diagnostics, is_so: impl Fn(&Diagnostic) -> bool) -> Vec<Span> {
    let all = top_level(document, |_| true);
    let places = diagnostics.iter().filter(|it| is_so(it)).filter_map(Diagnostic::span);
    let mut touched: Vec<Span> = places.filter_map(|place| holder(&all, place)).collect();
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
fn is_incomplete(node: &Node) -> bool {
    node.incomplete || node.children().iter().any(is_incomplete)
}
