use std::fmt::Write;

use super::place::{Place, weighed};
use super::printable::printable;
use crate::diagnostic::Diagnostics;
use crate::source::Files;

/// How many lines of evidence stand in an annotation: what was wanted, what was there, and the beginning of the rest.
const EVIDENCE: usize = 8;

/// Annotations of GitHub's workflows, errors first: of many, only the first are shown there.
pub fn github(diagnostics: &Diagnostics, files: &Files) -> String {
    let mut sorted: Vec<_> = diagnostics.iter().collect();
    sorted.sort_by_key(|diagnostic| std::cmp::Reverse(diagnostic.severity));
    let mut out = String::new();
    for diagnostic in sorted {
        let command = weighed(diagnostic.severity, "error", "warning", "notice");
        let title = property(&format!("pipe: {}", diagnostic.code));
        let _ = write!(out, "::{command} title={title}");
        if let Some(place) = Place::primary(diagnostic, files) {
            let (start, end) = (place.start, place.end);
            let _ = write!(out, ",file={},line={},col={}", property(&place.file), start.line, start.column);
            // A column of the end counts in the line of the beginning only.
            if end.line == start.line && end.column > start.column {
                let _ = write!(out, ",endLine={},endColumn={}", end.line, end.column);
            }
        }
        let evidence = diagnostic.notes.iter().flat_map(|note| note.lines()).take(EVIDENCE).map(str::to_owned);
        let help = diagnostic.help.iter().map(|help| format!("help: {help}"));
        let lines: Vec<String> = std::iter::once(diagnostic.message.clone()).chain(evidence).chain(help).collect();
        let _ = writeln!(out, "::{}", data(&lines.join("\n")));
    }
    out
}

fn data(text: &str) -> String {
    let lines: Vec<String> = text.lines().map(|line| printable(line.as_bytes(), false)).collect();
    lines.join("\n").replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
