use std::ops::Range;

use super::block::{Line, lines};
use super::characters::{is_space, newline};
use super::string::{escape_length, escaped};
use crate::source::{SourceFile, Span};

/// Where the bytes of a string's value stand in the file, whatever the form of the string: bare, in quotes with escapes, raw,
/// of several lines without their indentation.
///
/// Made once a string in one pass, and asked as often as it takes. What cannot be followed, since the text was mended before
/// it was read, is the whole string.
#[derive(Debug, Clone)]
pub struct Places {
    string: Span,
    runs: Vec<Run>,
    /// Length of the value in bytes; `None` where the spelling does not spell the value.
    length: Option<usize>,
}

/// Bytes of the value that stand together in the spelling: copied, or one character that is spelled by another length.
#[derive(Debug, Clone)]
struct Run {
    value: Range<usize>,
    spelling: Range<usize>,
}

impl Places {
    /// The places of `value`, the value of the string that stands at `string`, quotes included.
    pub fn of(file: &SourceFile, string: Span, value: &str) -> Self {
        let mut spelled = Spelled { spelling: file.slice(string), value, at: 0, runs: Vec::new() };
        let length = spelled.string().map(|()| value.len());
        Places { string, runs: spelled.runs, length }
    }

    /// The place of the bytes `at` of the value. An empty range is the place between two characters.
    pub fn span(&self, at: Range<usize>) -> Span {
        if self.length.is_none_or(|length| at.start > at.end || at.end > length) {
            return self.string;
        }
        let Some(last) = self.runs.last() else { return self.string };
        let start = match self.run(at.start) {
            Some(run) => run.place(at.start),
            None => last.spelling.end,
        };
        let end = match at.is_empty() {
            true => start,
            // Up to the last character of the range, and all that spells it.
            false => self.run(at.end - 1).map_or(start, |run| match at.end == run.value.end {
                true => run.spelling.end,
                false => run.place(at.end),
            }),
        };
        let offset = self.string.start as usize;
        Span::new(self.string.file, offset + start, offset + end)
    }

    fn run(&self, at: usize) -> Option<&Run> {
        let index = self.runs.partition_point(|run| run.value.end <= at);
        self.runs.get(index)
    }
}

/// The place of the bytes `at` of `value`, the value of the string that stands at `string`; see [`Places`].
pub fn inside(file: &SourceFile, string: Span, value: &str, at: Range<usize>) -> Span {
    Places::of(file, string, value).span(at)
}

impl Run {
    fn place(&self, at: usize) -> usize {
        match self.value.len() == self.spelling.len() {
            true => self.spelling.start + (at - self.value.start),
            false => self.spelling.start,
        }
    }
}

/// A spelling being read beside the value that it spells; each step is `None` where the two part.
struct Spelled<'a> {
    spelling: &'a str,
    value: &'a str,
    /// How much of the value has been found.
    at: usize,
    runs: Vec<Run>,
}

impl Spelled<'_> {
    fn string(&mut self) -> Option<()> {
        let spelling = self.spelling;
        if spelling == self.value {
            return self.copy(0..spelling.len());
        }
        let hashes = spelling.len() - spelling.trim_start_matches('#').len();
        let quotes = spelling[hashes..].bytes().take_while(|byte| *byte == b'"').count();
        let body = |quotes: &str, start: usize| {
            let end = spelling.strip_suffix(&spelling[..hashes])?.strip_suffix(quotes)?.len();
            (start <= end).then_some(start..end)
        };
        let read = match quotes {
            3.. if newline(&spelling[hashes + 3..]) > 0 => {
                let start = hashes + 3 + newline(&spelling[hashes + 3..]);
                body("\"\"\"", start).and_then(|body| self.block(body, hashes == 0))
            }
            1.. => body("\"", hashes + 1).and_then(|body| self.line(body, hashes == 0)),
            0 => None,
        };
        match read.filter(|()| self.at == self.value.len()) {
            Some(()) => Some(()),
            None => self.foreign(),
        }
    }

    /// A string of another language, or without its closing quotes, that was read as the text between its marks.
    fn foreign(&mut self) -> Option<()> {
        self.runs.clear();
        self.at = 0;
        let is_mark = |c: char| matches!(c, '#' | '"' | '\'');
        let text = self.spelling.strip_prefix('r').unwrap_or(self.spelling).trim_start_matches(is_mark);
        let start = self.spelling.len() - text.len();
        let rest = text.strip_prefix(self.value)?;
        (start > 0 && rest.chars().all(is_mark)).then(|| self.copy(start..start + self.value.len()))?
    }

    /// Takes in characters that spell themselves.
    fn copy(&mut self, spelling: Range<usize>) -> Option<()> {
        // An unclosed string ends where its closing quotes would stand: that may be in the middle of a character.
        self.value[self.at..].starts_with(self.spelling.get(spelling.clone())?).then_some(())?;
        self.take(spelling.len(), spelling)
    }

    /// Takes in one character that is spelled otherwise.
    fn one(&mut self, c: char, spelling: Range<usize>) -> Option<()> {
        self.value[self.at..].starts_with(c).then_some(())?;
        self.take(c.len_utf8(), spelling)
    }

    fn take(&mut self, length: usize, spelling: Range<usize>) -> Option<()> {
        let value = self.at..self.at + length;
        self.at = value.end;
        if length > 0 || self.runs.is_empty() {
            self.runs.push(Run { value, spelling });
        }
        Some(())
    }

    /// What stands between the quotes of a line.
    fn line(&mut self, body: Range<usize>, escapes: bool) -> Option<()> {
        let mut at = body.start;
        while let Some(found) = self.spelling.get(at..body.end)?.find('\\').filter(|_| escapes) {
            self.copy(at..at + found)?;
            at += found;
            let length = escape_length(&self.spelling[at..body.end]);
            if let Some(c) = escaped(&self.spelling[at..at + length])? {
                self.one(c, at..at + length)?;
            }
            at += length;
        }
        self.copy(at..body.end)
    }

    /// What stands between the quotes of a block: its lines without the blanks before the closing quotes. Escaped blanks and
    /// newlines go before the lines are looked at, other escapes after.
    fn block(&mut self, body: Range<usize>, escapes: bool) -> Option<()> {
        let start = body.start;
        let mut lines = lines(self.spelling, body, escapes);
        let last = lines.pop()?;
        let prefix: String = last.parts.iter().map(|part| &self.spelling[part.clone()]).collect();
        prefix.chars().all(is_space).then_some(())?;
        let count = lines.len();
        for (index, line) in lines.into_iter().enumerate() {
            self.line_of_block(&line, &prefix, escapes)?;
            if index + 1 < count {
                self.one('\n', line.newline)?;
            }
        }
        // An empty value has its place at the beginning of the first line.
        if self.runs.is_empty() { self.copy(start..start) } else { Some(()) }
    }

    fn line_of_block(&mut self, line: &Line, prefix: &str, escapes: bool) -> Option<()> {
        if line.parts.iter().all(|part| self.spelling[part.clone()].chars().all(is_space)) {
            return Some(());
        }
        let mut prefix = prefix;
        for part in &line.parts {
            let text = &self.spelling[part.clone()];
            let cut = text.len().min(prefix.len());
            text.starts_with(prefix.get(..cut)?).then_some(())?;
            prefix = &prefix[cut..];
            self.line(part.start + cut..part.end, escapes)?;
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::source::Files;
    use crate::syntax::{Value, parse};

    /// The places of the value of `string`, read as the one argument of a node indented by two.
    fn places(string: &str) -> (Files, String, Places) {
        let files = Files::single("p.kdl", &format!("  node {string} // end"));
        let (document, _) = parse(files.root());
        let argument = document.nodes[0].entries[0].value.clone();
        let Value::String(value) = argument.value else { panic!("{string} is no string") };
        let places = Places::of(files.root(), argument.span, &value);
        (files, value, places)
    }

    /// What stands in the text where the value of `string` has `needle`.
    fn found(string: &str, needle: &str) -> String {
        let (files, value, places) = places(string);
        let at = value.find(needle).unwrap_or_else(|| panic!("{value:?} has no {needle:?}"));
        files.slice(places.span(at..at + needle.len())).to_owned()
    }

    #[test]
    fn an_unclosed_string_may_end_in_any_character() {
        let file = SourceFile::new(crate::source::FileId(0), "x", "\"vi apé");
        let span = file.span(0, file.text().len());
        assert_eq!(file.slice(inside(&file, span, "vi apé", 3..5)), "ap");
    }

    #[test]
    fn every_form_of_string_is_followed() {
        assert_eq!(found("abc", "b"), "b");
        assert_eq!(found("{{a}}:{{b}}", "{{b}}"), "{{b}}");
        assert_eq!(found("\"a{{b}}\"", "{{b}}"), "{{b}}");
        assert_eq!(found("#\"a\"b\"#", "b"), "b");
        assert_eq!(found("##\"a\"#\"##", "\"#"), "\"#");
        assert_eq!(found(r#""\ta\u{e9}\"{{b}}c""#, "{{b}}"), "{{b}}");
        assert_eq!(found(r#""\ta\u{e9}x{{b}}c""#, "é"), r"\u{e9}");
        assert_eq!(found("\"a \\  \n   b c\"", "a b"), "a \\  \n   b");
        assert_eq!(found("\"\"\"\n    one {{x}}\n      two {{y}}\n    \"\"\"", "{{y}}"), "{{y}}");
        assert_eq!(found("\"\"\"\r\n  a\r\n\r\n  b\r\n  \"\"\"", "a\n\nb"), "a\r\n\r\n  b");
        assert_eq!(found("\"\"\"\n  a \\\n     b\n  c\n  \"\"\"", "b\nc"), "b\n  c");
        assert_eq!(found("#\"\"\"\n  \\d\n  \"\"\"#", "d"), "d");
    }

    #[test]
    fn a_place_between_characters_is_found() {
        let empty = |string: &str, at: usize| {
            let (_, _, places) = places(string);
            let span = places.span(at..at);
            assert!(span.is_empty());
            span.start - "  node ".len() as u32
        };
        assert_eq!(empty("\"\"", 0), 1);
        assert_eq!(empty("\"a\"", 1), 2);
        assert_eq!(empty("\"\\tb\"", 1), 3);
        assert_eq!(empty("\"\"\"\n  \"\"\"", 0), 4);
        assert_eq!(empty("\"\"\"\n  a\n  \"\"\"", 1), 7);
    }

    #[test]
    fn what_was_mended_is_followed_where_it_spells_itself() {
        assert_eq!(found("'a b'", "b"), "b");
        assert_eq!(found(r#"r"\d+""#, "+"), "+");
        assert_eq!(found("\"\"\"a b\"\"\"", "b"), "b");
        assert_eq!(found("\"a ”", "”"), "”");
        assert_eq!(found(r#""\d+""#, "+"), "+");
        assert_eq!(found(r#""\d\t+""#, "+"), r#""\d\t+""#);
        let (_, value, places) = places("\"ab\"");
        assert_eq!(places.span(1..value.len() + 1), places.string);
    }

    /// A character of a value, and how it may be spelled in quotes.
    fn character(escapes: bool) -> impl Strategy<Value = (char, String)> {
        let c = prop::sample::select(vec!['a', 'b', ' ', '{', '}', 'é', '😀', '/', '.', '\t', '\'']);
        let escaped = prop::sample::select(vec![
            ('\n', "\\n"),
            ('\t', "\\t"),
            (' ', "\\s"),
            ('"', "\\\""),
            ('\\', "\\\\"),
            ('é', "\\u{E9}"),
            ('😀', "\\u{1F600}"),
            ('\u{8}', "\\b"),
        ]);
        prop_oneof![
            4 => c.prop_map(|c| (c, c.to_string())),
            u32::from(escapes) => escaped.prop_map(|(c, spelling)| (c, spelling.to_owned())),
        ]
    }

    /// A line of a value, each character with its spelling and, where escapes are allowed, blanks that are escaped away.
    fn line(escapes: bool) -> impl Strategy<Value = Vec<(char, String)>> {
        let blanks = prop::sample::select(vec!["", "", "", "", "", "\\ ", "\\\n   ", "\\\r\n"]);
        let blanks = blanks.prop_map(move |blanks| if escapes { blanks } else { "" });
        // An escaped blank takes all blanks after it.
        let spelled =
            (character(escapes), blanks).prop_map(|((c, spelling), blanks)| match spelling.trim().is_empty() {
                true => (c, spelling),
                false => (c, format!("{blanks}{spelling}")),
            });
        prop::collection::vec(spelled, 0..8)
    }

    /// A string of any form: the spelling and each character of the value with the range that spells it.
    fn string() -> impl Strategy<Value = (String, Vec<(char, Range<usize>)>)> {
        let one = any::<bool>().prop_flat_map(|escapes| {
            line(escapes).prop_map(move |line| {
                let mut out = (if escapes { "\"" } else { "##\"" }.to_owned(), Vec::new());
                spell(&mut out, &line);
                out.0 += if escapes { "\"" } else { "\"##" };
                out
            })
        });
        let several = (
            any::<bool>(),
            prop::sample::select(vec!["", "  ", "\t"]),
            prop::sample::select(vec!["\n", "\r\n", "\u{2028}"]),
        )
            .prop_flat_map(|(escapes, indent, newline)| {
                prop::collection::vec(line(escapes), 1..5).prop_map(move |lines| {
                    let mut out = (if escapes { "\"\"\"" } else { "#\"\"\"" }.to_owned() + newline, Vec::new());
                    let count = lines.len();
                    for (index, line) in lines.into_iter().enumerate() {
                        // A line of blanks alone is empty.
                        if !line.iter().all(|(_, spelling)| spelling.trim().is_empty()) {
                            out.0 += indent;
                            spell(&mut out, &line);
                        }
                        if index + 1 < count {
                            out.1.push(('\n', out.0.len()..out.0.len() + newline.len()));
                        }
                        out.0 += newline;
                    }
                    out.0 = format!("{}{indent}\"\"\"{}", out.0, if escapes { "" } else { "#" });
                    out
                })
            });
        prop_oneof![one, several]
    }

    fn spell(out: &mut (String, Vec<(char, Range<usize>)>), line: &[(char, String)]) {
        for (c, spelling) in line {
            let end = out.0.len() + spelling.len();
            let own = spelling.trim_start_matches(['\r', '\n']).len().min(spelling.len());
            let start = match spelling.strip_prefix('\\').filter(|rest| rest.starts_with([' ', '\r', '\n'])) {
                Some(rest) => end - rest.trim_start().len(),
                None => end - own,
            };
            out.0 += spelling;
            out.1.push((*c, start..end));
        }
    }

    proptest! {
        #[test]
        fn each_character_is_found_where_it_is_spelled((spelling, characters) in string()) {
            let (_, value, places) = places(&spelling);
            let expected: String = characters.iter().map(|(c, _)| *c).collect();
            prop_assert_eq!(&value, &expected, "{}", spelling);
            let offset = "  node ".len();
            let mut at = 0;
            for (c, range) in characters {
                let span = places.span(at..at + c.len_utf8()).range();
                prop_assert_eq!(span, range.start + offset..range.end + offset, "{:?} of {}", c, spelling);
                at += c.len_utf8();
            }
        }
    }
}
