//! The languages that strings hold: JSON, JSONPath and regular expressions, each mistake told at its character.

use std::ops::Range;

use super::resolver::Resolver;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::codes::acceptance::{BAD_JSON, BAD_JSON_PATH, BAD_REGEX, BAD_XPATH};
use crate::model::interpolation::{RawPiece, split};
use crate::source::Spanned;
use crate::xpath::Expression;

impl Resolver<'_> {
    /// Tells of what is no JSON. A hole stands for a number or for a part of a string, whichever fits there.
    pub fn must_be_json(&mut self, json: &Spanned<String>) {
        let Some(filled) = Filled::new(&json.value, "1") else { return };
        let Err(error) = serde_json::from_str::<serde::de::IgnoredAny>(&filled.text) else { return };
        let lines = filled.text.split_inclusive('\n').take(error.line().saturating_sub(1));
        let at = match error.is_eof() {
            true => filled.text.len(),
            // Column 0 is the end of the line before.
            false => (lines.map(str::len).sum::<usize>() + error.column()).saturating_sub(1),
        };
        let message = error.to_string();
        let message = message.split(" at line ").next().unwrap_or(&message).to_owned();
        let span = self.inside(json, filled.character(at));
        self.report(
            Diagnostic::new(BAD_JSON, "this is no JSON")
                .label(span, shortened(&message))
                .help("write it as JSON: `#\"{\"title\": \"Wash the car\"}\"#`"),
        );
    }

    /// Tells of what is no JSONPath. A hole stands for an index or for a name, whichever fits there.
    pub fn must_be_json_path(&mut self, path: &Spanned<String>) {
        let mut told = None;
        for filler in ["0", "a"] {
            let Some(filled) = Filled::new(&path.value, filler) else { return };
            let Err(error) = serde_json_path::JsonPath::parse(&filled.text) else { return };
            let place = filled.character(error.position());
            told = told.into_iter().chain([place]).max_by_key(|place: &Range<usize>| place.start);
        }
        let Some(place) = told else { return };
        let span = self.inside(path, place);
        let rooted = rooted(&path.value);
        let diagnostic = Diagnostic::new(BAD_JSON_PATH, format!("`{}` is no JSONPath", path.value))
            .label(span, "not a path from here")
            .note("RFC 9535 describes the paths");
        self.report(match serde_json_path::JsonPath::parse(&rooted) {
            Ok(_) if !path.value.starts_with('$') => {
                let quoted = format!("\"{rooted}\"");
                let diagnostic = diagnostic.help(format!("write a path from the root: `{quoted}`"));
                let is_plain = !rooted.contains(['"', '\\', '\n']);
                if is_plain { diagnostic.fix("begin at the root", path.span, quoted) } else { diagnostic }
            }
            _ => diagnostic.help("write a path from the root: `\"$.items[0].title\"`"),
        });
    }

    /// Tells of what is no XPath. A hole stands for a number or for a name, whichever fits there.
    pub fn must_be_xpath(&mut self, path: &Spanned<String>) {
        let mut told: Option<(Range<usize>, String)> = None;
        for filler in ["0", "a"] {
            let Some(filled) = Filled::new(&path.value, filler) else { return };
            let Err(error) = Expression::parse(&filled.text) else { return };
            let place = filled.character(error.at);
            if told.as_ref().is_none_or(|(known, _)| known.start < place.start) {
                told = Some((place, error.message));
            }
        }
        let Some((place, why)) = told else { return };
        let span = self.inside(path, place);
        self.report(
            Diagnostic::new(BAD_XPATH, format!("`{}` is no XPath", path.value))
                .label(span, why)
                .help("write a path such as `\"//item[1]/title\"`, or an expression such as `\"count(//item)\"`"),
        );
    }

    /// Tells of what is no regular expression. One with holes is not judged: what they hold may well complete it.
    pub fn must_be_regex(&mut self, regex: &Spanned<String>) {
        let Some(filled) = Filled::new(&regex.value, "").filter(|filled| !filled.has_holes) else { return };
        let Err(error) = regex::RegexBuilder::new(&filled.text).size_limit(1 << 20).build() else { return };
        let (help, reason);
        let at = match regex_syntax::Parser::new().parse(&filled.text) {
            Err(regex_syntax::Error::Parse(error)) => {
                let (start, end) = (error.span().start.offset, error.span().end.offset);
                let at = if start < end { filled.place(start..end) } else { filled.character(start) };
                (help, reason) = mended(error.kind());
                Some(at)
            }
            Err(regex_syntax::Error::Translate(error)) => {
                let (start, end) = (error.span().start.offset, error.span().end.offset);
                (help, reason) = (ESCAPES, error.kind().to_string());
                Some(filled.place(start..end))
            }
            // It is well formed, and too large.
            _ => {
                let message = error.to_string();
                let last = message.lines().last().unwrap_or_default();
                (help, reason) = (ESCAPES, last.strip_prefix("error: ").unwrap_or(last).to_owned());
                None
            }
        };
        let span = at.map_or(regex.span, |at| self.inside(regex, at));
        self.report(
            Diagnostic::new(BAD_REGEX, "this is no regular expression")
                .label(span, shortened(&reason))
                .help(help)
                .note("the syntax is that of Rust's regex crate: no look-around and no back-references"),
        );
    }
}

const ESCAPES: &str =
    "write `\\` before a character that stands for itself: `\"\\\\(1\\\\)\"`, or raw: `#\"\\(1\\)\"#`";

/// What to write for an expression that is wrong in that way, and the way in words.
fn mended(kind: &regex_syntax::ast::ErrorKind) -> (&'static str, String) {
    use regex_syntax::ast::ErrorKind as Kind;
    let help = match kind {
        Kind::UnsupportedLookAround => "say what must not match in a predicate of its own: `not-matches=\"…\"`",
        Kind::UnsupportedBackreference => "write what the group matches once more",
        Kind::GroupUnclosed => "close it with `)`, or write `\\(` in a raw string for one that stands for itself",
        Kind::GroupUnopened => "open it with `(`, or write `\\)` in a raw string for one that stands for itself",
        Kind::ClassUnclosed => "close it with `]`, or write `\\[` in a raw string for one that stands for itself",
        Kind::RepetitionMissing => {
            "write before it what is repeated, or `\\` in a raw string where it stands for itself"
        }
        _ => ESCAPES,
    };
    let reason = match kind {
        Kind::UnsupportedLookAround => "look-around is not supported".to_owned(),
        Kind::UnsupportedBackreference => "back-references are not supported".to_owned(),
        kind => kind.to_string(),
    };
    (help, reason)
}

/// The path that begins at the root, of one that does not.
fn rooted(path: &str) -> String {
    if path.starts_with('[') { format!("${path}") } else { format!("$.{}", path.trim_start_matches('.')) }
}

/// A string with something in place of each hole, and the way back to the bytes that were written.
struct Filled {
    text: String,
    has_holes: bool,
    /// Where each stretch begins, in the text and in the value, in order.
    stretches: Vec<Stretch>,
    /// Length of the value.
    length: usize,
}

struct Stretch {
    text: usize,
    value: usize,
    is_hole: bool,
}

impl Filled {
    /// `None` where a hole is none: that has been told.
    fn new(value: &str, filler: &str) -> Option<Self> {
        let (pieces, errors) = split(value);
        if !errors.is_empty() {
            return None;
        }
        let mut filled = Filled { text: String::new(), has_holes: false, stretches: Vec::new(), length: value.len() };
        let mut written = 0;
        for piece in pieces {
            let RawPiece::Hole { at, .. } = piece else { continue };
            filled.literal(value, written..at.start);
            filled.stretches.push(Stretch { text: filled.text.len(), value: at.start, is_hole: true });
            filled.text.push_str(filler);
            filled.has_holes = true;
            written = at.end;
        }
        filled.literal(value, written..value.len());
        Some(filled)
    }

    /// Text that stands for itself, but for `{{{{`, which stands for `{{`.
    fn literal(&mut self, value: &str, at: Range<usize>) {
        let mut start = at.start;
        for part in value[at].split_inclusive("{{{{") {
            self.stretches.push(Stretch { text: self.text.len(), value: start, is_hole: false });
            self.text.push_str(part.strip_suffix("{{").filter(|part| part.ends_with("{{")).unwrap_or(part));
            start += part.len();
        }
    }

    /// The bytes of the value that the character at `at` of the text stands for; none at the end.
    fn character(&self, at: usize) -> Range<usize> {
        let at = at.min(self.text.len());
        let start = (0..=at).rev().find(|at| self.text.is_char_boundary(*at)).unwrap_or(0);
        let end = self.text[start..].chars().next().map_or(start, |c| start + c.len_utf8());
        self.place(start..end)
    }

    /// The bytes of the value that those of the text stand for; a hole is whole or not at all.
    fn place(&self, at: Range<usize>) -> Range<usize> {
        let start = match self.stretch(at.start) {
            Some((_, stretch)) if stretch.is_hole => stretch.value,
            Some((_, stretch)) => stretch.value + (at.start - stretch.text),
            None => 0,
        };
        let last = at.end.checked_sub(1).filter(|last| *last >= at.start);
        let end = match last.and_then(|last| self.stretch(last)) {
            Some((index, stretch)) if stretch.is_hole => {
                self.stretches.get(index + 1).map_or(self.length, |next| next.value)
            }
            Some((_, stretch)) => stretch.value + (at.end - stretch.text),
            None => start,
        };
        let start = start.min(self.length);
        start..end.clamp(start, self.length)
    }

    /// The stretch that a byte of the text lies in, with its index.
    fn stretch(&self, at: usize) -> Option<(usize, &Stretch)> {
        let index = self.stretches.partition_point(|stretch| stretch.text <= at).checked_sub(1)?;
        Some((index, &self.stretches[index]))
    }
}

/// A label is short: the words of another crate, cut where they go on for long.
fn shortened(message: &str) -> String {
    let first = message.split(['\n', ';']).next().unwrap_or_default().trim();
    first.chars().take(60).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_of_the_filled_text_leads_back_to_what_was_written() {
        let value = r#"{"a{{{{": {{x}}, "b": {{y}}é]"#;
        let filled = Filled::new(value, "1").expect("its holes are well formed");
        assert_eq!(filled.text, r#"{"a{{": 1, "b": 1é]"#);
        let under = |needle: &str| {
            let at = filled.text.find(needle).expect("it is in the text");
            &value[filled.place(at..at + needle.len())]
        };
        assert_eq!(under("a"), "a");
        assert_eq!(under("1,"), "{{x}},");
        assert_eq!(under("1é"), "{{y}}é");
        assert_eq!(under("]"), "]");
        assert_eq!(filled.character(filled.text.len()), value.len()..value.len());
    }

    proptest::proptest! {
        #[test]
        fn every_place_lies_in_the_value(value in "[{}xé \"]{0,20}", start in 0_usize..25, length in 0_usize..25) {
            if let Some(filled) = Filled::new(&value, "0") {
                for place in [filled.place(start..start + length), filled.character(start)] {
                    proptest::prop_assert!(place.start <= place.end && place.end <= value.len());
                }
            }
        }
    }
}
