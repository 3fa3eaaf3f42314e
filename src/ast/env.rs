use crate::source::{Span, Spanned};

/// A line of `env { KEY value }`, or `env KEY value`.
#[derive(Debug, Clone, PartialEq)]
pub struct EnvEntry {
    /// The variable.
    pub key: Spanned<String>,
    /// Its value.
    pub value: EnvValue,
    /// Both together.
    pub span: Span,
}

/// The value of a variable.
#[derive(Debug, Clone, PartialEq)]
pub enum EnvValue {
    /// A string.
    Text(Spanned<String>),
    /// `(secret)NAME`: the name's place.
    Secret(Spanned<String>),
    /// A key alone: the value of the param of that name.
    Param,
}

/// `label KEY value`, `arg KEY value` and their like; blocks of `KEY value` lines are the same.
#[derive(Debug, Clone, PartialEq)]
pub struct KeyValue {
    /// The key.
    pub key: Spanned<String>,
    /// The value.
    pub value: Spanned<String>,
    /// Both together.
    pub span: Span,
}
