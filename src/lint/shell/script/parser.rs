use std::ops::Range;

use super::{Joined, Part, Simple, Word};

/// What is known of a script.
#[derive(Debug, Clone, Default)]
pub(in crate::lint::shell) struct Script {
    /// Every simple command, in the order in which it is parsed: those of a substitution stand before the command around it.
    pub commands: Vec<Simple>,
    /// What does not parse; the first only, since what follows would only follow from it.
    pub fault: Option<Fault>,
    /// What a POSIX shell does not have.
    pub bashisms: Vec<Bashism>,
}

/// A place where the script does not parse.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::lint::shell) struct Fault {
    /// Where.
    pub at: Range<usize>,
    /// What.
    pub kind: FaultKind,
}

/// What does not parse.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::lint::shell) enum FaultKind {
    /// A quote, parenthesis or brace that is not closed; by what it would be.
    Unclosed(&'static str),
    /// A word is missing; what began the construct, and where.
    Missing(&'static str, Range<usize>),
    /// Something stands where it cannot.
    Unexpected(String),
    /// Nothing follows an operator.
    Nothing(&'static str),
    /// A here-document without its last line.
    Heredoc(String),
    /// More nesting than any script has.
    TooDeep,
}

/// Something that bash understands and a POSIX shell does not.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::lint::shell) struct Bashism {
    /// Where.
    pub at: Range<usize>,
    /// What it is called.
    pub what: &'static str,
}

/// A token.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    Word(Word),
    Op(&'static str, Range<usize>),
    Newline,
    End,
}

/// The parser: one pass over the bytes, recursive where the shell nests, to a bounded depth.
pub(super) struct Parser<'a> {
    pub(super) text: &'a str,
    pub(super) at: usize,
    pub(super) script: Script,
    peeked: Option<Token>,
    heredocs: Vec<(String, bool, Range<usize>)>,
    pub(super) depth: usize,
    pub(super) pipelines: usize,
    pub(super) conditions: usize,
    pub(super) nested: usize,
    pub(super) loops: usize,
    pub(super) branches: usize,
    /// Where the last `}}` of the text stands: past it no hole is looked for.
    last_close: usize,
}

/// Deeper than any script, shallow enough for any stack.
pub(super) const DEPTH: usize = 40;

/// Longest first, so that the first that fits is the right one.
const OPERATORS: [&str; 23] = [
    "&>>", "<<-", "<<<", ";;&", "&&", "||", ";;", ";&", "|&", "&>", "<<", ">>", ">&", "<&", ">|", "<>", ";", "&", "|",
    "(", ")", "<", ">",
];

impl Script {
    /// Reads a script. Total, and linear in its length.
    pub fn parse(text: &str) -> Script {
        let mut parser = Parser {
            text,
            at: 0,
            script: Script::default(),
            peeked: None,
            heredocs: Vec::new(),
            depth: 0,
            pipelines: 0,
            conditions: 0,
            nested: 0,
            loops: 0,
            branches: 0,
            last_close: text.rfind("}}").unwrap_or_default(),
        };
        parser.list();
        let end = parser.next();
        if let (Token::Word(_) | Token::Op(..), None) = (&end, &parser.script.fault) {
            parser.unexpected(&end);
        }
        if let Some((end, _, at)) = parser.heredocs.pop() {
            parser.fault(at, FaultKind::Heredoc(end));
        }
        parser.script
    }
}

impl Parser<'_> {
    /// Notes the first fault; from there on there are no more tokens.
    pub(super) fn fault(&mut self, at: Range<usize>, kind: FaultKind) {
        if self.script.fault.is_none() {
            self.script.fault = Some(Fault { at, kind });
        }
        self.at = self.text.len();
        self.peeked = None;
    }

    pub(super) fn unexpected(&mut self, token: &Token) {
        match token {
            Token::Word(word) => {
                let text = self.text[word.span.clone()].to_owned();
                self.fault(word.span.clone(), FaultKind::Unexpected(text));
            }
            Token::Op(op, at) => self.fault(at.clone(), FaultKind::Unexpected((*op).to_owned())),
            Token::Newline | Token::End => {
                let end = self.text.len();
                self.fault(end..end, FaultKind::Unexpected("the end".to_owned()));
            }
        }
    }

    pub(super) fn bashism(&mut self, at: Range<usize>, what: &'static str) {
        self.script.bashisms.push(Bashism { at, what });
    }

    pub(super) fn peek(&mut self) -> &Token {
        if self.peeked.is_none() {
            self.peeked = Some(self.read());
        }
        self.peeked.as_ref().expect("it was read")
    }

    pub(super) fn next(&mut self) -> Token {
        self.peeked.take().unwrap_or_else(|| self.read())
    }

    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    pub(super) fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn read(&mut self) -> Token {
        loop {
            let rest = self.rest();
            match self.byte() {
                None => return Token::End,
                Some(b' ' | b'\t' | b'\r') => self.at += 1,
                Some(b'\\') if rest.starts_with("\\\n") => self.at += 2,
                Some(b'#') => self.at += rest.find('\n').unwrap_or(rest.len()),
                Some(b'\n') => {
                    self.at += 1;
                    self.read_heredocs();
                    return Token::Newline;
                }
                Some(_) => break,
            }
        }
        let start = self.at;
        if self.rest().starts_with("<(") || self.rest().starts_with(">(") {
            return Token::Word(self.word());
        }
        if let Some(op) = OPERATORS.iter().copied().find(|op| self.rest().starts_with(op)) {
            self.at += op.len();
            return Token::Op(op, start..self.at);
        }
        let digits = self.rest().bytes().take_while(u8::is_ascii_digit).count();
        if digits > 0 && matches!(self.text.as_bytes().get(start + digits), Some(b'<' | b'>')) {
            // The number of a redirection: `2>&1`.
            self.at += digits;
            return self.read();
        }
        Token::Word(self.word())
    }

    /// Notes a here-document: its text begins on the next line.
    pub(super) fn await_heredoc(&mut self, op: &str, end: &Word) {
        self.heredocs.push((end.known(), op == "<<-", end.span.clone()));
    }

    fn read_heredocs(&mut self) {
        for (end, strips_tabs, at) in std::mem::take(&mut self.heredocs) {
            loop {
                let rest = self.rest();
                if rest.is_empty() {
                    self.fault(at, FaultKind::Heredoc(end));
                    return;
                }
                let length = rest.find('\n').unwrap_or(rest.len());
                let line = &rest[..length];
                let line = if strips_tabs { line.trim_start_matches('\t') } else { line };
                let is_end = line == end;
                self.at = (self.at + length + 1).min(self.text.len());
                if is_end {
                    break;
                }
            }
        }
    }

    /// A word, from here to the first blank or operator outside of quotes.
    fn word(&mut self) -> Word {
        let mut word = Word { parts: Vec::new(), span: self.at..self.at };
        while let Some(byte) = self.byte() {
            let start = self.at;
            match byte {
                b' ' | b'\t' | b'\r' | b'\n' | b';' | b'&' | b'|' | b')' => break,
                b'<' | b'>' if self.rest()[1..].starts_with('(') => {
                    self.bashism(start..start + 2, "process substitution");
                    self.at += 2;
                    self.substitution(start);
                    word.parts.push(Part::Substitution { quoted: false });
                }
                b'<' | b'>' => break,
                b'(' => match extended_glob(&word) {
                    // `NAME=(…)`, `@(a|b)`
                    true => self.array(&mut word),
                    false => break,
                },
                b'\'' => self.single(&mut word, start),
                b'"' => self.double(&mut word, start),
                b'$' | b'`' => self.expansion(&mut word, false),
                b'\\' => {
                    let escaped = self.rest()[1..].chars().next();
                    self.at += 1 + escaped.map_or(0, char::len_utf8);
                    match escaped {
                        Some('\n') => {}
                        Some(escaped) => word.push(escaped.encode_utf8(&mut [0; 4]), true),
                        None => word.push("\\", true),
                    }
                }
                b'{' if self.rest().starts_with("{{") => self.hole(&mut word, false),
                _ => {
                    let plain =
                        self.rest().find(|c: char| " \t\r\n;&|()<>'\"$`\\{".contains(c)).unwrap_or(self.rest().len());
                    let end = start + plain.max(1);
                    self.at = end;
                    word.push(&self.text[start..end], false);
                }
            }
        }
        word.span.end = self.at;
        if let Some(bare) = word.bare().filter(|bare| bare.contains("..")) {
            let is_range = bare.find('{').zip(bare.rfind('}')).is_some_and(|(open, close)| {
                open < close
                    && bare[open + 1..close]
                        .split("..")
                        .all(|end| !end.is_empty() && end.bytes().all(|b| b.is_ascii_alphanumeric()))
            });
            if is_range {
                self.bashism(word.span.clone(), "brace expansion");
            }
        }
        word
    }

    fn array(&mut self, word: &mut Word) {
        let start = self.at;
        self.bashism(word.span.start..start + 1, "an array");
        self.at += 1;
        loop {
            match self.next() {
                Token::Word(_) | Token::Newline => {}
                Token::Op(")", _) => break,
                Token::Op(..) => {}
                Token::End => return self.fault(start..start + 1, FaultKind::Unclosed(")")),
            }
        }
        word.parts.push(Part::Substitution { quoted: true });
    }

    /// `{{name}}`, or `{{{{` for two braces.
    fn hole(&mut self, word: &mut Word, quoted: bool) {
        let start = self.at;
        if self.rest().starts_with("{{{{") {
            self.at += 4;
            return word.push("{{", quoted);
        }
        let end = if start > self.last_close { None } else { self.rest().find("}}") };
        match end {
            Some(end) => {
                self.at += end + 2;
                word.parts.push(Part::Hole { quoted, span: start..self.at });
            }
            None => {
                self.at += 2;
                word.push("{{", quoted);
            }
        }
    }

    fn single(&mut self, word: &mut Word, start: usize) {
        match self.rest()[1..].find('\'') {
            Some(length) => {
                let text = &self.text[start + 1..start + 1 + length];
                if let Some(hole) = text.find("{{").filter(|_| text.contains("}}")) {
                    let span = start + 1 + hole..start + 1 + length;
                    word.parts.push(Part::Hole { quoted: true, span });
                } else {
                    word.push(text, true);
                }
                self.at = start + length + 2;
            }
            None => self.fault(start..start + 1, FaultKind::Unclosed("'")),
        }
    }

    fn double(&mut self, word: &mut Word, start: usize) {
        self.at += 1;
        word.push("", true);
        loop {
            let here = self.at;
            match self.byte() {
                None => return self.fault(start..start + 1, FaultKind::Unclosed("\"")),
                Some(b'"') => {
                    self.at += 1;
                    return;
                }
                Some(b'$' | b'`') => {
                    self.expansion(word, true);
                    if self.script.fault.is_some() {
                        return;
                    }
                }
                Some(b'\\') => {
                    let escaped = self.rest()[1..].chars().next();
                    self.at += 1 + escaped.map_or(0, char::len_utf8);
                    match escaped {
                        Some('\n') => {}
                        Some(escaped @ ('$' | '`' | '"' | '\\')) => word.push(escaped.encode_utf8(&mut [0; 4]), true),
                        _ => word.push(&self.text[here..self.at], true),
                    }
                }
                Some(b'{') if self.rest().starts_with("{{") => self.hole(word, true),
                Some(_) => {
                    let length = self.rest().find(['"', '$', '`', '\\', '{']).unwrap_or(self.rest().len()).max(1);
                    self.at += length;
                    word.push(&self.text[here..self.at], true);
                }
            }
        }
    }

    /// What begins with `$` or a backtick.
    fn expansion(&mut self, word: &mut Word, quoted: bool) {
        let start = self.at;
        let rest = self.rest();
        if rest.starts_with('`') {
            return self.backticks(word, quoted);
        }
        let after = &rest[1..];
        if after.starts_with("((") {
            if self.arithmetic(start) {
                word.parts.push(Part::Substitution { quoted });
            }
        } else if after.starts_with('(') {
            self.at += 2;
            self.substitution(start);
            word.parts.push(Part::Substitution { quoted });
        } else if after.starts_with('{') && !after.starts_with("{{") {
            self.braced(word, quoted);
        } else if after.starts_with('\'') && !quoted {
            self.bashism(start..start + 2, "`$'…'`");
            self.at += 1;
            self.ansi(word);
        } else {
            let name: String = match after.chars().next() {
                Some(c) if c.is_ascii_alphabetic() || c == '_' => {
                    after.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect()
                }
                Some(c) if c.is_ascii_digit() || "@*#?-$!".contains(c) => c.to_string(),
                _ => String::new(),
            };
            self.at += 1 + name.len();
            if name.is_empty() {
                word.push("$", quoted);
            } else {
                word.parts.push(Part::Variable { name, quoted, span: start..self.at });
            }
        }
    }

    /// The text of `$'…'`, whose only escape that matters here is that of the quote.
    fn ansi(&mut self, word: &mut Word) {
        let start = self.at;
        match self.closed(start, '\'') {
            Some(end) => {
                self.at = end + 1;
                word.push(&self.text[start + 1..end], true);
            }
            None => self.fault(start..start + 1, FaultKind::Unclosed("'")),
        }
    }

    /// Where the quote that opens at `start` is closed; a backslash takes the meaning of what follows it.
    fn closed(&self, start: usize, quote: char) -> Option<usize> {
        let mut is_escaped = false;
        for (offset, c) in self.text[start + 1..].char_indices() {
            match c {
                _ if is_escaped => is_escaped = false,
                '\\' => is_escaped = true,
                _ if c == quote => return Some(start + 1 + offset),
                _ => {}
            }
        }
        None
    }

    /// `${NAME…}`: the operators that only bash has are told.
    fn braced(&mut self, word: &mut Word, quoted: bool) {
        let start = self.at;
        let inner = start + 2;
        let mut depth = 1;
        let mut at = inner;
        let bytes = self.text.as_bytes();
        let mut quote = None;
        while depth > 0 {
            match (bytes.get(at), quote) {
                (None, _) => return self.fault(start..start + 2, FaultKind::Unclosed("}")),
                (Some(b'\\'), _) => at += 1,
                (Some(byte), Some(open)) if *byte == open => quote = None,
                (Some(_), Some(_)) => {}
                (Some(byte @ (b'"' | b'\'')), None) if !(quoted && *byte == b'\'') => quote = Some(*byte),
                (Some(b'{'), None) => depth += 1,
                (Some(b'}'), None) => depth -= 1,
                _ => {}
            }
            at += 1;
        }
        self.at = at.min(self.text.len());
        let text = self.text.get(inner..self.at - 1).unwrap_or_default();
        let name: String = text.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
        let operator = &text[name.len()..];
        let is_substring =
            operator.strip_prefix(':').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit() || c == ' '));
        if !name.is_empty() && (operator.starts_with(['^', ',', '/', '[', '@']) || is_substring) {
            self.bashism(start..self.at, "this expansion");
        }
        word.parts.push(Part::Variable { name, quoted, span: start..self.at });
    }

    /// `$((…))` at `start`: its end, or a fault.
    fn arithmetic(&mut self, start: usize) -> bool {
        match self.arithmetic_end(start + 1) {
            Some((end, _)) => {
                self.at = end;
                true
            }
            None => {
                self.fault(start..start + 3, FaultKind::Unclosed("))"));
                false
            }
        }
    }

    /// Where the parenthesis that opens at `open` is closed, and whether `))` closes it, as it does arithmetic.
    fn arithmetic_end(&self, open: usize) -> Option<(usize, bool)> {
        let mut depth = 0usize;
        let mut inner = 0;
        for (offset, byte) in self.text[open..].bytes().enumerate() {
            match byte {
                b'(' => depth += 1,
                b')' if depth == 2 => {
                    depth = 1;
                    inner = offset;
                }
                b')' if depth == 1 => return Some((open + offset + 1, inner + 1 == offset)),
                b')' => depth -= 1,
                _ => {}
            }
        }
        None
    }

    /// Takes `((…))` of bash at `at`, unless it is a subshell in a subshell.
    pub(super) fn arithmetic_command(&mut self, at: &Range<usize>) -> bool {
        let Some((end, true)) = self.arithmetic_end(at.start) else { return false };
        self.bashism(at.start..at.start + 2, "`((…))`");
        self.peeked = None;
        self.at = end;
        true
    }

    /// A list up to its `)`; the parser stands behind the `(`.
    fn substitution(&mut self, start: usize) {
        let heredocs = std::mem::take(&mut self.heredocs);
        self.nested += 1;
        self.list();
        self.nested -= 1;
        if self.script.fault.is_none() {
            match self.next() {
                Token::Op(")", _) => {}
                Token::End => self.fault(start..start + 2, FaultKind::Unclosed(")")),
                other => self.unexpected(&other),
            }
        }
        self.heredocs = heredocs;
    }

    fn backticks(&mut self, word: &mut Word, quoted: bool) {
        let start = self.at;
        match self.closed(start, '`') {
            Some(end) => {
                self.at = end + 1;
                word.parts.push(Part::Substitution { quoted });
            }
            None => self.fault(start..start + 1, FaultKind::Unclosed("`")),
        }
    }
}

/// Whether a `(` directly behind this continues the word: an array, or a pattern of bash.
fn extended_glob(word: &Word) -> bool {
    word.bare().is_some_and(|text| text.ends_with('=') && text.len() > 1)
}

impl Joined {
    /// Of the operator that stands behind a command.
    pub(super) fn of(op: &str) -> Self {
        match op {
            "&&" => Joined::And,
            "||" => Joined::Or,
            "|" | "|&" => Joined::Pipe,
            "&" => Joined::Background,
            _ => Joined::End,
        }
    }
}

impl Simple {
    pub(super) fn is_empty(&self) -> bool {
        self.words.is_empty() && self.assignments.is_empty() && self.redirects.is_empty()
    }
}
