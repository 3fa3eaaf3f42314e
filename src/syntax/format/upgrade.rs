//! KDL 1 written as KDL 2, by the fixes that the scanner's diagnostics carry.

use std::fmt::Write;

use crate::diagnostic::{Diagnostic, Diagnostics, Edit, Severity, codes::text, edited};
use crate::source::SourceFile;
use crate::syntax::parse;

/// How often the text is read anew; a text is told of so many mistakes at a time.
const ROUNDS: usize = 20;
/// By what a text of KDL 1 says so; `2` follows in one of KDL 2.
const MARKER: &str = "kdl-version";

/// The text as KDL 2, where all that is wrong with it is that it is KDL 1.
pub(super) fn upgraded(file: &SourceFile, diagnostics: &Diagnostics) -> Option<String> {
    let marked = marked(file.text());
    let is_sign = |code| [text::KDL1_RAW_STRING, text::BARE_KEYWORD].contains(&code);
    let signed = marked.is_some() || diagnostics.iter().any(|diagnostic| is_sign(diagnostic.code));
    let mut current = SourceFile::new(file.id(), file.path(), marked.unwrap_or_else(|| file.text().to_string()));
    let (_, mut found) = parse(&current);
    if signed && edits(&current, &found).is_none() {
        current = SourceFile::new(file.id(), file.path(), with_block_strings(current.text())?);
        (_, found) = parse(&current);
    }
    for _ in 0..ROUNDS {
        if !found.has_errors() {
            return Some(current.text().to_string());
        }
        current =
            SourceFile::new(file.id(), file.path(), edited(current.text(), edits(&current, &found)?.iter().collect()));
        (_, found) = parse(&current);
    }
    None
}

/// What mends all that is wrong; `None` where something is wrong that KDL 1 has no part in.
fn edits(file: &SourceFile, diagnostics: &Diagnostics) -> Option<Vec<Edit>> {
    let errors = diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error);
    let mut edits = Vec::new();
    for diagnostic in errors {
        // That there are more of them is told without a fix.
        if diagnostic.code == text::TEXT_LIMIT && !edits.is_empty() {
            continue;
        }
        let fix = diagnostic.fixes.iter().find(|fix| fix.safe).filter(|_| is_kdl1(file, diagnostic))?;
        edits.extend(fix.edits.iter().cloned());
    }
    edits.sort_by_key(|edit| edit.span);
    edits.dedup();
    edits.windows(2).all(|pair| pair[0].span.end <= pair[1].span.start).then_some(edits)
}

/// Whether KDL 1 takes what the diagnostic is about.
fn is_kdl1(file: &SourceFile, diagnostic: &Diagnostic) -> bool {
    let written = diagnostic.span().map_or("", |span| file.slice(span));
    let code = diagnostic.code;
    code == text::KDL1_RAW_STRING
        || (code == text::BARE_KEYWORD && !written.starts_with('#'))
        || (code == text::BAD_ESCAPE && written == "\\/")
        // A name in KDL 1 may hold `#`, and may be `inf`.
        || (code == text::UNQUOTED_VALUE && (written.contains('#') || matches!(written, "inf" | "-inf" | "nan")))
}

/// The text with the marker of KDL 2, where it has that of KDL 1.
fn marked(text: &str) -> Option<String> {
    let rest = text.trim_start_matches('\u{FEFF}').trim_start();
    let rest = rest.strip_prefix("/-")?.trim_start_matches([' ', '\t']).strip_prefix(MARKER)?;
    let version = rest.trim_start_matches([' ', '\t']);
    let after = version.strip_prefix('1').filter(|after| after.starts_with(['\n', '\r', ' ', '\t']))?;
    (version.len() < rest.len()).then(|| format!("{}2{after}", &text[..text.len() - version.len()]))
}

/// The text with its strings of several lines, which KDL 1 writes in plain quotes, between `"""`; `None` where they do not end.
fn with_block_strings(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(next) = rest.chars().next() {
        let length = match string(rest) {
            _ if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            _ if rest.starts_with("/*") => rest.find("*/")? + 2,
            Some(string) => {
                let end = string.end?;
                let body = &rest[string.start..end - 1 - string.hashes];
                if body.contains('\n') {
                    block_string(&mut out, body, &string);
                    rest = &rest[end..];
                    continue;
                }
                end
            }
            // A word: what begins within it is no string.
            None if next.is_alphanumeric() => {
                rest.find(|c: char| !c.is_alphanumeric() && c != '-' && c != '_').unwrap_or(rest.len())
            }
            None => next.len_utf8(),
        };
        out.push_str(&rest[..length]);
        rest = &rest[length..];
    }
    Some(out)
}

/// A string of KDL 1.
struct Kdl1String {
    raw: bool,
    hashes: usize,
    /// Where its text begins.
    start: usize,
    /// After its closing quotes; `None` where it has none.
    end: Option<usize>,
}

/// The string that `rest` begins with.
fn string(rest: &str) -> Option<Kdl1String> {
    let raw = rest.strip_prefix('r');
    let hashes = raw.map_or(0, |rest| rest.len() - rest.trim_start_matches('#').len());
    let start = usize::from(raw.is_some()) + hashes + 1;
    if !rest[start - 1..].starts_with('"') {
        return None;
    }
    let body = &rest[start..];
    let length = match raw {
        Some(_) => body.find(&format!("\"{}", "#".repeat(hashes))),
        None => {
            let mut escaped = false;
            body.char_indices()
                .find(|(_, c)| {
                    let ends = *c == '"' && !escaped;
                    escaped = *c == '\\' && !escaped;
                    ends
                })
                .map(|(at, _)| at)
        }
    };
    Some(Kdl1String { raw: raw.is_some(), hashes, start, end: length.map(|at| start + at + 1 + hashes) })
}

fn block_string(out: &mut String, body: &str, string: &Kdl1String) {
    let hashes = "#".repeat(if string.raw { string.hashes.max(1) } else { 0 });
    let _ = writeln!(out, "{hashes}\"\"\"");
    for line in body.split('\n') {
        // Blanks alone would count as no text.
        match line.strip_suffix(' ').filter(|start| !string.raw && start.trim().is_empty()) {
            Some(start) => drop(writeln!(out, "{start}\\s")),
            None => drop(writeln!(out, "{line}")),
        }
    }
    let _ = write!(out, "\"\"\"{hashes}");
}
