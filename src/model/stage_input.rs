use super::{Name, Text};
use crate::source::{Span, Spanned};

/// An artifact of another stage that is copied into a stage's container before it starts.
#[derive(Debug, Clone)]
pub struct StageInput {
    /// The stage that leaves it; of a stage with a matrix, the instance.
    pub from: Spanned<Name>,
    /// In the container of that stage; absolute.
    pub path: Text,
    /// In the container of this stage; absolute.
    pub at: Text,
    /// The node.
    pub span: Span,
}
