use std::ops::Range;

/// A token of KDL text; comments, blanks and line continuations are the gaps between tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    /// Offset of the first byte.
    pub(super) start: usize,
    /// Offset after the last byte.
    pub(super) end: usize,
    /// Whether a blank, a comment or a line continuation stands before it.
    pub(super) gap: bool,
}

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A run of characters without quotes: a bare string, a number, a keyword, or what somebody forgot to quote.
    Word,
    /// A string in quotes of any kind.
    Text,
    /// `{`
    Open,
    /// `}`
    Close,
    /// `(`
    TypeOpen,
    /// `)`
    TypeClose,
    /// `=`
    Equals,
    /// `[`, which no KDL text has outside of strings.
    BracketOpen,
    /// `]`
    BracketClose,
    /// `/-`
    Slashdash,
    /// `;`
    Semicolon,
    /// The end of a line.
    Newline,
}

impl Token {
    pub(super) fn range(&self) -> Range<usize> {
        self.start..self.end
    }
}
