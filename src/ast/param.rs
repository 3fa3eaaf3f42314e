use super::HostCommand;
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
    pub command: Option<HostCommand>,
    /// `choices A B C`: the values that are allowed; all where there are none.
    pub choices: Vec<Spanned<String>>,
    /// `pattern="…"`: what the whole value must match.
    pub pattern: Option<Spanned<String>>,
    /// `required`: the word's place.
    pub required: Option<Span>,
    /// The whole node.
    pub span: Span,
}

impl Param {
    pub(super) fn decode(node: Reader<'_>) -> Option<Self> {
        Some(Param {
            name: node.argument(0)?,
            default: node.argument(1).or_else(|| node.property("default")),
            env: node.property("env"),
            command: HostCommand::decode(node),
            choices: node.values("choices"),
            pattern: node.property("pattern"),
            required: node.child("required").map(|required| required.name().span),
            span: node.span(),
        })
    }
}
