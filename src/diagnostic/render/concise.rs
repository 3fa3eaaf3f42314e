use std::fmt::Write;

use super::count::word;
use super::printable::printable;
use crate::diagnostic::Diagnostics;
use crate::source::Files;

/// A line each: `pipeline.kdl:3:5: error[unknown-node]: unknown node …`, as editors and problem matchers read it.
pub fn concise(diagnostics: &Diagnostics, files: &Files) -> String {
    let mut out = String::new();
    for diagnostic in diagnostics.iter() {
        if let Some(span) = diagnostic.span() {
            let file = files.get(span.file);
            let position = file.position(span.start as usize);
            let _ = write!(out, "{}:{}:{}: ", file.path().display(), position.line, position.column);
        }
        let message = printable(diagnostic.message.as_bytes(), false);
        let _ = writeln!(out, "{}[{}]: {message}", word(diagnostic.severity), diagnostic.code);
    }
    out
}
