use std::ops::Range;

use super::characters::is_space;
use super::limits;
use super::structure::{Block, Statement, Structure};
use super::token::{Kind, Token};
use crate::diagnostic::{Diagnostic, codes::text};
use crate::source::{SourceFile, Span};

/// Groups tokens into statements and blocks, one token after the other.
pub(super) struct Grouping<'a> {
    pub(super) file: &'a SourceFile,
    pub(super) text: &'a str,
    pub(super) tokens: &'a [Token],
    /// Whether indentation may close a block.
    pub(super) guided: bool,
    /// Index of the token being looked at.
    pub(super) at: usize,
    pub(super) stack: Vec<Open>,
    top: Vec<Statement>,
    pub(super) current: Option<Statement>,
    /// Whether a slashdash waits for what it takes out.
    slashdash: Option<usize>,
    /// The closing brace of the block that closed last at top level, and the name of its node.
    pub(super) last_closed: Option<(Range<usize>, Range<usize>)>,
    /// Line and indentation of the last brace or first token of a line that was looked at.
    pub(super) line: (usize, usize),
    pub(super) too_deep: bool,
    pub(super) out: Structure,
}

/// A block whose closing brace is still to come.
pub(super) struct Open {
    /// The statement that the block belongs to.
    pub(super) owner: Statement,
    pub(super) brace: Range<usize>,
    discarded: bool,
    pub(super) indent: usize,
    pub(super) line: usize,
    block: Block,
}

impl<'a> Grouping<'a> {
    pub(super) fn new(file: &'a SourceFile, tokens: &'a [Token], guided: bool) -> Self {
        Grouping {
            file,
            text: file.text(),
            tokens,
            guided,
            at: 0,
            stack: Vec::new(),
            top: Vec::new(),
            current: None,
            slashdash: None,
            last_closed: None,
            line: (usize::MAX, 0),
            too_deep: false,
            out: Structure::default(),
        }
    }

    pub(super) fn build(mut self) -> Structure {
        while let Some(&token) = self.tokens.get(self.at) {
            self.close_by_indentation(&token);
            match token.kind {
                Kind::Newline if self.slashdash.is_some() => {}
                Kind::Semicolon if self.current.is_none() => self.empty_statement(token),
                Kind::Newline | Kind::Semicolon => self.finish_statement(),
                Kind::Slashdash => self.slashdash(token),
                Kind::Open => self.open(token),
                Kind::Close => self.close(token),
                _ => self.part_of_head(token),
            }
            self.at += 1;
        }
        self.finish_statement();
        self.unclosed_at_end();
        self.out.statements = self.top;
        self.out
    }

    pub(super) fn span(&self, range: &Range<usize>) -> Span {
        self.file.span(range.start, range.end)
    }

    pub(super) fn tell(&mut self, diagnostic: Diagnostic) {
        if self.out.diagnostics.len() <= limits::MISTAKES {
            self.out.diagnostics.push(diagnostic);
        }
    }

    fn slashdash(&mut self, token: Token) {
        if self.slashdash.is_some() {
            let span = self.span(&token.range());
            let diagnostic = Diagnostic::new(text::BAD_SLASHDASH, "a slashdash follows another one")
                .label(span, "one is enough")
                .help("remove it")
                .fix("remove the second one", span, "");
            return self.tell(diagnostic);
        }
        match &mut self.current {
            None => self.current = Some(Statement { discarded: true, ..Statement::default() }),
            Some(statement) if statement.children.is_none() && !statement.head.is_empty() => statement.head.push(token),
            Some(_) => {}
        }
        self.slashdash = Some(token.start);
    }

    fn part_of_head(&mut self, token: Token) {
        if self.current.as_ref().is_some_and(|statement| statement.children.is_some()) {
            let end =
                self.current.as_ref().and_then(|statement| statement.children.as_ref()).map_or(0, |block| block.end);
            let diagnostic =
                Diagnostic::new(text::MISSING_SEPARATOR, "a node starts on the line where another one ends")
                    .label(self.span(&token.range()), "starts here")
                    .label(self.span(&(end.saturating_sub(1)..end)), "ends here")
                    .help("start a new line, or write `;` between the two")
                    .fix("insert `;`", self.span(&(end..end)), ";");
            self.tell(diagnostic);
            self.finish_statement();
        }
        if self.current.as_ref().is_some_and(|statement| !statement.discarded_blocks.is_empty()) {
            let diagnostic =
                Diagnostic::new(text::BAD_SLASHDASH, "a value stands after a block that a slashdash takes out")
                    .label(self.span(&token.range()), "no value here")
                    .help("write the value before the block");
            self.tell(diagnostic);
        }
        self.slashdash = None;
        self.current.get_or_insert_default().head.push(token);
    }

    pub(super) fn finish_statement(&mut self) {
        let slashdash = self.slashdash.take();
        // In a head it is told of when that is read.
        let in_head =
            self.current.as_ref().is_some_and(|statement| !statement.head.is_empty() && statement.children.is_none());
        if let Some(at) = slashdash.filter(|_| !in_head) {
            let diagnostic = Diagnostic::new(text::BAD_SLASHDASH, "a slashdash takes nothing out")
                .label(self.span(&(at..at + 2)), "nothing follows")
                .help("remove `/-`, or write it before what it takes out")
                .fix("remove it", self.span(&(at..at + 2)), "");
            self.tell(diagnostic);
        }
        let Some(statement) = self.current.take() else { return };
        if statement.head.is_empty() && statement.children.is_none() {
            return;
        }
        match self.stack.last_mut() {
            Some(open) => open.block.statements.push(statement),
            None => self.top.push(statement),
        }
    }

    fn empty_statement(&mut self, token: Token) {
        let span = self.span(&token.range());
        let diagnostic = Diagnostic::new(text::STRAY_SEMICOLON, "a `;` ends no node")
            .label(span, "nothing before it")
            .help("remove it")
            .fix("remove the `;`", span, "");
        self.tell(diagnostic);
    }

    fn open(&mut self, token: Token) {
        if self.stack.len() >= limits::DEPTH {
            return self.skip_block(token);
        }
        let discarded =
            self.slashdash.take().is_some() && self.current.as_ref().is_some_and(|owner| !owner.head.is_empty());
        if discarded
            && let Some(owner) = &mut self.current
            && owner.head.last().is_some_and(|last| last.kind == Kind::Slashdash)
        {
            owner.head.pop();
        }
        let owner = match self.current.take() {
            Some(owner) if !owner.head.is_empty() && (owner.children.is_none() || discarded) => owner,
            Some(owner) if !owner.head.is_empty() => {
                self.current = Some(owner);
                self.second_block(&token)
            }
            other => self.block_without_head(&token, other),
        };
        let (line, indent) = self.indent_of(token.start);
        let brace = token.range();
        self.stack.push(Open { owner, brace, discarded, indent, line, block: Block::default() });
    }

    fn second_block(&mut self, token: &Token) -> Statement {
        let mut diagnostic = Diagnostic::new(text::SECOND_BLOCK, "a node has one block, here is a second one")
            .label(self.span(&token.range()), "second block")
            .help("join the two blocks, or give the second one a node of its own");
        let first = self.current.as_ref().and_then(|statement| statement.children.as_ref()).map(|block| block.end);
        if let Some(end) = first.filter(|end| self.text[*end..token.start].chars().all(is_space)) {
            diagnostic = diagnostic.fix("join the two blocks", self.span(&(end - 1..token.end)), "\n");
        }
        self.tell(diagnostic);
        self.finish_statement();
        Statement { discarded: true, ..Statement::default() }
    }

    /// `{` where a node should start: on a line of its own after its node, or with no node at all.
    fn block_without_head(&mut self, token: &Token, pending: Option<Statement>) -> Statement {
        let siblings = match self.stack.last_mut() {
            Some(open) => &mut open.block.statements,
            None => &mut self.top,
        };
        let newlines = self.tokens[..self.at].iter().rev().take_while(|token| token.kind == Kind::Newline).count();
        let adjacent = self.tokens[..self.at - newlines].last().is_some_and(|last| {
            newlines > 0 && !matches!(last.kind, Kind::Semicolon | Kind::Open | Kind::Close | Kind::Slashdash)
        });
        if pending.is_none()
            && adjacent
            && siblings.last().is_some_and(|last| last.children.is_none())
            && let Some(owner) = siblings.pop()
        {
            let end = owner.head.last().map_or(token.start, |last| last.end);
            let diagnostic = Diagnostic::new(text::BRACE_ON_ITS_OWN, "the brace stands on another line than its node")
                .label(self.span(&token.range()), "opens a block of nothing")
                .label(self.span(&(end..end)), "belongs here")
                .help("write `{` at the end of the node's line")
                .fix("move the brace", self.span(&(end..token.start)), " ");
            self.tell(diagnostic);
            return owner;
        }
        let nested = self.stack.last().is_some_and(|open| open.owner.head.is_empty());
        if !nested {
            let diagnostic = Diagnostic::new(text::BRACE_ON_ITS_OWN, "a block has no node")
                .label(self.span(&token.range()), "a name is missing here")
                .help("write the node's name before the brace");
            self.tell(diagnostic);
        }
        Statement { discarded: true, ..Statement::default() }
    }

    /// Passes over a block that is nested too deep; its tokens are looked at no further.
    fn skip_block(&mut self, token: Token) {
        if !self.too_deep {
            let diagnostic =
                Diagnostic::new(text::TEXT_LIMIT, format!("blocks are nested deeper than {}", limits::DEPTH))
                    .label(self.span(&token.range()), "one level too deep")
                    .note("this is a limit for safety, far above what a pipeline needs")
                    .help("nest less deep");
            self.tell(diagnostic);
            self.too_deep = true;
        }
        self.slashdash = None;
        self.out.incomplete = true;
        let mut depth = 0_usize;
        while let Some(token) = self.tokens.get(self.at) {
            match token.kind {
                Kind::Open => depth += 1,
                Kind::Close => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                return;
            }
            self.at += 1;
        }
    }

    fn close(&mut self, token: Token) {
        self.finish_statement();
        match self.stack.pop() {
            Some(open) => {
                if self.stack.is_empty()
                    && let Some(name) = open.owner.head.first()
                {
                    self.last_closed = Some((token.range(), name.range()));
                }
                self.attach(open, token.end);
            }
            None => self.stray(token),
        }
    }

    pub(super) fn attach(&mut self, open: Open, end: usize) {
        let Open { mut owner, discarded, mut block, .. } = open;
        block.end = end;
        if discarded {
            owner.discarded_blocks.push(block);
        } else {
            owner.children = Some(block);
        }
        self.current = Some(owner);
    }
}
