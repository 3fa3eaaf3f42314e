use super::Words;
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
