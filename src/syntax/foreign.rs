//! Strings of other languages: `r"…"` of KDL 1, `'…'` of shells and `“…”` of letters.

use std::ops::Range;

use super::characters::is_space;
use super::kdl1::as_block;
use super::mistakes::{Mistakes, quote};
use super::token::{Kind, Token};
use super::words::shortened;
use crate::diagnostic::{Diagnostic, Edit, Fix, codes::text};

/// Joins the tokens that form one such string, tells of it and mends it.
pub(super) fn join_foreign_strings(head: &mut Vec<Token>, mistakes: &mut Mistakes<'_>) {
    let mut out = Vec::with_capacity(head.len());
    let mut at = 0;
    while let Some(&token) = head.get(at) {
        match raw_string(&head[at..], mistakes).or_else(|| quoted_otherwise(&head[at..], mistakes)) {
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
    let range = prefix.start..string.end;
    if raw.contains(['\n', '\r']) {
        let line = &source[..prefix.start][source[..prefix.start].rfind(['\n', '\r']).map_or(0, |at| at + 1)..];
        let indent = format!("{}    ", &line[..line.len() - line.trim_start_matches(is_space).len()]);
        let hashes = raw.len() - raw.trim_start_matches('#').len();
        // A block that is never closed has been told of.
        if raw.len() < 2 * hashes + 2 || !raw.ends_with(&format!("\"{}", "#".repeat(hashes))) {
            return None;
        }
        let (open, close) = (prefix.start..string.start + hashes + 1, string.end - hashes - 1..string.end);
        let (edits, safe) = as_block(source, open, close, false, &indent);
        let edits = edits.into_iter().map(|(range, text)| Edit { span: mistakes.span(&range), text }).collect();
        let diagnostic =
            Diagnostic::new(text::KDL1_RAW_STRING, "a raw string of several lines is written `#\"\"\"…\"\"\"#`")
                .label(mistakes.span(&(prefix.start..string.start + hashes + 1)), "raw string of KDL 1")
                .help("write `#\"\"\"` and `\"\"\"#` around it, each on a line of its own")
                .fix_of(Fix { title: "write it as KDL 2".to_owned(), safe, edits });
        mistakes.push_all_mended(range.clone(), diagnostic);
        return Some((2, range));
    }
    let fixed = if raw.starts_with('#') { raw.to_owned() } else { format!("#{raw}#") };
    let diagnostic = Diagnostic::new(text::KDL1_RAW_STRING, "a raw string is written `#\"…\"#`")
        .label(mistakes.span(&range), "raw string of KDL 1")
        .help(format!("write `{}`", shortened(&fixed)));
    mistakes.push_mended(range.clone(), &fixed, "write it as KDL 2", diagnostic);
    Some((2, range))
}

/// `'…'` or `“…”`: its number of tokens and its range.
fn quoted_otherwise(tokens: &[Token], mistakes: &mut Mistakes<'_>) -> Option<(usize, Range<usize>)> {
    let source: &str = mistakes.file.text();
    let first = tokens.first()?;
    let open = source[first.range()].chars().next().filter(|_| first.kind == Kind::Word)?;
    let closing: &[char] = match open {
        '\'' => &['\''],
        '“' | '”' | '„' | '‟' => &['“', '”'],
        '‘' | '’' | '‚' | '‛' => &['‘', '’'],
        '«' => &['»'],
        '»' => &['«'],
        _ => return None,
    };
    let opened = first.start + open.len_utf8();
    // A quote that closes many words later is more likely an apostrophe.
    let (last, close) = tokens.iter().take(64).enumerate().find_map(|(at, token)| {
        let written = &source[token.range()];
        let close = written.chars().next_back().filter(|c| closing.contains(c) && token.end > opened)?;
        Some((at, close))
    })?;
    let range = first.start..tokens[last].end;
    let fixed = quote(&source[opened..range.end - close.len_utf8()]);
    let diagnostic = match open {
        '\'' => Diagnostic::new(text::SINGLE_QUOTES, "single quotes do not quote in KDL"),
        _ => Diagnostic::new(text::TYPOGRAPHIC_QUOTES, format!("`{open}` and `{close}` do not quote in KDL"))
            .note("programs for writing letters put them in place of `\"`"),
    };
    let diagnostic =
        diagnostic.label(mistakes.span(&range), "read with its quotes").help(format!("write `{}`", shortened(&fixed)));
    mistakes.push_mended(range.clone(), &fixed, "use double quotes", diagnostic);
    Some((last + 1, range))
}
