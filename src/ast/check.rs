use crate::source::{Span, Spanned};

/// `expect QUERY PREDICATE…` or `require QUERY PREDICATE…`.
#[derive(Debug, Clone, PartialEq)]
pub struct Check {
    /// Which of the two.
    pub strength: CheckStrength,
    /// What is looked at.
    pub query: Query,
    /// What must hold, in order; empty only where a diagnostic says so.
    pub predicates: Vec<Predicate>,
    /// The node.
    pub span: Span,
}

/// Whether a test goes on after a check that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CheckStrength {
    /// It does; all failures are collected.
    Expect,
    /// It ends there.
    Require,
}

/// `capture NAME QUERY`: `capture item header=Location`, `capture code status`.
#[derive(Debug, Clone, PartialEq)]
pub struct Capture {
    /// The name that `{{item}}` takes.
    pub name: Spanned<String>,
    /// What is kept.
    pub query: Query,
    /// The node.
    pub span: Span,
}

/// What is looked at in an answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Query {
    /// The status code.
    Status,
    /// The HTTP version.
    Version,
    /// The URL, after redirects.
    Url,
    /// The value of a header.
    Header(Spanned<String>),
    /// The value of a cookie.
    Cookie(Spanned<String>),
    /// The body as text.
    Body,
    /// The number of bytes in the body.
    Size,
    /// SHA-256 of the body.
    Sha256,
    /// What a JSONPath selects.
    Json(Spanned<String>),
    /// What a regular expression finds in the body.
    Regex(Spanned<String>),
    /// Milliseconds from sending to the last byte.
    Duration,
}

/// One thing that must hold of the value looked at.
#[derive(Debug, Clone, PartialEq)]
pub struct Predicate {
    /// Must not hold, instead: `not-contains="x"`, or inside `not { … }`.
    pub not: bool,
    /// What.
    pub kind: PredicateKind,
    /// Where it is written: the property, the node, or the value that stands for `equals`.
    pub span: Span,
}

/// What can be asked of a value.
#[derive(Debug, Clone, PartialEq)]
pub enum PredicateKind {
    /// `equals="x"`.
    Equals(Operand),
    /// `gt=3`.
    Gt(Spanned<f64>),
    /// `ge=3`.
    Ge(Spanned<f64>),
    /// `lt=3`.
    Lt(Spanned<f64>),
    /// `le=3`.
    Le(Spanned<f64>),
    /// `between 200 299`.
    Between(Spanned<f64>, Spanned<f64>),
    /// `starts-with="x"`.
    StartsWith(Spanned<String>),
    /// `ends-with="x"`.
    EndsWith(Spanned<String>),
    /// `contains="x"`.
    Contains(Operand),
    /// `matches="regex"`.
    Matches(Spanned<String>),
    /// `in 200 201`; never empty.
    In(Vec<Operand>),
    /// `exists`; `exists=#false` is its negation.
    Exists,
    /// `empty`.
    Empty,
    /// `null`.
    Null,
    /// `count=3`.
    Count(Spanned<u64>),
    /// `type=string`.
    Type(Spanned<JsonKind>),
    /// `has-key="x"`.
    HasKey(Spanned<String>),
    /// `json-equals="…"`.
    JsonEquals(Spanned<String>),
    /// `json-contains="…"`.
    JsonContains(Spanned<String>),
}

/// What a value is compared with.
#[derive(Debug, Clone, PartialEq)]
pub enum Operand {
    /// A string.
    Text(Spanned<String>),
    /// A number.
    Number(Spanned<f64>),
    /// `#true` or `#false`.
    Bool(Spanned<bool>),
    /// `#null`: its place.
    Null(Span),
}

/// A type of JSON value, as `type=` names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JsonKind {
    /// A number without fraction.
    Int,
    /// Any number.
    Number,
    /// A boolean.
    Bool,
    /// A string.
    String,
    /// A list.
    List,
    /// An object.
    Object,
}
