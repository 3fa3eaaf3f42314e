use super::reader::Reader;
use crate::source::{Span, Spanned};

/// `cache { input "src/**" }`.
#[derive(Debug, Clone, PartialEq)]
pub struct Cache {
    /// Patterns of paths of the pipeline's directory that the stage depends on.
    pub inputs: Vec<Spanned<String>>,
    /// The node.
    pub span: Span,
}

impl Cache {
    pub(super) fn decode(node: Reader<'_>) -> Self {
        Cache { inputs: node.values("input"), span: node.span() }
    }
}
