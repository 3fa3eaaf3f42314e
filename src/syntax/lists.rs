//! `[a, b]`, `"a", "b"` and `- item`, where KDL has values one after another.

use super::keys::ends_in_colon;
use super::mistakes::Mistakes;
use super::structure::Statement;
use super::token::{Kind, Token};
use super::words::{as_value, shortened};
use crate::diagnostic::{Diagnostic, Edit, Fix, codes::text};
use crate::source::Span;

/// Takes brackets and commas out of a head.
pub(super) fn unlist(head: &mut Vec<Token>, mistakes: &mut Mistakes<'_>) {
    if !head.iter().enumerate().any(|(at, token)| is_mark(head, at, token, mistakes.file.text())) {
        return;
    }
    let source: &str = mistakes.file.text();
    join_bracketed_words(head);
    let bracketed = head.iter().any(|token| matches!(token.kind, Kind::BracketOpen | Kind::BracketClose));
    let mut unlisted = Unlisted::default();
    for (at, token) in head.iter().enumerate() {
        match token.kind {
            Kind::BracketOpen | Kind::BracketClose => unlisted.cut(mistakes.span(&token.range()), token.gap),
            Kind::Word if bracketed || is_mark(head, at, token, source) => {
                let mut start = token.start;
                for part in source[token.range()].split_inclusive(',') {
                    let end = start + part.trim_end_matches(',').len();
                    if end > start {
                        unlisted.keep(Token { start, end, gap: token.gap && start == token.start, ..*token });
                    }
                    start += part.len();
                    if end < start {
                        let gap = token.gap && end == token.start;
                        unlisted.cut(mistakes.span(&(end..start)), gap);
                    }
                }
            }
            _ => unlisted.keep(*token),
        }
    }
    let section = head.first().is_some_and(|first| first.kind == Kind::BracketOpen);
    *head = unlisted.tokens;
    if let Some(marks) = unlisted.marks {
        mistakes.push(tell(head, marks, unlisted.edits, bracketed, section, source));
    }
}

/// The tokens of a head without its list marks.
#[derive(Default)]
struct Unlisted {
    tokens: Vec<Token>,
    edits: Vec<Edit>,
    /// From the first mark to the last.
    marks: Option<Span>,
    /// Whether a mark came last.
    separated: bool,
    /// Whether that mark stood right after a token that was kept.
    glued: bool,
}

impl Unlisted {
    fn keep(&mut self, token: Token) {
        let blank = self.glued && !token.gap && !self.tokens.is_empty();
        if let Some(edit) = self.edits.last_mut().filter(|_| blank) {
            edit.text = " ".to_owned();
        }
        self.tokens.push(Token { gap: token.gap || self.separated, ..token });
        self.separated = false;
        self.glued = false;
    }

    fn cut(&mut self, mark: Span, gap: bool) {
        self.glued = !gap;
        self.marks = Some(self.marks.map_or(mark, |marks| marks.to(mark)));
        self.edits.push(Edit { span: mark, text: String::new() });
        self.separated = true;
    }
}

fn tell(head: &[Token], marks: Span, edits: Vec<Edit>, bracketed: bool, section: bool, source: &str) -> Diagnostic {
    let values = head.iter().map(|token| match token.kind {
        Kind::Word => as_value(&source[token.range()]),
        _ => source[token.range()].to_owned(),
    });
    let line = values.take(20).collect::<Vec<_>>().join(" ");
    let (message, label, help) = match (section, bracketed) {
        (true, _) => (
            "a node's name takes no brackets",
            "section of another language",
            format!("write `{} {{ … }}`", shortened(&line)),
        ),
        (_, true) => (
            "KDL has no lists, values stand one after another",
            "list of another language",
            format!("write `{}`", shortened(&line)),
        ),
        (_, false) => (
            "values stand one after another, without commas",
            "commas do not separate",
            format!("write `{}`", shortened(&line)),
        ),
    };
    let mut diagnostic = Diagnostic::new(text::LIST_SYNTAX, message).label(marks, label).help(help);
    diagnostic.fixes.push(Fix { title: "write plain values".to_owned(), safe: true, edits });
    diagnostic
}

/// A bracket, or a comma that is no legal part of a word: one on its own, or right after a string.
fn is_mark(head: &[Token], at: usize, token: &Token, source: &str) -> bool {
    let after_string = !token.gap && at > 0 && head[at - 1].kind == Kind::Text;
    match token.kind {
        Kind::BracketOpen | Kind::BracketClose => true,
        Kind::Word => &source[token.range()] == "," || (after_string && source[token.range()].starts_with(',')),
        _ => false,
    }
}

/// `[::1]:80`: what goes on right after the bracket is one word that needs quotes.
fn join_bracketed_words(head: &mut Vec<Token>) {
    let mut out = Vec::with_capacity(head.len());
    let mut at = 0;
    while let Some(&token) = head.get(at) {
        let glued = 1 + head[at + 1..].iter().take_while(|next| token.kind == Kind::BracketOpen && !next.gap).count();
        let group = &head[at..at + glued];
        let goes_on = group.last().is_some_and(|last| last.kind == Kind::Word);
        if goes_on && group.iter().any(|token| token.kind == Kind::BracketClose) {
            out.push(Token { kind: Kind::Word, end: group[glued - 1].end, ..token });
        } else {
            out.extend_from_slice(group);
        }
        at += glued;
    }
    *head = out;
}

/// Gives `- item` lines to the node before them as values. Says whether items were left over that have no such node.
pub(super) fn join_dash_items(statements: &mut Vec<Statement>, mistakes: &mut Mistakes<'_>) -> bool {
    let source: &str = mistakes.file.text();
    let is_item = |statement: &Statement| {
        let dash =
            statement.head.first().is_some_and(|first| first.kind == Kind::Word && &source[first.range()] == "-");
        dash && !statement.discarded && statement.children.is_none()
    };
    if !statements.iter().any(is_item) {
        return false;
    }
    let mut left_over = false;
    let mut out: Vec<Statement> = Vec::new();
    let mut items = std::mem::take(statements).into_iter().peekable();
    while let Some(statement) = items.next() {
        if !is_item(&statement) {
            out.push(statement);
            continue;
        }
        let mut run = vec![statement];
        while let Some(next) = items.next_if(is_item) {
            run.push(next);
        }
        let owner =
            out.last_mut().filter(|owner| !owner.discarded && owner.children.is_none() && !owner.head.is_empty());
        left_over |= owner.is_none();
        join_run(owner, run, mistakes);
    }
    *statements = out;
    left_over
}

fn join_run(owner: Option<&mut Statement>, run: Vec<Statement>, mistakes: &mut Mistakes<'_>) {
    let source: &str = mistakes.file.text();
    let first = run[0].head[0].range();
    let diagnostic = Diagnostic::new(text::LIST_SYNTAX, "KDL has no lists, values stand after the node's name")
        .label(mistakes.span(&first), "list of another language");
    let Some(owner) = owner else {
        return mistakes.push(diagnostic.help("write the values on the line of their node"));
    };
    if let Some(name) = owner.head.first_mut().filter(|name| ends_in_colon(name, source)) {
        name.end -= 1;
    }
    let mut edits = Vec::new();
    let mut only_blanks = true;
    for item in run {
        let end = owner.head.last().map_or(first.start, |last| last.end);
        let dash = item.head[0].range();
        let mut values = item.head.into_iter().skip(1);
        let Some(value) = values.next() else {
            edits.push(Edit { span: mistakes.span(&dash), text: String::new() });
            continue;
        };
        only_blanks &= source[end..value.start].trim_start_matches(':').trim() == "-";
        edits.push(Edit { span: mistakes.span(&(end..value.start)), text: " ".to_owned() });
        // The line that is proposed below has the quotes that the value lacks.
        let written = &source[value.range()];
        if value.kind == Kind::Word && as_value(written) != written {
            let quoted = as_value(written);
            edits.push(Edit { span: mistakes.span(&value.range()), text: quoted.clone() });
            mistakes.mend(value.range(), quoted);
        }
        owner.head.push(Token { gap: true, ..value });
        owner.head.extend(values);
    }
    let values = owner.head.iter().take(20).map(|token| match token.kind {
        Kind::Word => as_value(&source[token.range()]),
        _ => source[token.range()].to_owned(),
    });
    let words = values.collect::<Vec<_>>().join(" ");
    let mut diagnostic = diagnostic.help(format!("write `{}`", shortened(&words)));
    if only_blanks {
        diagnostic.fixes.push(Fix { title: "write the values after the name".to_owned(), safe: true, edits });
    }
    mistakes.push(diagnostic);
}
