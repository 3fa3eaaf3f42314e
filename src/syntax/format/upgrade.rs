//! KDL 1 written as KDL 2, by the fixes that the scanner's diagnostics carry.

use crate::diagnostic::{Diagnostic, Diagnostics, Edit, Severity, codes::text, edited};
use crate::source::SourceFile;
use crate::syntax::parse;

/// How often the text is read anew; a text is told of so many mistakes at a time.
const ROUNDS: usize = 20;

/// The text as KDL 2, where all that is wrong with it is that it is KDL 1.
pub(super) fn upgraded(file: &SourceFile, diagnostics: &Diagnostics) -> Option<String> {
    let mut current = SourceFile::new(file.id(), file.path(), file.text().to_string());
    let mut found = diagnostics.clone();
    let is_sign = |code| [text::KDL1_VERSION, text::KDL1_RAW_STRING, text::BARE_KEYWORD].contains(&code);
    let signed = found.iter().any(|diagnostic| is_sign(diagnostic.code));
    for _ in 0..ROUNDS {
        if !found.has_errors() {
            return Some(current.text().to_string());
        }
        let edits = edits(&current, &found, signed)?;
        current = SourceFile::new(file.id(), file.path(), edited(current.text(), edits.iter().collect()));
        (_, found) = parse(&current);
    }
    None
}

/// What mends all that is wrong; `None` where something is wrong that KDL 1 has no part in.
fn edits(file: &SourceFile, diagnostics: &Diagnostics, signed: bool) -> Option<Vec<Edit>> {
    let errors = diagnostics.iter().filter(|it| it.severity == Severity::Error || it.code == text::KDL1_VERSION);
    let mut edits = Vec::new();
    for diagnostic in errors {
        // That there are more of them is told without a fix.
        if diagnostic.code == text::TEXT_LIMIT && !edits.is_empty() {
            continue;
        }
        let fix = diagnostic.fixes.iter().find(|fix| fix.safe).filter(|_| is_kdl1(file, diagnostic, signed))?;
        edits.extend(fix.edits.iter().cloned());
    }
    edits.sort_by_key(|edit| edit.span);
    edits.dedup();
    edits.windows(2).all(|pair| pair[0].span.end <= pair[1].span.start).then_some(edits)
}

/// Whether KDL 1 takes what the diagnostic is about. Where no other sign says that the text is KDL 1, a string that goes on over
/// several lines is more likely a quote that was forgotten.
fn is_kdl1(file: &SourceFile, diagnostic: &Diagnostic, signed: bool) -> bool {
    let written = diagnostic.span().map_or("", |span| file.slice(span));
    let code = diagnostic.code;
    [text::KDL1_RAW_STRING, text::KDL1_VERSION].contains(&code)
        || (code == text::KDL1_MULTILINE_STRING && signed)
        || (code == text::BARE_KEYWORD && !written.starts_with('#'))
        || (code == text::BAD_ESCAPE && written == "\\/")
        // A name in KDL 1 may hold `#`, and may be `inf`.
        || (code == text::UNQUOTED_VALUE && (written.contains('#') || matches!(written, "inf" | "-inf" | "nan")))
}
