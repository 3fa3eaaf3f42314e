use serde::Serialize;

use super::count::word;
use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::source::{Files, Span};

/// The version of the format, as `v`.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct Document<'a> {
    v: u32,
    errors: usize,
    warnings: usize,
    diagnostics: Vec<Item<'a>>,
}

#[derive(Serialize)]
struct Item<'a> {
    code: &'static str,
    severity: &'static str,
    message: &'a str,
    labels: Vec<Place<'a>>,
    help: Option<&'a str>,
    notes: &'a [String],
    fixes: Vec<Fix<'a>>,
}

#[derive(Serialize)]
struct Place<'a> {
    file: String,
    line: usize,
    column: usize,
    /// Bytes, the end excluded.
    start: u32,
    end: u32,
    #[serde(skip_serializing_if = "str::is_empty")]
    text: &'a str,
}

#[derive(Serialize)]
struct Fix<'a> {
    title: &'a str,
    safe: bool,
    edits: Vec<Place<'a>>,
}

/// One JSON document with all diagnostics; its form is versioned.
pub fn json(diagnostics: &Diagnostics, files: &Files) -> String {
    let document = Document {
        v: VERSION,
        errors: diagnostics.count(Severity::Error),
        warnings: diagnostics.count(Severity::Warning),
        diagnostics: diagnostics.iter().map(|diagnostic| item(diagnostic, files)).collect(),
    };
    serde_json::to_string_pretty(&document).expect("the wire types have string keys")
}

fn item<'a>(diagnostic: &'a Diagnostic, files: &Files) -> Item<'a> {
    Item {
        code: diagnostic.code.slug(),
        severity: word(diagnostic.severity),
        message: &diagnostic.message,
        labels: diagnostic.labels.iter().map(|label| place(label.span, &label.text, files)).collect(),
        help: diagnostic.help.as_deref(),
        notes: &diagnostic.notes,
        fixes: diagnostic
            .fixes
            .iter()
            .map(|fix| Fix {
                title: &fix.title,
                safe: fix.safe,
                edits: fix.edits.iter().map(|edit| place(edit.span, &edit.text, files)).collect(),
            })
            .collect(),
    }
}

fn place<'a>(span: Span, text: &'a str, files: &Files) -> Place<'a> {
    let file = files.get(span.file);
    let position = file.position(span.start as usize);
    Place {
        file: file.path().display().to_string(),
        line: position.line,
        column: position.column,
        start: span.start,
        end: span.end,
        text,
    }
}
