use super::grouping::Grouping;
use super::token::Token;
use crate::diagnostic::Diagnostic;
use crate::source::SourceFile;

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
    pub(super) unbalanced: usize,
}

/// Groups tokens into statements and blocks. Where braces do not balance, indentation decides which one is missing,
/// unless trusting it makes more mistakes than the braces alone.
pub(super) fn structure(file: &SourceFile, tokens: &[Token]) -> Structure {
    let plain = Grouping::new(file, tokens, false).build();
    if plain.unbalanced == 0 {
        return plain;
    }
    let guided = Grouping::new(file, tokens, true).build();
    if guided.unbalanced <= plain.unbalanced { guided } else { plain }
}
