//! Strings of other languages: `r"…"` of KDL 1 and `'…'` of shells.

use std::ops::Range;

use super::mistakes::{Mistakes, quote};
use super::token::{Kind, Token};
use super::words::shortened;
use crate::diagnostic::{Diagnostic, codes::text};

/// Joins the tokens that form one such string, tells of it and mends it.
pub(super) fn join_foreign_strings(head: &mut Vec<Token>, mistakes: &mut Mistakes<'_>) {
    let mut out = Vec::with_capacity(head.len());
    let mut at = 0;
    while let Some(&token) = head.get(at) {
        match raw_string(&head[at..], mistakes).or_else(|| single_quoted(&head[at..], mistakes)) {
            Some((length, range)) => {
                out.push(Token { kind: Kind::Text, end: range.end, ..token });
                at += length;
            }
            None => {
                out.push(token);
                at += 1;
            }
        }
    }
    *head = out;
}

/// `r"…"` or `r#"…"#`: its number of tokens and its range.
fn raw_string(tokens: &[Token], mistakes: &mut Mistakes<'_>) -> Option<(usize, Range<usize>)> {
    let source: &str = mistakes.file.text();
    let [prefix, string, ..] = tokens else { return None };
    if &source[prefix.range()] != "r" || prefix.kind != Kind::Word || string.kind != Kind::Text || string.gap {
        return None;
    }
    let raw = &source[string.range()];
    let fixed = if raw.starts_with('#') { raw.to_owned() } else { format!("#{raw}#") };
    let range = prefix.start..string.end;
    let diagnostic = Diagnostic::new(text::KDL1_RAW_STRING, "a raw string is written `#\"…\"#`")
        .label(mistakes.span(&range), "raw string of KDL 1")
        .help(format!("write `{}`", shortened(&fixed)));
    mistakes.push_mended(range.clone(), &fixed, "write it as KDL 2", diagnostic);
    Some((2, range))
}

/// `'…'`: its number of tokens and its range.
fn single_quoted(tokens: &[Token], mistakes: &mut Mistakes<'_>) -> Option<(usize, Range<usize>)> {
    let source: &str = mistakes.file.text();
    let first = tokens.first()?;
    if first.kind != Kind::Word || !source[first.range()].starts_with('\'') {
        return None;
    }
    // A quote that closes many words later is more likely an apostrophe.
    let last = tokens.iter().take(64).position(|token| {
        let written = &source[token.range()];
        written.ends_with('\'') && token.range() != (first.start..first.start + 1)
    })?;
    let range = first.start..tokens[last].end;
    let fixed = quote(&source[range.start + 1..range.end - 1]);
    let diagnostic = Diagnostic::new(text::SINGLE_QUOTES, "single quotes do not quote in KDL")
        .label(mistakes.span(&range), "read with its quotes")
        .help(format!("write `{}`", shortened(&fixed)));
    mistakes.push_mended(range.clone(), &fixed, "use double quotes", diagnostic);
    Some((last + 1, range))
}
