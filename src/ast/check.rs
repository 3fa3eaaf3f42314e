use super::reader::{Reader, words};
use crate::source::{Span, Spanned};
use crate::syntax::{Entry, Value};

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

words!(JsonKind:
    "int" => JsonKind::Int,
    "number" => JsonKind::Number,
    "bool" => JsonKind::Bool,
    "string" => JsonKind::String,
    "list" => JsonKind::List,
    "object" => JsonKind::Object,
);

impl Check {
    /// `expect` and `require`; nothing of other nodes.
    pub(super) fn decode(node: Reader<'_>) -> Option<Self> {
        let strength = match node.name().value.as_str() {
            "expect" => CheckStrength::Expect,
            "require" => CheckStrength::Require,
            _ => return None,
        };
        let (query, taken) = Query::decode(node, 0)?;
        let equal = node.entry(taken).and_then(|entry| {
            Some(Predicate { not: false, kind: PredicateKind::Equals(Operand::decode(node, entry)?), span: entry.span })
        });
        let short = node.properties().filter_map(|(name, entry)| Predicate::decode_short(node, name, entry));
        let mut predicates: Vec<Predicate> = equal.into_iter().chain(short).collect();
        Predicate::decode_long(node, false, &mut predicates);
        Some(Check { strength, query, predicates, span: node.span() })
    }
}

impl Capture {
    pub(super) fn decode(node: Reader<'_>) -> Option<Self> {
        let query = Query::decode(node, 1).map(|(query, _)| query);
        let property = || {
            let header = node.property("header").map(Query::Header);
            header
                .or_else(|| node.property("cookie").map(Query::Cookie))
                .or_else(|| node.property("json").map(Query::Json))
                .or_else(|| node.property("regex").map(Query::Regex))
        };
        Some(Capture { name: node.argument(0)?, query: query.or_else(property)?, span: node.span() })
    }
}

impl Query {
    /// The query whose word is the argument `at`, and the number of arguments before what follows it.
    fn decode(node: Reader<'_>, at: usize) -> Option<(Self, usize)> {
        let word: Spanned<String> = node.argument(at)?;
        let plain = match word.value.as_str() {
            "status" => Query::Status,
            "version" => Query::Version,
            "url" => Query::Url,
            "body" => Query::Body,
            "size" => Query::Size,
            "sha256" => Query::Sha256,
            "duration" => Query::Duration,
            "header" => return Some((Query::Header(node.argument(at + 1)?), at + 2)),
            "cookie" => return Some((Query::Cookie(node.argument(at + 1)?), at + 2)),
            "json" => return Some((Query::Json(node.argument(at + 1)?), at + 2)),
            "regex" => return Some((Query::Regex(node.argument(at + 1)?), at + 2)),
            _ => return None,
        };
        Some((plain, at + 1))
    }
}

impl Predicate {
    /// `contains="x"`, `not-contains="x"`, `exists=#false`.
    fn decode_short(node: Reader<'_>, name: &str, entry: &Entry) -> Option<Self> {
        let (plain, not) = name.strip_prefix("not-").map_or((name, false), |plain| (plain, true));
        let switch = |kind| node.read::<bool>(entry).map(|on| (kind, !on.value));
        let (kind, off) = match plain {
            "exists" => switch(PredicateKind::Exists)?,
            "empty" => switch(PredicateKind::Empty)?,
            "null" => switch(PredicateKind::Null)?,
            _ => (PredicateKind::decode(node, plain, entry)?, false),
        };
        Some(Predicate { not: not != off, kind, span: entry.span })
    }

    /// The predicates in the block of `parent`, one a line; `not { … }` turns those in it around.
    fn decode_long(parent: Reader<'_>, not: bool, predicates: &mut Vec<Self>) {
        for node in parent.all() {
            let kind = match node.name().value.as_str() {
                "not" => {
                    Predicate::decode_long(node, !not, predicates);
                    continue;
                }
                "exists" => Some(PredicateKind::Exists),
                "empty" => Some(PredicateKind::Empty),
                "null" => Some(PredicateKind::Null),
                "between" => node.argument(0).and_then(|least| Some(PredicateKind::Between(least, node.argument(1)?))),
                "in" => {
                    let operands: Vec<Operand> =
                        node.entries().filter_map(|entry| Operand::decode(node, entry)).collect();
                    (!operands.is_empty()).then_some(PredicateKind::In(operands))
                }
                name => node.entry(0).and_then(|entry| PredicateKind::decode(node, name, entry)),
            };
            predicates.extend(kind.map(|kind| Predicate { not, kind, span: node.span() }));
        }
    }
}

impl PredicateKind {
    /// A predicate of one value, short or long.
    fn decode(node: Reader<'_>, name: &str, entry: &Entry) -> Option<Self> {
        let operand = || Operand::decode(node, entry);
        Some(match name {
            "equals" => PredicateKind::Equals(operand()?),
            "gt" => PredicateKind::Gt(node.read(entry)?),
            "ge" => PredicateKind::Ge(node.read(entry)?),
            "lt" => PredicateKind::Lt(node.read(entry)?),
            "le" => PredicateKind::Le(node.read(entry)?),
            "starts-with" => PredicateKind::StartsWith(node.read(entry)?),
            "ends-with" => PredicateKind::EndsWith(node.read(entry)?),
            "contains" => PredicateKind::Contains(operand()?),
            "matches" => PredicateKind::Matches(node.read(entry)?),
            "count" => PredicateKind::Count(node.read(entry)?),
            "type" => PredicateKind::Type(node.read(entry)?),
            "has-key" => PredicateKind::HasKey(node.read(entry)?),
            "json-equals" => PredicateKind::JsonEquals(node.read(entry)?),
            "json-contains" => PredicateKind::JsonContains(node.read(entry)?),
            _ => return None,
        })
    }
}

impl Operand {
    fn decode(node: Reader<'_>, entry: &Entry) -> Option<Self> {
        let span = entry.value.span;
        match &entry.value.value {
            Value::String(text) => Some(Operand::Text(Spanned::new(text.clone(), span))),
            Value::Integer(_) | Value::Float(_) => node.read(entry).map(Operand::Number),
            Value::Bool(value) => Some(Operand::Bool(Spanned::new(*value, span))),
            Value::Null => Some(Operand::Null(span)),
        }
    }
}
