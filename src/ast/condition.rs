use super::reader::Reader;
use crate::source::{Span, Spanned};

/// `when param=NAME is=VALUE`, or `when changed="src/**"`.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    /// What decides.
    pub test: ConditionTest,
    /// The node.
    pub span: Span,
}

/// What decides whether a stage is wanted.
#[derive(Debug, Clone, PartialEq)]
pub enum ConditionTest {
    /// `param=NAME is=VALUE`, `param=NAME is-not=VALUE`.
    Param {
        /// The param.
        param: Spanned<String>,
        /// `is` rather than `is-not`.
        is: bool,
        /// The value.
        value: Spanned<String>,
    },
    /// `changed=PATTERN`.
    Changed(Spanned<String>),
}

impl Condition {
    pub(super) fn decode(node: Reader<'_>) -> Option<Self> {
        let changed = || node.property("changed").map(ConditionTest::Changed);
        let param = || {
            let param = node.property("param")?;
            let is = node.property("is").map(|value| (true, value));
            let (is, value) = is.or_else(|| node.property("is-not").map(|value| (false, value)))?;
            Some(ConditionTest::Param { param, is, value })
        };
        Some(Condition { test: param().or_else(changed)?, span: node.span() })
    }
}
