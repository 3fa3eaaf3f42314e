use super::characters::is_space;
use super::grouping::{Grouping, Open};
use super::token::{Kind, Token};
use crate::diagnostic::{Diagnostic, codes::text};

/// Braces without a partner: where one is missing, and what is told of it.
impl Grouping<'_> {
    /// Closes blocks whose closing brace is missing, where the line's indentation says that they are over.
    pub(super) fn close_by_indentation(&mut self, token: &Token) {
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

    pub(super) fn unclosed_at_end(&mut self) {
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
        let line = self.file.line_of(end);
        let close = |open: &Open| match line == open.line {
            true => " }".to_owned(),
            false => format!("\n{}}}", " ".repeat(open.indent)),
        };
        // At the end of the text, the blocks around it are closed with it.
        let around = self.stack.iter().rev().take(outer);
        let close: String = std::iter::once(open).chain(around).map(close).collect();
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

    pub(super) fn stray(&mut self, token: Token) {
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

    /// Line of `offset`, and the width of the blanks that the line starts with.
    pub(super) fn indent_of(&mut self, offset: usize) -> (usize, usize) {
        let line = self.file.line_of(offset);
        if self.line.0 != line {
            let text = &self.text[self.file.line_start(line)..];
            self.line = (line, text.len() - text.trim_start_matches(is_space).len());
        }
        self.line
    }
}
