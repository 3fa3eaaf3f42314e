use std::fmt::Write;

use super::Style;
use super::count::word;
use super::place::Place;
use super::printable::{clipped, printable};
use crate::diagnostic::{Diagnostic, Diagnostics, Label};
use crate::source::Files;

/// In sentences, without drawings: for screen readers and for terminals that can do nothing. At most [`Style::limit`] of them.
pub fn narratable(diagnostics: &Diagnostics, files: &Files, style: &Style) -> String {
    let mut parts: Vec<String> =
        diagnostics.iter().take(style.limit).map(|diagnostic| one(diagnostic, files)).collect();
    parts.extend(style.rest(diagnostics.len()));
    parts.join("\n\n")
}

fn one(diagnostic: &Diagnostic, files: &Files) -> String {
    let mut out = String::new();
    let message = clean(&diagnostic.message);
    let _ = write!(out, "{} {}: {message}", word(diagnostic.severity), diagnostic.code);
    for (at, label) in diagnostic.labels.iter().enumerate() {
        let _ = write!(out, "\n{}", place(label, at == 0, files));
    }
    for note in &diagnostic.notes {
        let _ = write!(out, "\nnote: {}", note.lines().map(clean).collect::<Vec<_>>().join("\n  "));
    }
    if let Some(help) = &diagnostic.help {
        let _ = write!(out, "\nhelp: {}", clean(help));
    }
    out
}

/// `in pipeline.kdl, line 3, columns 5 to 9: not declared; the line reads: needs b`
fn place(label: &Label, is_primary: bool, files: &Files) -> String {
    let Place { file, start, end } = Place::of(label.span, files);
    let source = files.get(label.span.file);
    let range = source.line_range(start.line - 1);
    let last = if end.line == start.line { end.column.saturating_sub(1).max(start.column) } else { start.column };
    let columns =
        if last > start.column { format!("columns {} to {last}", start.column) } else { format!("column {last}") };
    let text = if label.text.is_empty() { String::new() } else { format!(": {}", clean(&label.text)) };
    let reads = match clipped(clean(&source.text()[range]).trim(), 200) {
        line if line.is_empty() => String::new(),
        line => format!("; the line reads: {line}"),
    };
    format!("{} {file}, line {}, {columns}{text}{reads}", if is_primary { "in" } else { "see also" }, start.line)
}

fn clean(text: &str) -> String {
    printable(text.as_bytes(), false)
}
