use super::reader::Reader;
use super::{Artifact, Cache, Condition, ContainerSettings, Input, Matrix, Oom, OutputReport, Retry};
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
    /// `report tap`.
    pub report: Option<Spanned<OutputReport>>,
    /// `input …`, in order.
    pub inputs: Vec<Input>,
    /// `matrix { … }`.
    pub matrix: Option<Matrix>,
    /// `when …`, in order.
    pub conditions: Vec<Condition>,
    /// `retry …`.
    pub retry: Option<Retry>,
    /// `always`.
    pub always: Option<Spanned<bool>>,
    /// `cache { … }`.
    pub cache: Option<Cache>,
    /// `allow-failure`.
    pub allow_failure: Option<Spanned<bool>>,
    /// `expect-exit CODE…`; each from 0 to 255.
    pub expect_exit: Vec<Spanned<i64>>,
    /// `oom fail`.
    pub oom: Option<Spanned<Oom>>,
    /// The whole node.
    pub span: Span,
}

impl Stage {
    pub(super) fn decode(node: Reader<'_>) -> Option<Self> {
        Some(Stage {
            name: node.argument(0)?,
            settings: ContainerSettings::decode(node),
            artifacts: node.children("artifact").filter_map(Artifact::decode).collect(),
            report: node.value("report"),
            inputs: node.children("input").filter_map(Input::decode).collect(),
            matrix: node.child("matrix").map(Matrix::decode),
            conditions: node.children("when").filter_map(Condition::decode).collect(),
            retry: node.child("retry").and_then(Retry::decode),
            always: node.switch("always"),
            cache: node.child("cache").map(Cache::decode),
            allow_failure: node.switch("allow-failure"),
            expect_exit: node.values("expect-exit"),
            oom: node.value("oom"),
            span: node.span(),
        })
    }
}
