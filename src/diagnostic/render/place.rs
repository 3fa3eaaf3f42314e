use serde::Serialize;

use crate::diagnostic::{Diagnostic, Severity};
use crate::source::{Files, SourceFile, Span};

/// A stretch of text as the wire formats tell it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Place {
    /// The path as the user gave it, with `/` between its parts.
    pub(super) file: String,
    /// Where it begins.
    pub(super) start: Point,
    /// The point behind its last character.
    pub(super) end: Point,
}

/// A point in a text, counted in every way that somebody counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(super) struct Point {
    /// Bytes before it, from 0.
    pub(super) offset: usize,
    /// Line, from 1.
    pub(super) line: usize,
    /// Column, from 1, in characters (Unicode scalar values).
    pub(super) column: usize,
    /// Column, from 1, in bytes of UTF-8.
    pub(super) column_utf8: usize,
    /// Column, from 1, in code units of UTF-16.
    pub(super) column_utf16: usize,
}

impl Place {
    /// The place of a span.
    pub(super) fn of(span: Span, files: &Files) -> Self {
        let file = files.get(span.file);
        Place { file: shown(file), start: point(file, span.start), end: point(file, span.end) }
    }

    /// The primary place of a diagnostic; none where it is about no text.
    pub(super) fn primary(diagnostic: &Diagnostic, files: &Files) -> Option<Self> {
        diagnostic.span().map(|span| Place::of(span, files))
    }

    /// As [`Place::primary`], for formats that cannot do without: the beginning of the first file stands in.
    pub(super) fn primary_or_first(diagnostic: &Diagnostic, files: &Files) -> Self {
        let first = || files.iter().next().map(|file| Place::of(file.span(0, 0), files));
        let start = Point { offset: 0, line: 1, column: 1, column_utf8: 1, column_utf16: 1 };
        Place::primary(diagnostic, files).or_else(first).unwrap_or(Place { file: ".".to_owned(), start, end: start })
    }
}

/// A file's path with `/` between its parts.
pub(super) fn shown(file: &SourceFile) -> String {
    file.path().display().to_string().replace(std::path::MAIN_SEPARATOR, "/")
}

/// The word that a format has for each weight.
pub(super) fn weighed<T>(severity: Severity, error: T, warning: T, advice: T) -> T {
    match severity {
        Severity::Error => error,
        Severity::Warning => warning,
        Severity::Advice => advice,
    }
}

fn point(file: &SourceFile, offset: u32) -> Point {
    let offset = (offset as usize).min(file.text().len());
    let position = file.position(offset);
    Point {
        offset,
        line: position.line,
        column: position.column,
        column_utf8: offset - file.line_start(position.line - 1) + 1,
        column_utf16: position.utf16 + 1,
    }
}
