use std::ops::Range;

use super::trivia::Trivia;
use crate::syntax::token::Token;

/// A text, or what stands between braces, with all that the printer keeps.
#[derive(Debug, Default)]
pub(super) struct Block {
    pub(super) items: Vec<Item>,
    /// Whether it was written on one line, braces included.
    pub(super) one_line: bool,
}

/// A node or a comment between nodes.
#[derive(Debug)]
pub(super) struct Item {
    /// How many lines ended since the item before, or since the block began.
    pub(super) lines_before: usize,
    pub(super) what: What,
}

#[derive(Debug)]
pub(super) enum What {
    Node(Node),
    Comment {
        range: Range<usize>,
        /// Whether a node stands before it on its line, with no `;` between.
        after_node: bool,
    },
}

/// Name, entries and blocks, in order.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) parts: Vec<Part>,
}

/// The name, an argument, a property or a block.
#[derive(Debug)]
pub(super) struct Part {
    /// What stands before it; the blanks are not kept.
    pub(super) gap: Vec<Trivia>,
    /// Where a slashdash takes it out, what stands after that.
    pub(super) slashdash: Option<Vec<Trivia>>,
    pub(super) body: Body,
}

#[derive(Debug)]
pub(super) enum Body {
    /// Tokens that belong together, each with what stands before it.
    Entry(Vec<(Vec<Trivia>, Token)>),
    Block(Block),
}

impl Item {
    pub(super) fn is_node(&self) -> bool {
        matches!(self.what, What::Node(_))
    }
}
