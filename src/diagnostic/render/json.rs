use serde::Serialize;

use super::count::word;
use super::place::Place;
use crate::diagnostic::{Diagnostic, Diagnostics, Label, Severity};
use crate::source::Files;

/// The version of the format, as `v`. Fields may be added to a version; none changes its meaning or goes away.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct Document<'a> {
    v: u32,
    errors: usize,
    warnings: usize,
    advice: usize,
    diagnostics: Vec<Item<'a>>,
}

/// A line of its own.
#[derive(Serialize)]
struct Line<'a> {
    v: u32,
    #[serde(flatten)]
    item: Item<'a>,
}

#[derive(Serialize)]
struct Item<'a> {
    code: &'static str,
    severity: &'static str,
    message: &'a str,
    /// The primary place; `null` for what is about no text.
    #[serde(flatten)]
    place: Option<Place>,
    /// What is to be seen at the primary place.
    label: &'a str,
    related: Vec<Related<'a>>,
    help: Option<&'a str>,
    notes: &'a [String],
    fixes: Vec<Fix<'a>>,
}

#[derive(Serialize)]
struct Related<'a> {
    #[serde(flatten)]
    place: Place,
    label: &'a str,
}

#[derive(Serialize)]
struct Fix<'a> {
    title: &'a str,
    /// Whether `--fix` applies it; a person should look at the others first.
    safe: bool,
    edits: Vec<Edit<'a>>,
}

#[derive(Serialize)]
struct Edit<'a> {
    #[serde(flatten)]
    place: Place,
    /// What stands there afterwards.
    text: &'a str,
}

/// One JSON document with all diagnostics; its form is versioned.
pub fn json(diagnostics: &Diagnostics, files: &Files) -> String {
    let document = Document {
        v: VERSION,
        errors: diagnostics.count(Severity::Error),
        warnings: diagnostics.count(Severity::Warning),
        advice: diagnostics.count(Severity::Advice),
        diagnostics: diagnostics.iter().map(|diagnostic| item(diagnostic, files)).collect(),
    };
    serde_json::to_string_pretty(&document).expect("the wire types have string keys") + "\n"
}

/// As [`json`], one diagnostic a line.
pub fn json_lines(diagnostics: &Diagnostics, files: &Files) -> String {
    let line = |diagnostic: &Diagnostic| {
        let line = Line { v: VERSION, item: item(diagnostic, files) };
        serde_json::to_string(&line).expect("the wire types have string keys") + "\n"
    };
    diagnostics.iter().map(line).collect()
}

fn item<'a>(diagnostic: &'a Diagnostic, files: &Files) -> Item<'a> {
    let related = |label: &'a Label| Related { place: Place::of(label.span, files), label: &label.text };
    Item {
        code: diagnostic.code.slug(),
        severity: word(diagnostic.severity),
        message: &diagnostic.message,
        place: Place::primary(diagnostic, files),
        label: diagnostic.labels.first().map_or("", |label| &label.text),
        related: diagnostic.labels.iter().skip(1).map(related).collect(),
        help: diagnostic.help.as_deref(),
        notes: &diagnostic.notes,
        fixes: diagnostic
            .fixes
            .iter()
            .map(|fix| Fix {
                title: &fix.title,
                safe: fix.safe,
                edits: fix
                    .edits
                    .iter()
                    .map(|edit| Edit { place: Place::of(edit.span, files), text: &edit.text })
                    .collect(),
            })
            .collect(),
    }
}
