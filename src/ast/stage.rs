use super::reader::Reader;
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

impl Stage {
    pub(super) fn decode(node: Reader<'_>) -> Option<Self> {
        Some(Stage {
            name: node.argument(0)?,
            settings: ContainerSettings::decode(node),
            artifacts: node.children("artifact").filter_map(Artifact::decode).collect(),
            allow_failure: node.switch("allow-failure"),
            expect_exit: node.values("expect-exit"),
            span: node.span(),
        })
    }
}
