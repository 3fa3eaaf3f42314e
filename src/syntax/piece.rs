use std::ops::Range;

use super::mistakes::Mistakes;
use super::shapeless::shapeless;
use super::token::{Kind, Token};
use crate::diagnostic::{Diagnostic, codes::text};

/// A node's name, an argument or a property, with its annotation: what stands between two gaps of a head.
#[derive(Debug, Clone, Copy)]
pub(super) struct Piece {
    /// The word in the parentheses before the value or the node's name.
    pub(super) annotation: Option<Token>,
    /// The property's name.
    pub(super) name: Option<Token>,
    /// The value, or the node's name.
    pub(super) value: Token,
    /// Offset of the first byte of all of it.
    pub(super) start: usize,
    /// Taken out by a slashdash.
    pub(super) discarded: bool,
}

impl Piece {
    /// All of it.
    pub(super) fn range(&self) -> Range<usize> {
        self.start..self.value.end
    }
}

/// The pieces of a head, the node's name first.
#[derive(Debug, Default)]
pub(super) struct Pieces {
    pub(super) list: Vec<Piece>,
    /// Whether something had no shape of KDL and was left out. Nothing is left where that was the name.
    pub(super) incomplete: bool,
}

/// Groups the tokens of a head: no gap, `=` and parentheses hold tokens together.
pub(super) fn pieces(head: &[Token], mistakes: &mut Mistakes<'_>) -> Pieces {
    let mut out = Pieces::default();
    let mut discarded = false;
    let mut rest = head;
    while let Some(first) = rest.first() {
        if first.kind == Kind::Slashdash {
            discarded = true;
            rest = &rest[1..];
            if rest.is_empty() {
                let span = mistakes.span(&first.range());
                let diagnostic = Diagnostic::new(text::BAD_SLASHDASH, "a slashdash takes nothing out")
                    .label(span, "nothing follows")
                    .help("remove `/-`")
                    .fix("remove it", span, "");
                mistakes.push(diagnostic);
            }
            continue;
        }
        let (group, after) = rest.split_at(group_length(rest));
        rest = after;
        match piece(group) {
            Some(piece) => out.list.push(Piece { discarded, ..piece }),
            None => match shapeless(group, mistakes) {
                Some(value) => {
                    out.list.push(Piece { annotation: None, name: None, value, start: value.start, discarded })
                }
                None => {
                    out.incomplete = true;
                    if out.list.is_empty() {
                        return out;
                    }
                }
            },
        }
        discarded = false;
    }
    out
}

fn group_length(tokens: &[Token]) -> usize {
    let mut in_type = false;
    for (at, token) in tokens.iter().enumerate() {
        let before = at.checked_sub(1).map(|before| tokens[before].kind);
        let joined =
            in_type || token.kind == Kind::Equals || matches!(before, None | Some(Kind::Equals | Kind::TypeClose));
        if token.kind == Kind::Slashdash || (token.gap && !joined) {
            return at;
        }
        match token.kind {
            Kind::TypeOpen => in_type = true,
            Kind::TypeClose => in_type = false,
            _ => {}
        }
    }
    tokens.len()
}

/// `[ "(" atom ")" ] atom`, or `atom "=" [ "(" atom ")" ] atom`.
fn piece(group: &[Token]) -> Option<Piece> {
    let is_atom = |token: &Token| matches!(token.kind, Kind::Word | Kind::Text);
    let start = group.first()?.start;
    let (name, value) = match group {
        [name, equals, value @ ..] if is_atom(name) && equals.kind == Kind::Equals => (Some(*name), value),
        value => (None, value),
    };
    let (annotation, value) = match value {
        [open, annotation, close, value]
            if open.kind == Kind::TypeOpen && is_atom(annotation) && close.kind == Kind::TypeClose =>
        {
            (Some(*annotation), *value)
        }
        [value] => (None, *value),
        _ => return None,
    };
    is_atom(&value).then_some(Piece { annotation, name, value, start, discarded: false })
}
