use std::ops::Range;

use super::characters::is_space;
use super::limits;
use super::token::{Kind, Token};
use crate::diagnostic::{Diagnostic, codes::text};
use crate::source::{SourceFile, Span};

/// A node before its head is read: the tokens of its name and entries, and the block that follows.
///
/// This is the unit that reaches the KDL crate, one head at a time and never nested, so that a broken line silences
/// nothing but itself and no text can exhaust the crate's stack or time.
#[derive(Debug, Default)]
pub(super) struct Statement {
    /// Taken out by a slashdash: read for its mistakes, then left out.
    pub(super) discarded: bool,
    pub(super) head: Vec<Token>,
    pub(super) children: Option<Block>,
    /// Blocks taken out by a slashdash.
    pub(super) discarded_blocks: Vec<Block>,
}

/// `{ … }`.
#[derive(Debug, Default)]
pub(super) struct Block {
    pub(super) statements: Vec<Statement>,
    /// Offset after the closing brace, or where it should be.
    pub(super) end: usize,
    /// Whether a part of it was not understood.
    pub(super) incomplete: bool,
}

/// What the braces of a text make of its tokens.
#[derive(Debug, Default)]
pub(super) struct Structure {
    pub(super) statements: Vec<Statement>,
    pub(super) diagnostics: Vec<Diagnostic>,
    pub(super) incomplete: bool,
    /// How many braces have no partner.
    unbalanced: usize,
}

/// Groups tokens into statements and blocks. Where braces do not balance, indentation decides which one is missing,
/// unless trusting it makes more mistakes than the braces alone.
pub(super) fn structure(file: &SourceFile, tokens: &[Token]) -> Structure {
    let plain = Builder::new(file, tokens, false).build();
    if plain.unbalanced == 0 {
        return plain;
    }
    let guided = Builder::new(file, tokens, true).build();
    if guided.unbalanced <= plain.unbalanced { guided } else { plain }
}

struct Builder<'a> {
    file: &'a SourceFile,
    text: &'a str,
    tokens: &'a [Token],
    /// Whether indentation may close a block.
    guided: bool,
    /// Index of the token being looked at.
    at: usize,
    stack: Vec<Open>,
    top: Vec<Statement>,
    current: Option<Statement>,
    /// Whether a slashdash waits for what it takes out.
    slashdash: Option<usize>,
    /// The closing brace of the block that closed last at top level, and the name of its node.
    last_closed: Option<(Range<usize>, Range<usize>)>,
    /// Line and indentation of the last brace or first token of a line that was looked at.
    line: (usize, usize),
    too_deep: bool,
    out: Structure,
}

/// A block whose closing brace is still to come.
struct Open {
    /// The statement that the block belongs to.
    owner: Statement,
    brace: Range<usize>,
    discarded: bool,
    indent: usize,
    line: usize,
    block: Block,
}

impl<'a> Builder<'a> {
    fn new(file: &'a SourceFile, tokens: &'a [Token], guided: bool) -> Self {
        Builder {
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

    fn build(mut self) -> Structure {
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

    fn span(&self, range: &Range<usize>) -> Span {
        self.file.span(range.start, range.end)
    }

    fn tell(&mut self, diagnostic: Diagnostic) {
        if self.out.diagnostics.len() <= limits::MISTAKES {
            self.out.diagnostics.push(diagnostic);
        }
    }

    fn slashdash(&mut self, token: Token) {
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
                Diagnostic::new(text::KDL_SYNTAX, "a value stands after a block that a slashdash takes out")
                    .label(self.span(&token.range()), "no value here")
                    .help("write the value before the block");
            self.tell(diagnostic);
        }
        self.slashdash = None;
        self.current.get_or_insert_default().head.push(token);
    }

    fn finish_statement(&mut self) {
        let slashdash = self.slashdash.take();
        let in_head = self.current.as_ref().is_some_and(|statement| !statement.head.is_empty());
        if let Some(at) = slashdash.filter(|_| !in_head) {
            let diagnostic = Diagnostic::new(text::KDL_SYNTAX, "a slashdash takes nothing out")
                .label(self.span(&(at..at + 2)), "nothing follows")
                .help("remove `/-`, or write it before what it takes out");
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
        let diagnostic = Diagnostic::new(text::KDL_SYNTAX, "a `;` ends no node")
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
        let diagnostic = Diagnostic::new(text::KDL_SYNTAX, "a node has one block, here is a second one")
            .label(self.span(&token.range()), "second block")
            .help("join the two blocks, or give the second one a node of its own");
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

    fn attach(&mut self, open: Open, end: usize) {
        let Open { mut owner, discarded, mut block, .. } = open;
        block.end = end;
        if discarded {
            owner.discarded_blocks.push(block);
        } else {
            owner.children = Some(block);
        }
        self.current = Some(owner);
    }

    fn stray(&mut self, token: Token) {
        let first_of_run = self.at == 0 || self.tokens[self.at - 1].kind != Kind::Close || self.out.unbalanced == 0;
        self.out.unbalanced += 1;
        if !first_of_run {
            return;
        }
        let mut diagnostic = Diagnostic::new(text::STRAY_BRACE, "a closing brace has no partner")
            .label(self.span(&token.range()), "closes nothing");
        if let Some((close, owner)) = &self.last_closed {
            diagnostic = diagnostic.label(self.span(close), format!("`{}` closed here", &self.text[owner.clone()]));
        }
        let span = self.span(&token.range());
        self.tell(diagnostic.help("remove it").fix("remove the brace", span, ""));
    }

    /// Closes blocks whose closing brace is missing, where the line's indentation says that they are over.
    fn close_by_indentation(&mut self, token: &Token) {
        let statement_start = self.current.as_ref().is_none_or(|statement| statement.head.is_empty());
        if !self.guided || self.stack.is_empty() || !statement_start || token.kind == Kind::Newline {
            return;
        }
        let first_on_line = self.at == 0 || self.tokens[self.at - 1].kind == Kind::Newline;
        if !first_on_line {
            return;
        }
        let (line, indent) = self.indent_of(token.start);
        while let Some(open) = self.stack.last() {
            let over = match token.kind {
                Kind::Close => indent < open.indent,
                _ => indent <= open.indent,
            };
            if !over || open.line == line {
                return;
            }
            self.close_missing();
        }
    }

    fn close_missing(&mut self) {
        let end =
            self.tokens[..self.at].iter().rev().find(|token| token.kind != Kind::Newline).map_or(0, |last| last.end);
        self.finish_statement();
        if let Some(open) = self.stack.pop() {
            self.unclosed(&open, end, 0);
            self.attach(open, end);
            self.finish_statement();
        }
    }

    fn unclosed_at_end(&mut self) {
        let end = self.tokens.iter().rev().find(|token| token.kind != Kind::Newline).map_or(0, |last| last.end);
        let mut told = self.too_deep;
        while let Some(open) = self.stack.pop() {
            if told {
                self.out.unbalanced += 1;
            } else {
                self.unclosed(&open, end, self.stack.len());
            }
            told = true;
            self.attach(open, end);
            self.finish_statement();
        }
    }

    fn unclosed(&mut self, open: &Open, end: usize, outer: usize) {
        self.out.unbalanced += 1;
        let name = open.owner.head.first().map_or("", |token| &self.text[token.range()]);
        let message = match name {
            "" => "a block is never closed".to_owned(),
            name => format!("the block of `{name}` is never closed"),
        };
        let close = match self.file.line_of(end) == open.line {
            true => " }".to_owned(),
            false => format!("\n{}}}", " ".repeat(open.indent)),
        };
        let mut diagnostic = Diagnostic::new(text::UNCLOSED_BRACE, message)
            .label(self.span(&open.brace), "opened here")
            .label(self.span(&(end..end)), "`}` missing after this")
            .help("write `}` after the last node of the block");
        if outer > 0 {
            let plural = if outer == 1 { "block around it is" } else { "blocks around it are" };
            diagnostic = diagnostic.note(format!("{outer} {plural} not closed either"));
        }
        let span = self.span(&(end..end));
        self.tell(diagnostic.fix("close the block", span, close));
    }

    /// Line of `offset`, and the width of the blanks that the line starts with.
    fn indent_of(&mut self, offset: usize) -> (usize, usize) {
        let line = self.file.line_of(offset);
        if self.line.0 != line {
            let text = &self.text[self.file.line_start(line)..];
            self.line = (line, text.len() - text.trim_start_matches(is_space).len());
        }
        self.line
    }
}
