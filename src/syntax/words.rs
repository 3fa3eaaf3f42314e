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
    /// A number that KDL writes otherwise: how.
    Number(String),
    /// A number of more than 128 bits.
    TooLarge,
    /// Nearly a number; needs quotes if it is none.
    NearlyNumber(&'static str),
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
        Trouble::Number(_) => (
            "write the number as KDL does",
            Diagnostic::new(text::BAD_NUMBER, format!("the number `{written}` is written `{fixed}`"))
                .label(span, "a digit is missing")
                .help(format!("write `{fixed}`")),
        ),
        Trouble::TooLarge => (
            "put it in quotes",
            Diagnostic::new(text::BAD_NUMBER, format!("`{}` is a number too large to be read", shortened(&written)))
                .label(span, "more than 128 bits")
                .help("put it in quotes"),
        ),
        Trouble::NearlyNumber(why) => {
            let diagnostic = Diagnostic::new(text::BAD_NUMBER, format!("`{}` is no number", shortened(&written)))
                .label(span, why)
                .help(format!("mend the number, or write `{}` if it is a text", shortened(&fixed)));
            mistakes.push(diagnostic.suggestion("put it in quotes", span, &fixed));
            return mistakes.mend(range.clone(), fixed);
        }
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
    if place == Place::Value && is_too_large(written) {
        return Some(Trouble::TooLarge);
    }
    if is_number(written) {
        return (place == Place::Name).then(|| Trouble::Quotes("a number, not a name".to_owned()));
    }
    if place == Place::Value
        && let Some(trouble) = number_trouble(written)
    {
        return Some(trouble);
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
        Trouble::Number(number) => number.clone(),
        Trouble::TooLarge | Trouble::NearlyNumber(_) | Trouble::Quotes(_) => quote(written),
    }
}

/// Whether `written` is a number of KDL that does not fit into 128 bits.
fn is_too_large(written: &str) -> bool {
    // No 128 bits are written in fewer characters.
    if written.len() < 32 || !is_number(written) {
        return false;
    }
    let plain = written.replace('_', "");
    let (sign, digits) = plain.split_at(plain.len() - plain.trim_start_matches(['+', '-']).len());
    let radixes = [("0x", 16), ("0X", 16), ("0o", 8), ("0O", 8), ("0b", 2), ("0B", 2)];
    let prefixed = radixes.iter().find_map(|(prefix, radix)| Some((digits.strip_prefix(prefix)?, *radix)));
    let (digits, radix) = prefixed.unwrap_or((digits, 10));
    // The KDL crate reads what stands before a point as an integer, too.
    let whole = if radix == 10 { digits.split(['.', 'e', 'E']).next().unwrap_or_default() } else { digits };
    i128::from_str_radix(&format!("{sign}{whole}"), radix).is_err()
}

/// What is wrong with a word that can only have been meant as a number: `.5`, `1.`, `0x`, `0xFG`, `0b12`, `0o8`.
fn number_trouble(written: &str) -> Option<Trouble> {
    let (sign, digits) = written.split_at(written.len() - written.trim_start_matches(['+', '-']).len());
    let is_decimal = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if sign.len() > 1 {
        return None;
    }
    if let Some(fraction) = digits.strip_prefix('.').filter(|fraction| is_decimal(fraction)) {
        return Some(Trouble::Number(format!("{sign}0.{fraction}")));
    }
    if let Some(whole) = digits.strip_suffix('.').filter(|whole| is_decimal(whole)) {
        return Some(Trouble::Number(format!("{sign}{whole}.0")));
    }
    let (prefix, rest) = digits.split_at_checked(2)?;
    match prefix {
        "0x" | "0o" | "0b" if rest.is_empty() => Some(Trouble::NearlyNumber("digits missing")),
        "0x" if rest.bytes().all(|byte| byte.is_ascii_alphanumeric()) => {
            Some(Trouble::NearlyNumber("hex digits: 0 to 9, a to f"))
        }
        "0o" if is_decimal(rest) => Some(Trouble::NearlyNumber("octal digits: 0 to 7")),
        "0b" if is_decimal(rest) => Some(Trouble::NearlyNumber("binary digits: 0 and 1")),
        _ => None,
    }
}
