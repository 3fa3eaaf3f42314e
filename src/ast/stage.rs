use super::{Artifact, ContainerSettings};
use crate::source::{Span, Spanned};

/// `stage NAME { … }`.
#[derive(Debug, Clone, PartialEq)]
pub struct Stage {
    /// Its name, where it is declared.
    pub name: Spanned<String>,
    /// Settings of its container.
    pub settings: ContainerSettings,
    /// `artifact …`, in order.
    pub artifacts: Vec<Artifact>,
    /// `allow-failure`.
    pub allow_failure: Option<Spanned<bool>>,
    /// `expect-exit CODE…`; each from 0 to 255.
    pub expect_exit: Vec<Spanned<i64>>,
    /// The whole node.
    pub span: Span,
}
