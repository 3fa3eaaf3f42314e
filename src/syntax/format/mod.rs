//! The one form of a text: its own printer over the scanner's tokens, since the KDL crate's loses comments.
//!
//! Main function: [`format`]. What it changes is white space, line ends and `;`, and nothing else: each comment, slashdash and line
//! continuation stays, strings and numbers keep their spelling. It knows nothing of pipelines.

mod layout;
mod meaning;
mod printer;
mod reader;
mod string;
mod trivia;
mod upgrade;

#[cfg(test)]
mod tests;

use crate::diagnostic::{Diagnostics, Severity};
use crate::source::SourceFile;

use super::{Document, parse};
use meaning::same_meaning;
use printer::print;
use reader::read_layout;
use upgrade::upgraded;

/// The columns that a block on one line may reach.
const WIDTH: usize = 120;
/// The blanks of one level.
const INDENT: usize = 4;

/// The text in its one form; `None` where it has mistakes, which are told. KDL 1 is written as KDL 2, where that is sure.
///
/// Formatting what is formatted changes nothing. The meaning never changes: it is compared, and a text for which that fails stays
/// as it is. What is told has its places in `file`.
pub fn format(file: &SourceFile) -> (Option<String>, Diagnostics) {
    let (document, diagnostics) = parse(file);
    if !diagnostics.has_errors() {
        return (Some(in_form(file, &document)), diagnostics);
    }
    let upgraded = upgraded(file, &diagnostics).map(|text| SourceFile::new(file.id(), file.path(), text));
    match upgraded.map(|file| (parse(&file), file)) {
        Some(((document, after), file)) if !after.has_errors() => {
            // What is told is told of the text that was given, whose errors are no more.
            let left = diagnostics.into_iter().filter(|it| it.severity != Severity::Error).collect();
            (Some(in_form(&file, &document)), left)
        }
        _ => (None, diagnostics),
    }
}

fn in_form(file: &SourceFile, document: &Document) -> String {
    let printed = read_layout(file).map(|layout| print(file.text(), &layout)).filter(|text| {
        let (after, _) = parse(&SourceFile::new(file.id(), file.path(), text.as_str()));
        same_meaning(document, &after)
    });
    printed.unwrap_or_else(|| file.text().to_string())
}
