use std::fmt::Write;

use super::count::word;
use super::place::{Place, shown};
use super::printable::printable;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::Files;

/// A line each: `pipeline.kdl:3:5: error[unknown-node]: there is no …`, as editors and problem matchers read it. Places in other files
/// stand behind the message. Vim reads it by `errorformat=%f:%l:%c:\ %t%*[^[][%*[^]]]:\ %m`.
pub fn concise(diagnostics: &Diagnostics, files: &Files) -> String {
    diagnostics.iter().map(|diagnostic| line(diagnostic, files)).collect()
}

/// The line of one.
pub(super) fn line(diagnostic: &Diagnostic, files: &Files) -> String {
    let mut out = String::new();
    if let Some(place) = Place::primary(diagnostic, files) {
        let _ = write!(out, "{}:{}:{}: ", place.file, place.start.line, place.start.column);
    }
    let message = printable(diagnostic.message.as_bytes(), false);
    let _ = write!(out, "{}[{}]: {message}", word(diagnostic.severity), diagnostic.code);
    let own = diagnostic.span().map(|span| span.file);
    for label in diagnostic.labels.iter().filter(|label| Some(label.span.file) != own) {
        let file = files.get(label.span.file);
        let at = file.position(label.span.start as usize);
        let text = printable(label.text.as_bytes(), false);
        let _ = write!(out, " ({}:{}:{}: {text})", shown(file), at.line, at.column);
    }
    out.push('\n');
    out
}
