use super::reader::Reader;
use crate::source::{Span, Spanned};

/// `input STAGE "/from" at="/to"`.
#[derive(Debug, Clone, PartialEq)]
pub struct Input {
    /// The stage that leaves it.
    pub stage: Spanned<String>,
    /// In the container of that stage.
    pub path: Spanned<String>,
    /// In the container of this stage.
    pub at: Option<Spanned<String>>,
    /// The node.
    pub span: Span,
}

impl Input {
    pub(super) fn decode(node: Reader<'_>) -> Option<Self> {
        Some(Input { stage: node.argument(0)?, path: node.argument(1)?, at: node.property("at"), span: node.span() })
    }
}
