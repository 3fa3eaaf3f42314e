use serde::Serialize;

use super::place::{Place, Point, weighed};
use crate::diagnostic::{Diagnostic, Diagnostics, Edit};
use crate::source::Files;

#[derive(Serialize)]
struct Report<'a> {
    source: Source,
    diagnostics: Vec<Item<'a>>,
}

#[derive(Serialize)]
struct Source {
    name: &'static str,
}

#[derive(Serialize)]
struct Item<'a> {
    message: String,
    location: Location,
    severity: &'static str,
    code: Value,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suggestions: Vec<Suggestion<'a>>,
    #[serde(rename = "relatedLocations", skip_serializing_if = "Vec::is_empty")]
    related: Vec<Related<'a>>,
}

#[derive(Serialize)]
struct Value {
    value: &'static str,
}

#[derive(Serialize)]
struct Related<'a> {
    message: &'a str,
    location: Location,
}

#[derive(Serialize)]
struct Location {
    path: String,
    range: Range,
}

#[derive(Serialize)]
struct Suggestion<'a> {
    range: Range,
    text: &'a str,
}

#[derive(Serialize)]
struct Range {
    start: Position,
    end: Position,
}

/// Counted from 1, columns in bytes of UTF-8.
#[derive(Serialize)]
struct Position {
    line: usize,
    column: usize,
}

/// The Reviewdog Diagnostic Format, as one document: a review shows each finding at its line, and its fix as a suggestion.
pub fn rdjson(diagnostics: &Diagnostics, files: &Files) -> String {
    let report = Report {
        source: Source { name: "pipe" },
        diagnostics: diagnostics.iter().map(|diagnostic| item(diagnostic, files)).collect(),
    };
    serde_json::to_string_pretty(&report).expect("the wire types have string keys") + "\n"
}

fn item<'a>(diagnostic: &'a Diagnostic, files: &Files) -> Item<'a> {
    let help = diagnostic.help.iter().map(|help| format!("\nhelp: {help}"));
    let own = diagnostic.span().map(|span| span.file);
    // A suggestion belongs to the file of its finding, and stands alone: a fix of several edits is none.
    let fixes = diagnostic.fixes.iter().filter_map(|fix| match fix.edits.as_slice() {
        [edit] if Some(edit.span.file) == own => Some(suggestion(edit, files)),
        _ => None,
    });
    let related = diagnostic
        .labels
        .iter()
        .skip(1)
        .map(|label| Related { message: &label.text, location: location(Place::of(label.span, files)) });
    Item {
        message: std::iter::once(diagnostic.message.clone()).chain(help).collect(),
        location: location(Place::primary_or_first(diagnostic, files)),
        severity: weighed(diagnostic.severity, "ERROR", "WARNING", "INFO"),
        code: Value { value: diagnostic.code.slug() },
        suggestions: fixes.collect(),
        related: related.collect(),
    }
}

fn suggestion<'a>(edit: &'a Edit, files: &Files) -> Suggestion<'a> {
    Suggestion { range: range(&Place::of(edit.span, files)), text: &edit.text }
}

fn location(place: Place) -> Location {
    Location { range: range(&place), path: place.file }
}

fn range(place: &Place) -> Range {
    let position = |point: &Point| Position { line: point.line, column: point.column_utf8 };
    Range { start: position(&place.start), end: position(&place.end) }
}
