use std::io::Write;
use std::process::{Command, Stdio};

use serde::Deserialize;

use crate::analysis::Analysis;
use crate::ast;
use crate::diagnostic::codes::command::SHELLCHECK_UNAVAILABLE;
use crate::diagnostic::codes::shell::SHELLCHECK;
use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::lint::{self, EmbeddedScript};
use crate::source::Files;

/// What `shellcheck --format json1` answers.
#[derive(Deserialize)]
struct Answer {
    comments: Vec<Comment>,
}

/// One of its findings; lines and columns count from 1, in characters.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Comment {
    line: usize,
    end_line: usize,
    column: usize,
    end_column: usize,
    level: String,
    code: u32,
    message: String,
}

/// What shellcheck says of the scripts of a pipeline: one process a script, which reads its standard input.
///
/// # Errors
///
/// Where it cannot be run, or answers something else.
pub fn shellcheck(analysis: &Analysis) -> Result<Diagnostics, Box<Diagnostic>> {
    let mut found = Diagnostics::new();
    for script in lint::scripts(&analysis.spec) {
        for comment in ask(&script)?.comments {
            found.push(told(&script, &comment, &analysis.files));
        }
    }
    Ok(found)
}

fn ask(script: &EmbeddedScript<'_>) -> Result<Answer, Box<Diagnostic>> {
    let unavailable = |note: String| {
        Box::new(
            Diagnostic::new(SHELLCHECK_UNAVAILABLE, "the scripts were not looked at by shellcheck")
                .note(note)
                .help("install shellcheck, or leave `--shellcheck` out"),
        )
    };
    let dialect = if script.is_bash { "--shell=bash" } else { "--shell=sh" };
    let mut child = Command::new("shellcheck")
        .args(["--format=json1", dialect, "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| unavailable(format!("`shellcheck` cannot be started: {error}")))?;
    let text = without_holes(&script.text.value);
    let mut input = child.stdin.take().expect("it was asked for");
    // It reads all of its input before it writes, so that neither waits for the other; one that ends early answers nothing.
    let sent = input.write_all(text.as_bytes());
    drop(input);
    let output = child.wait_with_output().map_err(|error| unavailable(error.to_string()))?;
    serde_json::from_slice(&output.stdout).map_err(|error| {
        let words = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        let because = sent.err().map_or_else(|| error.to_string(), |error| error.to_string());
        unavailable(if words.is_empty() { format!("its answer is no JSON: {because}") } else { words })
    })
}

/// The text with a word of the same length in place of each `{{hole}}`: to shellcheck a hole is a word like any other.
fn without_holes(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("{{") {
        let Some(length) = rest[start..].find("}}") else { break };
        out.push_str(&rest[..start]);
        out.extend(std::iter::repeat_n('x', rest[start..start + length + 2].chars().count()));
        rest = &rest[start + length + 2..];
    }
    out + rest
}

fn told(script: &EmbeddedScript<'_>, comment: &Comment, files: &Files) -> Diagnostic {
    let value = &script.text.value;
    let start = offset(value, comment.line, comment.column);
    let end = offset(value, comment.end_line, comment.end_column).max(start);
    let place = ast::inside(files, script.text.span, value, start..end);
    let severity =
        if comment.level == "error" || comment.level == "warning" { Severity::Warning } else { Severity::Advice };
    let diagnostic =
        Diagnostic::new(SHELLCHECK, format!("SC{}: {}", comment.code, comment.message.trim_end_matches('.')))
            .label(place, "said by shellcheck")
            .help(format!("see https://www.shellcheck.net/wiki/SC{}", comment.code));
    Diagnostic { severity, ..diagnostic }
}

/// The offset of a line and column, both from 1; the end where there is no such place.
fn offset(text: &str, line: usize, column: usize) -> usize {
    let mut start = 0;
    for _ in 1..line {
        match text[start..].find('\n') {
            Some(length) => start += length + 1,
            None => return text.len(),
        }
    }
    let rest = &text[start..];
    start + rest.char_indices().nth(column.saturating_sub(1)).map_or(rest.len(), |(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hole_is_a_word_of_its_length() {
        assert_eq!(without_holes("a {{b}} é{{ü}}"), "a xxxxx éxxxxx");
        assert_eq!(without_holes("a {{b"), "a {{b");
    }

    #[test]
    fn places_are_found_in_characters() {
        let text = "é a\nbü c";
        assert_eq!(&text[offset(text, 1, 3)..], "a\nbü c");
        assert_eq!(&text[offset(text, 2, 4)..], "c");
        assert_eq!(offset(text, 9, 1), text.len());
        assert_eq!(offset(text, 2, 99), text.len());
    }
}
