use super::Words;
use super::reader::Reader;
use crate::source::{Span, Spanned};

/// `param NAME [default] env=VAR { command … }`.
#[derive(Debug, Clone, PartialEq)]
pub struct Param {
    /// Its name, where it is declared.
    pub name: Spanned<String>,
    /// The value where no other source has one.
    pub default: Option<Spanned<String>>,
    /// The variable of pipe's own environment that gives the value.
    pub env: Option<Spanned<String>>,
    /// The command on the host whose output is the value.
    pub command: Option<Words>,
    /// The whole node.
    pub span: Span,
}

impl Param {
    pub(super) fn decode(node: Reader<'_>) -> Option<Self> {
        Some(Param {
            name: node.argument(0)?,
            default: node.argument(1).or_else(|| node.property("default")),
            env: node.property("env"),
            command: node.words("command"),
            span: node.span(),
        })
    }
}
