use super::layout::{Block, Body, Item, Node, Part, What};
use super::trivia::{Trivia, trivia};
use crate::source::SourceFile;
use crate::syntax::characters::newline;
use crate::syntax::mistakes::Mistakes;
use crate::syntax::scanner::scan;
use crate::syntax::token::{Kind, Token};

/// The layout of a text without mistakes; `None` where its tokens do not fit together.
pub(super) fn read_layout(file: &SourceFile) -> Option<Block> {
    let tokens = scan(&mut Mistakes::new(file));
    let mut reader = Reader { text: file.text(), tokens: &tokens, at: 0, end: 0 };
    let items = reader.items()?;
    (reader.at == tokens.len()).then_some(Block { items, one_line: false })
}

/// Recurses into blocks, which are no deeper than the limit.
struct Reader<'a> {
    text: &'a str,
    tokens: &'a [Token],
    /// Index of the token to come.
    at: usize,
    /// Where what is read so far ends.
    end: usize,
}

impl Reader<'_> {
    /// Up to the closing brace or the end of the text.
    fn items(&mut self) -> Option<Vec<Item>> {
        let mut items = Vec::new();
        let mut lines_before = 0;
        let mut after_node = false;
        loop {
            for trivia in self.gap() {
                match trivia {
                    Trivia::Comment(range) => {
                        items.push(Item { lines_before, what: What::Comment { range, after_node } });
                        lines_before = 0;
                    }
                    Trivia::LineEnd => (lines_before, after_node) = (lines_before + 1, false),
                    Trivia::Continuation => {}
                }
            }
            match self.kind() {
                None | Some(Kind::Close) => return Some(items),
                Some(Kind::Newline) => {
                    self.take();
                    (lines_before, after_node) = (lines_before + 1, false);
                }
                Some(Kind::Semicolon) => {
                    self.take();
                    after_node = false;
                }
                Some(_) => {
                    items.push(Item { lines_before, what: What::Node(self.node()?) });
                    (lines_before, after_node) = (0, true);
                }
            }
        }
    }

    fn node(&mut self) -> Option<Node> {
        let mut parts = Vec::new();
        while !matches!(self.kind(), None | Some(Kind::Newline | Kind::Semicolon | Kind::Close)) {
            let gap = self.gap();
            let slashdash = self.expect(Kind::Slashdash).map(|_| self.gap_of_lines());
            let body = match self.kind()? {
                Kind::Open => Body::Block(self.block()?),
                _ => Body::Entry(self.entry()?),
            };
            parts.push(Part { gap, slashdash, body });
        }
        Some(Node { parts })
    }

    fn block(&mut self) -> Option<Block> {
        let start = self.end;
        self.take();
        let items = self.items()?;
        self.expect(Kind::Close)?;
        let source = &self.text[start..self.end];
        let one_line = source.char_indices().all(|(at, _)| newline(&source[at..]) == 0);
        Some(Block { items, one_line })
    }

    /// `[ "(" atom ")" ] atom`, or `atom "=" [ "(" atom ")" ] atom`.
    fn entry(&mut self) -> Option<Vec<(Vec<Trivia>, Token)>> {
        let mut tokens = Vec::new();
        if !self.annotation(&mut tokens)? {
            tokens.push(self.atom()?);
            if self.kind() != Some(Kind::Equals) {
                return Some(tokens);
            }
            tokens.push((self.gap(), self.take()));
            self.annotation(&mut tokens)?;
        }
        tokens.push(self.atom()?);
        Some(tokens)
    }

    /// Whether there was one.
    fn annotation(&mut self, tokens: &mut Vec<(Vec<Trivia>, Token)>) -> Option<bool> {
        if self.kind() != Some(Kind::TypeOpen) {
            return Some(false);
        }
        tokens.push((self.gap(), self.take()));
        tokens.push(self.atom()?);
        let gap = self.gap();
        tokens.push((gap, self.expect(Kind::TypeClose)?));
        Some(true)
    }

    fn atom(&mut self) -> Option<(Vec<Trivia>, Token)> {
        let gap = self.gap();
        matches!(self.kind()?, Kind::Word | Kind::Text).then(|| (gap, self.take()))
    }

    fn kind(&self) -> Option<Kind> {
        self.tokens.get(self.at).map(|token| token.kind)
    }

    fn expect(&mut self, kind: Kind) -> Option<Token> {
        (self.kind() == Some(kind)).then(|| self.take())
    }

    /// The token to come, which is there.
    fn take(&mut self) -> Token {
        let token = self.tokens[self.at];
        self.at += 1;
        self.end = token.end;
        token
    }

    /// What stands before the token to come; read once.
    fn gap(&mut self) -> Vec<Trivia> {
        let next = self.tokens.get(self.at).map_or(self.text.len(), |token| token.start);
        let found = trivia(self.text, self.end..next);
        self.end = next;
        found
    }

    /// What stands between a slashdash and what it takes out: lines may end there. Only those count that end a comment.
    fn gap_of_lines(&mut self) -> Vec<Trivia> {
        let mut found = self.gap();
        while self.kind() == Some(Kind::Newline) {
            self.take();
            if matches!(found.last(), Some(Trivia::Comment(range)) if self.text[range.clone()].starts_with("//")) {
                found.push(Trivia::LineEnd);
            }
            found.extend(self.gap());
        }
        found
    }
}
