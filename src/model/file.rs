use super::{Name, Text};
use crate::source::{Span, Spanned};

/// A file that is put into a container before it starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PutFile {
    /// Where; absolute.
    pub path: Text,
    /// What stands in it.
    pub content: FileContent,
    /// Its permissions: at most `0o7777`.
    pub mode: u32,
    /// `user[:group]`; root where nobody says.
    pub owner: Option<Text>,
    /// The node.
    pub span: Span,
}

/// What stands in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileContent {
    /// A text.
    Text(Text),
    /// The value of a secret.
    Secret(Spanned<Name>),
}
