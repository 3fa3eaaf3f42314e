use super::document::Document;
use super::kdl1::look_for_marker;
use super::limits;
use super::line_ends::look_at_line_ends;
use super::mistakes::Mistakes;
use super::read::read_text;
use super::scanner::scan;
use super::structure::structure;
use super::token::Kind;
use super::yaml::told_as_yaml;
use crate::diagnostic::{Diagnostic, Diagnostics, codes::text};
use crate::source::SourceFile;

/// Reads KDL text. Total: whatever the text, there is a document, and what is wrong is told.
///
/// What can be mended is read as if it had been mended, so that the rest can be checked; what cannot is missing from the
/// document, and the node around it says that it is incomplete. The cost is linear in the text and bounded by [`limits`].
pub fn parse(file: &SourceFile) -> (Document, Diagnostics) {
    let size = file.text().len();
    if size > limits::TEXT_BYTES {
        let message = format!("the file has {size} bytes, more than {} MiB", limits::TEXT_BYTES / (1024 * 1024));
        return refused(Diagnostic::new(text::TEXT_LIMIT, message).label(file.span(0, 0), "not read at all"));
    }
    if let Some(diagnostic) = told_as_yaml(file) {
        return (Document { nodes: Vec::new(), incomplete: true }, [diagnostic].into_iter().collect());
    }
    let mut mistakes = Mistakes::new(file);
    look_for_marker(&mut mistakes);
    look_at_line_ends(&mut mistakes);
    let tokens = scan(&mut mistakes);
    let items = tokens.iter().filter(|token| matches!(token.kind, Kind::Word | Kind::Text));
    if let Some(first_over) = items.clone().nth(limits::ITEMS) {
        let message = format!("the file has {} words and values, more than {}", items.count(), limits::ITEMS);
        let span = file.span(first_over.start, first_over.end);
        return refused(Diagnostic::new(text::TEXT_LIMIT, message).label(span, "the first one too many"));
    }
    let structure = structure(file, &tokens);
    for diagnostic in structure.diagnostics {
        mistakes.push(diagnostic);
    }
    let (nodes, incomplete) = read_text(structure.statements, &mut mistakes);
    let incomplete = incomplete || structure.incomplete;
    (Document { nodes, incomplete }, mistakes.finish())
}

fn refused(diagnostic: Diagnostic) -> (Document, Diagnostics) {
    let diagnostic = diagnostic
        .note("this is a limit for safety, far above what a pipeline needs")
        .help("check that this is the file that you meant, or split the pipeline");
    (Document { nodes: Vec::new(), incomplete: true }, [diagnostic].into_iter().collect())
}
