use std::ops::Range;

use super::parser::{DEPTH, Parser, Token};
use super::{FaultKind, Joined, Part, Simple, Word};

/// Words that end a list when they stand where a command could.
const ENDS: [&str; 8] = ["then", "do", "done", "fi", "else", "elif", "esac", "}"];

impl Parser<'_> {
    /// Commands up to what ends them: a reserved word, `)`, `;;` or the end. That is left for the caller. Answers how many there are.
    pub(super) fn list(&mut self) -> usize {
        if self.depth >= DEPTH {
            let at = self.at.min(self.text.len());
            self.fault(at..at, FaultKind::TooDeep);
            return 0;
        }
        self.depth += 1;
        let mut count = 0;
        loop {
            self.newlines();
            if self.is_end() {
                break;
            }
            self.and_or();
            count += 1;
            match self.peek() {
                Token::Op(";" | "&", _) => drop(self.next()),
                Token::Newline => {}
                _ => {
                    if !self.is_end() {
                        let token = self.next();
                        self.unexpected(&token);
                    }
                    break;
                }
            }
        }
        self.depth -= 1;
        count
    }

    fn newlines(&mut self) {
        while *self.peek() == Token::Newline {
            self.next();
        }
    }

    fn is_end(&mut self) -> bool {
        match self.peek() {
            Token::End | Token::Op(")" | ";;" | ";&" | ";;&", _) => true,
            Token::Word(word) => word.bare().is_some_and(|word| ENDS.contains(&word)),
            _ => false,
        }
    }

    /// `a && b || c`
    fn and_or(&mut self) {
        let mut operator: Option<(&'static str, Range<usize>)> = None;
        loop {
            if self.is_end() {
                if let Some((op, at)) = operator {
                    self.fault(at, FaultKind::Nothing(op));
                }
                return;
            }
            let first = self.script.commands.len();
            self.branches += usize::from(operator.is_some());
            self.pipeline();
            self.branches -= usize::from(operator.is_some());
            let op = match self.peek() {
                Token::Op(op @ ("&&" | "||"), at) => Some((*op, at.clone())),
                Token::Op("&", _) => {
                    self.join(first, Joined::Background);
                    None
                }
                _ => None,
            };
            let Some((op, at)) = op else { return };
            self.next();
            self.join(first, Joined::of(op));
            self.newlines();
            operator = Some((op, at));
        }
    }

    /// Notes what stands behind the last pipeline, on its last command.
    fn join(&mut self, first: usize, joined: Joined) {
        let last = self.script.commands[first..]
            .iter_mut()
            .rev()
            .find(|command| !command.is_nested || joined == Joined::Background);
        if let Some(command) = last {
            command.joined = joined;
        }
    }

    /// `! a | b`
    fn pipeline(&mut self) {
        let mut is_negated = false;
        while matches!(self.peek(), Token::Word(word) if word.bare() == Some("!")) {
            self.next();
            is_negated = true;
        }
        let id = self.pipelines;
        self.pipelines += 1;
        self.conditions += usize::from(is_negated);
        let mut position = 0;
        loop {
            let first = self.script.commands.len();
            self.command((id, position));
            let (op, at) = match self.peek() {
                Token::Op(op @ ("|" | "|&"), at) => (*op, at.clone()),
                _ => break,
            };
            self.next();
            if op == "|&" {
                self.bashism(at.clone(), "`|&`");
            }
            self.join(first, Joined::Pipe);
            self.newlines();
            if self.is_end() {
                self.fault(at, FaultKind::Nothing(op));
            }
            position += 1;
        }
        self.conditions -= usize::from(is_negated);
    }

    fn command(&mut self, place: (usize, usize)) {
        let (word, at) = match self.peek() {
            Token::Word(word) => (word.bare().unwrap_or_default().to_owned(), word.span.clone()),
            Token::Op("(", at) => {
                let at = at.clone();
                return self.subshell(at);
            }
            _ => (String::new(), 0..0),
        };
        match word.as_str() {
            "if" => self.branches(at),
            "while" | "until" => {
                self.next();
                self.loops += 1;
                self.condition();
                self.body("do", "done", at);
                self.loops -= 1;
            }
            "for" | "select" => self.loop_over(at),
            "case" => self.cases(at),
            "{" => {
                self.next();
                self.list();
                self.expect("}", &at);
            }
            "[[" => self.test(at),
            "function" => {
                self.bashism(at, "`function`");
                self.next();
                self.next();
                if matches!(self.peek(), Token::Op("(", _)) {
                    self.next();
                    self.next();
                }
                self.newlines();
                self.branches += 1;
                self.command(place);
                self.branches -= 1;
                return;
            }
            _ => return self.simple(place),
        }
        self.redirections();
    }

    fn subshell(&mut self, at: Range<usize>) {
        if self.text[at.end..].starts_with('(') && self.arithmetic_command(&at) {
            return self.redirections();
        }
        self.next();
        self.nested += 1;
        self.list();
        self.nested -= 1;
        match self.next() {
            Token::Op(")", _) => {}
            Token::End => self.fault(at, FaultKind::Unclosed(")")),
            other => self.unexpected(&other),
        }
        self.redirections();
    }

    fn condition(&mut self) {
        self.conditions += 1;
        self.list();
        self.conditions -= 1;
    }

    /// `if … then … elif … then … else … fi`
    fn branches(&mut self, at: Range<usize>) {
        self.next();
        self.condition();
        self.expect("then", &at);
        self.branches += 1;
        self.rest_of_branches(&at);
        self.branches -= 1;
    }

    fn rest_of_branches(&mut self, at: &Range<usize>) {
        self.list();
        loop {
            let word = match self.peek() {
                Token::Word(word) => word.bare().unwrap_or_default().to_owned(),
                _ => String::new(),
            };
            match word.as_str() {
                "elif" => {
                    self.next();
                    self.condition();
                    self.expect("then", at);
                    self.list();
                }
                "else" => {
                    self.next();
                    self.list();
                    return self.expect("fi", at);
                }
                _ => return self.expect("fi", at),
            }
        }
    }

    fn body(&mut self, open: &'static str, close: &'static str, at: Range<usize>) {
        self.expect(open, &at);
        self.list();
        self.expect(close, &at);
    }

    /// `for NAME in A B; do … done`
    fn loop_over(&mut self, at: Range<usize>) {
        self.next();
        if let Token::Op("(", open) = self.peek() {
            let open = open.clone();
            if !self.arithmetic_command(&open) {
                let token = self.next();
                return self.unexpected(&token);
            }
        } else {
            self.next();
        }
        self.newlines();
        if matches!(self.peek(), Token::Word(word) if word.bare() == Some("in")) {
            while matches!(self.peek(), Token::Word(_)) {
                self.next();
            }
        }
        if matches!(self.peek(), Token::Op(";", _)) {
            self.next();
        }
        self.newlines();
        self.loops += 1;
        self.body("do", "done", at);
        self.loops -= 1;
    }

    /// `case WORD in PATTERN) … ;; esac`
    fn cases(&mut self, at: Range<usize>) {
        self.next();
        self.next();
        self.newlines();
        self.expect("in", &at);
        loop {
            self.newlines();
            match self.peek() {
                Token::Word(word) if word.bare() == Some("esac") => {
                    self.next();
                    return;
                }
                Token::End => return self.expect("esac", &at),
                _ => {}
            }
            loop {
                match self.next() {
                    Token::Word(_) | Token::Op("|" | "(", _) => {}
                    Token::Op(")", _) => break,
                    other => return self.unexpected(&other),
                }
            }
            self.branches += 1;
            self.list();
            self.branches -= 1;
            match self.peek() {
                Token::Op(op @ (";&" | ";;&"), at) => {
                    let (op, at) = (*op, at.clone());
                    self.next();
                    if op == ";;&" || op == ";&" {
                        self.bashism(at, "falling through");
                    }
                }
                Token::Op(";;", _) => drop(self.next()),
                _ => return self.expect("esac", &at),
            }
        }
    }

    /// `[[ … ]]`
    fn test(&mut self, at: Range<usize>) {
        self.bashism(at.clone(), "`[[ … ]]`");
        loop {
            match self.next() {
                Token::Word(word) if word.bare() == Some("]]") => return,
                Token::End => return self.fault(at, FaultKind::Unclosed("]]")),
                _ => {}
            }
        }
    }

    /// Takes the reserved word, or notes that it is missing.
    fn expect(&mut self, wanted: &'static str, opener: &Range<usize>) {
        match self.next() {
            Token::Word(word) if word.bare() == Some(wanted) => {}
            Token::Word(word) => self.fault(word.span, FaultKind::Missing(wanted, opener.clone())),
            Token::Op(_, at) => self.fault(at, FaultKind::Missing(wanted, opener.clone())),
            Token::Newline | Token::End => {
                let opener = opener.clone();
                self.fault(opener.clone(), FaultKind::Missing(wanted, opener));
            }
        }
    }

    fn redirections(&mut self) {
        let mut command = self.blank((0, 0));
        while self.redirection(&mut command) {}
    }

    /// `> FILE`, `2>&1`, `<< END`
    fn redirection(&mut self, command: &mut Simple) -> bool {
        let (op, at) = match self.peek() {
            Token::Op(
                op @ ("<" | ">" | ">>" | "<<" | "<<-" | "<<<" | ">&" | "<&" | ">|" | "<>" | "&>" | "&>>"),
                at,
            ) => (*op, at.clone()),
            _ => return false,
        };
        self.next();
        match op {
            "<<<" => self.bashism(at.clone(), "`<<<`"),
            "&>" | "&>>" => self.bashism(at.clone(), "`&>`"),
            _ => {}
        }
        match self.next() {
            Token::Word(word) => {
                if op == "<<" || op == "<<-" {
                    self.await_heredoc(op, &word);
                }
                command.span.end = word.span.end.max(command.span.end);
                command.redirects.push((op, word));
            }
            _ => self.fault(at, FaultKind::Nothing(op)),
        }
        true
    }

    fn blank(&self, place: (usize, usize)) -> Simple {
        Simple {
            assignments: Vec::new(),
            words: Vec::new(),
            redirects: Vec::new(),
            span: 0..0,
            pipeline: place,
            joined: Joined::End,
            is_condition: self.conditions > 0,
            is_nested: self.nested > 0,
            is_in_loop: self.loops > 0,
            is_sometimes: self.branches + self.loops > 0,
        }
    }

    fn simple(&mut self, place: (usize, usize)) {
        let mut command = self.blank(place);
        loop {
            if self.redirection(&mut command) {
                continue;
            }
            match self.peek() {
                Token::Word(_) => {
                    let Token::Word(word) = self.next() else { unreachable!("a word was seen") };
                    if command.is_empty() {
                        command.span = word.span.clone();
                    }
                    command.span.end = word.span.end;
                    if command.words.is_empty() && is_assignment(&word) {
                        command.assignments.push(word);
                    } else {
                        command.words.push(word);
                    }
                }
                Token::Op("(", _) if command.words.len() == 1 && command.assignments.is_empty() => {
                    self.next();
                    match self.next() {
                        Token::Op(")", _) => {
                            self.newlines();
                            self.branches += 1;
                            self.command(place);
                            self.branches -= 1;
                            return;
                        }
                        other => return self.unexpected(&other),
                    }
                }
                _ => break,
            }
        }
        if command.is_empty() {
            let token = self.next();
            return self.unexpected(&token);
        }
        self.script.commands.push(command);
    }
}

/// Whether the word is `NAME=…`.
fn is_assignment(word: &Word) -> bool {
    let Some(Part::Literal { text, .. }) = word.parts.first() else { return false };
    let Some((name, _)) = text.split_once('=') else { return false };
    let name = name.strip_suffix('+').unwrap_or(name);
    !name.is_empty()
        && !name.starts_with(|c: char| c.is_ascii_digit())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}
