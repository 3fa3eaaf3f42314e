use std::ops::Range;

use super::characters::{describe, is_direction, is_disallowed, is_keyword, is_space, newline};
use super::confusable::look_for_confusables;
use super::limits;
use super::mistakes::{Mistakes, quote};
use super::token::{Kind, Token};
use crate::diagnostic::{Diagnostic, Edit, Fix, codes::text};

/// Turns text into tokens in one pass that never goes back; its cost is linear in the text, whatever the text is.
pub(super) struct Scanner<'m, 'a> {
    pub(super) text: &'a str,
    pub(super) at: usize,
    pub(super) mistakes: &'m mut Mistakes<'a>,
    tokens: Vec<Token>,
    comments: Vec<Range<usize>>,
    gap: bool,
    in_type: bool,
    /// Whether a block string without end was met; where a second one ends is not guessed, since each guess reads to the end.
    pub(super) lost_block: bool,
    /// As `lost_block`, for a string in plain quotes.
    pub(super) lost_string: bool,
}

/// What a text consists of.
pub(super) struct Scanned {
    /// Its tokens, in order.
    pub(super) tokens: Vec<Token>,
    /// Its comments of one line each.
    pub(super) comments: Vec<Range<usize>>,
}

/// The tokens of the whole text, in order.
pub(super) fn scan(mistakes: &mut Mistakes<'_>) -> Vec<Token> {
    scan_all(mistakes).tokens
}

/// Scans the whole text.
pub(super) fn scan_all(mistakes: &mut Mistakes<'_>) -> Scanned {
    let text: &str = mistakes.file.text();
    let at = if text.starts_with('\u{FEFF}') { '\u{FEFF}'.len_utf8() } else { 0 };
    let mut scanner = Scanner {
        text,
        at,
        mistakes,
        tokens: Vec::new(),
        comments: Vec::new(),
        gap: false,
        in_type: false,
        lost_block: false,
        lost_string: false,
    };
    while scanner.at < text.len() {
        scanner.step();
    }
    Scanned { tokens: scanner.tokens, comments: scanner.comments }
}

impl<'m, 'a> Scanner<'m, 'a> {
    fn step(&mut self) {
        let rest = self.rest();
        let line_end = newline(rest);
        if line_end > 0 {
            self.in_type = false;
            return self.take(Kind::Newline, line_end);
        }
        match rest.as_bytes() {
            [b' ' | b'\t', ..] => self.skip(1),
            [b'/', b'/', ..] => self.line_comment(),
            [b'/', b'*', ..] => self.block_comment(),
            [b'/', b'-', ..] => self.take(Kind::Slashdash, 2),
            [b';', ..] => self.take(Kind::Semicolon, 1),
            [b'{', b'{', ..] => self.word(),
            [b'{', ..] => self.take(Kind::Open, 1),
            [b'}', ..] => self.take(Kind::Close, 1),
            [b'(', ..] => {
                self.in_type = true;
                self.take(Kind::TypeOpen, 1);
            }
            [b')', ..] => {
                self.in_type = false;
                self.take(Kind::TypeClose, 1);
            }
            [b'=', ..] => self.take(Kind::Equals, 1),
            [b'[', ..] => self.take(Kind::BracketOpen, 1),
            [b']', ..] => self.take(Kind::BracketClose, 1),
            [b'"', ..] => {
                let length = self.quoted_string();
                self.string(length);
            }
            [b'\'', b'\'', b'\'', ..] if rest[3..].contains("'''") => self.block_of_single_quotes(),
            [b'#', ..] => self.hash(),
            [b'\\', ..] => match self.line_continuation(self.at) {
                Some(end) => self.skip(end - self.at),
                None => self.word(),
            },
            _ => match rest.chars().next() {
                Some(c) if is_space(c) => self.skip(c.len_utf8()),
                _ => self.word(),
            },
        }
    }

    pub(super) fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    /// Whether the `r` of a KDL 1 raw string stands right before the scanner's place.
    pub(super) fn after_raw_prefix(&self) -> bool {
        let last = self.tokens.last().filter(|last| last.kind == Kind::Word && last.end == self.at);
        last.is_some_and(|last| &self.text[last.range()] == "r")
    }

    fn take(&mut self, kind: Kind, length: usize) {
        self.tokens.push(Token { kind, start: self.at, end: self.at + length, gap: self.gap });
        self.gap = false;
        self.at += length;
    }

    fn string(&mut self, length: usize) {
        if length > limits::STRING_BYTES {
            let (span, limit) = (self.mistakes.span(&(self.at..self.at + 1)), limits::STRING_BYTES / 1024);
            let diagnostic = Diagnostic::new(text::TEXT_LIMIT, format!("a string is longer than {limit} KiB"))
                .label(span, "string starts here")
                .note("this is a limit for safety, far above what a pipeline needs");
            self.mistakes.push(diagnostic.help("keep the text in a file of its own"));
            self.mistakes.mend(self.at..self.at + length, "\"\"");
        } else {
            look_for_confusables(self.mistakes, self.at, self.at + length, false);
        }
        self.take(Kind::Text, length);
    }

    /// `'''…'''`, the block string of other languages, which KDL writes with double quotes; its end has been seen.
    fn block_of_single_quotes(&mut self) {
        let start = self.at;
        let inner = self.text[start + 3..].split("'''").next().unwrap_or_default();
        let end = start + inner.len() + 6;
        let marks = [self.mistakes.span(&(start..start + 3)), self.mistakes.span(&(end - 3..end))];
        let mut diagnostic = Diagnostic::new(text::SINGLE_QUOTES, "single quotes do not quote in KDL")
            .label(marks[0], "no string begins here")
            .help("write `\"\"\"` at both ends, each on a line of its own");
        diagnostic.fixes.push(Fix {
            title: "use double quotes".to_owned(),
            safe: !inner.contains("\"\"\"") && !inner.contains('\\'),
            edits: marks.map(|span| Edit { span, text: "\"\"\"".to_owned() }).to_vec(),
        });
        self.mistakes.push(diagnostic);
        self.mistakes.mend(start..end, quote(inner.trim()));
        self.string(end - start);
    }

    fn skip(&mut self, length: usize) {
        self.gap = true;
        self.at += length;
    }

    /// `// …`: up to the end of the line, which stays.
    fn line_comment(&mut self) {
        let start = self.at;
        let mut end = start;
        for c in self.rest().chars() {
            if newline(&self.text[end..]) > 0 {
                break;
            }
            end += c.len_utf8();
        }
        self.look_for_disallowed(start, end);
        self.comments.push(start..end);
        self.skip(end - start);
    }

    /// `/* … */`, which nests.
    fn block_comment(&mut self) {
        let bytes = self.text.as_bytes();
        let start = self.at;
        let mut at = start + 2;
        let mut depth = 1_usize;
        let mut inner = None;
        while depth > 0 && at < bytes.len() {
            match (bytes[at], bytes.get(at + 1)) {
                (b'/', Some(b'*')) => {
                    inner.get_or_insert(at);
                    depth += 1;
                    at += 2;
                }
                (b'*', Some(b'/')) => {
                    depth -= 1;
                    at += 2;
                }
                _ => at += 1,
            }
        }
        if depth > 0 {
            let mut diagnostic = Diagnostic::new(text::UNCLOSED_COMMENT, "the comment is never closed")
                .label(self.mistakes.span(&(start..start + 2)), "comment starts here");
            if let Some(inner) = inner {
                diagnostic = diagnostic
                    .label(self.mistakes.span(&(inner..inner + 2)), "opens another one")
                    .note("comments nest in KDL: each `/*` needs its own `*/`");
            }
            self.mistakes.push(diagnostic.help("write `*/` where the comment ends, or `//` for one line"));
        }
        self.look_for_disallowed(start, at);
        self.skip(at - start);
    }

    /// Where a `\` at `at` continues the line: the offset after the newline that it hides.
    fn line_continuation(&self, at: usize) -> Option<usize> {
        let mut end = at + 1;
        loop {
            let rest = &self.text[end..];
            let line_end = newline(rest);
            if line_end > 0 || rest.is_empty() {
                return Some(end + line_end);
            }
            if rest.starts_with("//") {
                let length = rest.char_indices().find(|(at, _)| newline(&rest[*at..]) > 0);
                end += length.map_or(rest.len(), |(at, _)| at);
                continue;
            }
            if rest.starts_with("/*") {
                end += rest.find("*/")? + 2;
                continue;
            }
            let c = rest.chars().next()?;
            if !is_space(c) {
                return None;
            }
            end += c.len_utf8();
        }
    }

    /// `#`: a raw string, a keyword, or the comment of another language.
    fn hash(&mut self) {
        let rest = self.rest();
        let hashes = hashes(rest);
        if rest[hashes..].starts_with('"') {
            let length = self.raw_string(hashes);
            return self.string(length);
        }
        let follows = &rest[hashes..];
        let word: &str = follows.split(|c: char| !c.is_alphanumeric() && c != '-').next().unwrap_or("");
        let starts_node = self
            .tokens
            .last()
            .is_none_or(|last| matches!(last.kind, Kind::Newline | Kind::Semicolon | Kind::Open | Kind::Close));
        let comment =
            follows.is_empty() || newline(follows) > 0 || follows.starts_with(is_space) || follows.starts_with('!');
        if hashes > 1 || comment || (starts_node && !is_keyword(&word.to_lowercase())) {
            self.hash_comment(hashes);
        } else {
            self.word();
        }
    }

    fn hash_comment(&mut self, hashes: usize) {
        let start = self.at;
        let span = self.mistakes.span(&(start..start + hashes));
        let edits = vec![Edit { span, text: "//".to_owned() }];
        self.mistakes.habit("write `//`", edits, || {
            Diagnostic::new(text::HASH_COMMENT, "a comment starts with `//`, not with `#`")
                .label(span, "no comment in KDL")
                .help("write `//`")
        });
        self.line_comment();
    }

    /// A run of bare characters, with what clearly belongs to it although KDL ends a word there: `{{name}}`, `${NAME}`,
    /// `$(command)`, `unit[a=1]`, the `//` of an address.
    fn word(&mut self) {
        let start = self.at;
        let mut end = start;
        let mut slash = false;
        while let Some(c) = self.text[end..].chars().next() {
            let rest = &self.text[end..];
            let seen = &self.text[start..end];
            let length = match c {
                '\n' | '\r' | ';' | '=' | '"' | '}' => break,
                '{' if rest.starts_with("{{") => enclosed(rest, "}}").unwrap_or(2),
                '{' if seen.ends_with('$') => match enclosed(rest, "}") {
                    Some(length) => length,
                    None => break,
                },
                '{' => break,
                '(' => match enclosed(rest, ")") {
                    Some(length) => length,
                    None => break,
                },
                ')' if self.in_type => break,
                '/' if !slash && !seen.ends_with(':') && !seen.is_empty() && is_comment(rest) => break,
                '/' => {
                    slash = true;
                    1
                }
                '\\' if self.line_continuation(end).is_some() => break,
                '#' => match hashes(rest) {
                    run if rest[run..].starts_with('"') => break,
                    run => run,
                },
                '[' => enclosed(rest, "]").unwrap_or(1),
                ']' => break,
                other if is_space(other) || newline(rest) > 0 => break,
                other => other.len_utf8(),
            };
            end += length;
        }
        self.look_for_disallowed(start, end);
        look_for_confusables(self.mistakes, start, end, true);
        self.take(Kind::Word, end - start);
    }

    /// Reports the characters of a range that may stand nowhere, and reads on without them.
    pub(super) fn look_for_disallowed(&mut self, start: usize, end: usize) {
        let mut run: Option<(usize, usize, char)> = None;
        for (offset, c) in self.text[start..end].char_indices().filter(|(_, c)| is_disallowed(*c)) {
            let at = start + offset;
            match &mut run {
                Some((_, run_end, _)) if *run_end == at => *run_end = at + c.len_utf8(),
                _ => {
                    self.disallowed(run);
                    run = Some((at, at + c.len_utf8(), c));
                }
            }
        }
        self.disallowed(run);
    }

    fn disallowed(&mut self, run: Option<(usize, usize, char)>) {
        let Some((start, end, c)) = run else { return };
        if self.mistakes.is_full() {
            return;
        }
        let escape = format!("\\u{{{:X}}}", u32::from(c));
        let mut diagnostic = Diagnostic::new(text::DISALLOWED_CHARACTER, format!("the text holds {}", describe(c)))
            .label(self.mistakes.span(&(start..end)), "not allowed in KDL")
            .help(format!("remove it, or write `{escape}` in a string in quotes"));
        if is_direction(c) {
            diagnostic = diagnostic.note("such a character makes a text look otherwise than it is read");
        }
        self.mistakes.push_mended(start..end, "", "remove it", diagnostic);
    }
}

/// The length up to and including `close` where that comes soon and on the same line. The look ahead is bounded, since it
/// may be asked for at every character.
fn enclosed(rest: &str, close: &str) -> Option<usize> {
    let bytes = &rest.as_bytes()[..rest.len().min(LOOK_AHEAD)];
    let line = bytes.split(|byte| matches!(byte, b'\n' | b'\r')).next().unwrap_or(bytes);
    line.windows(close.len()).position(|window| window == close.as_bytes()).map(|at| at + close.len())
}

/// How many bytes `{{…}}`, `${…}` and `$(…)` may be long to be taken as one word.
const LOOK_AHEAD: usize = 400;

fn hashes(rest: &str) -> usize {
    rest.bytes().take_while(|byte| *byte == b'#').count()
}

fn is_comment(rest: &str) -> bool {
    rest.starts_with("//") || rest.starts_with("/*")
}
