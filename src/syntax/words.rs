//! Bare words that KDL does not take bare, each with its proper form.

use std::ops::Range;

use super::characters::{is_forbidden_in_word, is_keyword, is_number, looks_like_number};
use super::mistakes::{Mistakes, quote};
use super::plain::is_plain_word;
use crate::diagnostic::{Diagnostic, codes::text};

/// Where a word stands, which decides what it may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// The name of a node or property, or a type: a string only.
    Name,
    /// A value: a string, number or keyword.
    Value,
}

/// What is wrong with a bare word.
enum Trouble {
    /// `true` and its like.
    Keyword,
    /// `#True`: the keyword as it is written.
    Misspelt(String),
    /// Needs quotes, and why.
    Quotes(String),
}

/// Tells what is wrong with the bare word at `range`, and mends it.
pub(super) fn look_at_word(range: &Range<usize>, place: Place, mistakes: &mut Mistakes<'_>) {
    let written = mistakes.mended(range.clone());
    if is_plain_word(&written) {
        return;
    }
    let written = written.into_owned();
    let Some(trouble) = trouble(&written, place) else { return };
    let fixed = mended(&written, &trouble);
    if written != mistakes.file.text()[range.clone()] {
        // What is wrong with it has been told: it held a character that may stand nowhere.
        return mistakes.mend(range.clone(), fixed);
    }
    let span = mistakes.span(range);
    let (title, diagnostic) = match trouble {
        Trouble::Keyword => (
            "write the keyword with `#`",
            Diagnostic::new(text::BARE_KEYWORD, format!("`{written}` is written `{fixed}`"))
                .label(span, "keyword without `#`")
                .help(format!("write `{fixed}`, or `\"{written}\"` for the text")),
        ),
        Trouble::Misspelt(_) => (
            "write the keyword in lower case",
            Diagnostic::new(text::BARE_KEYWORD, format!("`{written}` is written `{fixed}`"))
                .label(span, "keywords are lower case")
                .help(format!("write `{fixed}`")),
        ),
        Trouble::Quotes(why) => (
            "put it in quotes",
            Diagnostic::new(text::UNQUOTED_VALUE, format!("`{}` needs quotes", shortened(&written)))
                .label(span, why)
                .help(format!("write `{}`", shortened(&fixed))),
        ),
    };
    mistakes.push_mended(range.clone(), &fixed, title, diagnostic);
}

/// A bare word as it should be written where a value stands.
pub(super) fn as_value(written: &str) -> String {
    trouble(written, Place::Value).map_or_else(|| written.to_owned(), |trouble| mended(written, &trouble))
}

/// The beginning of a text that may be too long for a message.
pub(super) fn shortened(text: &str) -> String {
    let mut chars = text.chars();
    let start: String = chars.by_ref().take(60).collect();
    if chars.next().is_some() { start + "…" } else { start }
}

fn trouble(written: &str, place: Place) -> Option<Trouble> {
    let bare = written.strip_prefix('#');
    let lower = bare.unwrap_or(written).to_lowercase();
    match (bare, place) {
        (None, Place::Value) if is_keyword(written) => return Some(Trouble::Keyword),
        (Some(bare), Place::Value) if is_keyword(bare) => return None,
        (Some(_), Place::Value) if is_keyword(&lower) => return Some(Trouble::Misspelt(lower)),
        (_, Place::Name) if is_keyword(&lower) && (bare.is_some() || lower == written) => {
            return Some(Trouble::Quotes("a keyword, not a name".to_owned()));
        }
        _ => {}
    }
    if is_number(written) {
        return (place == Place::Name).then(|| Trouble::Quotes("a number, not a name".to_owned()));
    }
    if looks_like_number(written) {
        return Some(Trouble::Quotes("starts like a number".to_owned()));
    }
    if written.contains("{{") {
        return Some(Trouble::Quotes("holds `{{`".to_owned()));
    }
    let forbidden = written.chars().find(|c| is_forbidden_in_word(*c));
    forbidden.map(|c| Trouble::Quotes(format!("holds `{c}`")))
}

fn mended(written: &str, trouble: &Trouble) -> String {
    match trouble {
        Trouble::Keyword => format!("#{written}"),
        Trouble::Misspelt(keyword) => format!("#{keyword}"),
        Trouble::Quotes(_) => quote(written),
    }
}
