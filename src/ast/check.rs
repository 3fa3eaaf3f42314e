use super::reader::Reader;
use super::{Filter, Grammar, Link, Operand, Predicate, PredicateKind, Query};
use crate::source::{Span, Spanned};

/// `expect QUERY PREDICATE…`, or one of its kin.
#[derive(Debug, Clone, PartialEq)]
pub struct Check<T = Spanned<String>> {
    /// What it is for.
    pub strength: CheckStrength,
    /// What is looked at.
    pub query: Query<T>,
    /// Where that is written, with what it takes.
    pub looked_at: Span,
    /// What the value goes through, in order; without a predicate only where a diagnostic says so.
    pub chain: Vec<Link<T>>,
    /// The node.
    pub span: Span,
}

/// What becomes of a test at a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CheckStrength {
    /// `expect`: where it does not hold the test has failed, and goes on, so that all failures are collected.
    Expect,
    /// `require`: where it does not hold the test has failed, and ends.
    Require,
    /// `stop-if`: where it holds the wait around it has failed, and ends.
    StopIf,
}

/// `capture NAME QUERY`: `capture item header=Location`, `capture code status`.
#[derive(Debug, Clone, PartialEq)]
pub struct Capture<T = Spanned<String>> {
    /// The name that `{{item}}` takes.
    pub name: Spanned<String>,
    /// What is kept.
    pub query: Query<T>,
    /// What it goes through before it is kept.
    pub filters: Vec<Filter<T>>,
    /// Its value is hidden in all that is shown.
    pub secret: bool,
    /// The node.
    pub span: Span,
}

impl Check {
    /// `expect`, `require` and `stop-if`; nothing of other nodes.
    pub(super) fn decode(node: Reader<'_>) -> Option<Self> {
        let strength = match node.name().value.as_str() {
            "expect" => CheckStrength::Expect,
            "require" => CheckStrength::Require,
            "stop-if" => CheckStrength::StopIf,
            _ => return None,
        };
        let (query, taken) = Query::decode(node, 0)?;
        let looked_at = node.entry(0)?.span.to(node.entry(taken - 1)?.span);
        let equal = node.entry(taken).and_then(|entry| {
            Some(Predicate { not: false, kind: PredicateKind::Equals(Operand::decode(node, entry)?), span: entry.span })
        });
        let short = node.properties().filter_map(|(name, entry)| Predicate::decode_short(node, name, entry));
        let mut chain: Vec<Link> = equal.into_iter().chain(short).map(Link::Predicate).collect();
        chain.extend(Link::decode_block(node));
        Some(Check { strength, query, looked_at, chain, span: node.span() })
    }
}

impl<T> Check<T> {
    /// The same check with other texts; `f` is told what each text is held to.
    pub fn map<U>(&self, f: &mut dyn FnMut(&T, Grammar) -> U) -> Check<U> {
        Check {
            strength: self.strength,
            query: self.query.map(f),
            looked_at: self.looked_at,
            chain: self.chain.iter().map(|link| link.map(f)).collect(),
            span: self.span,
        }
    }

    /// Its predicates that judge what is looked at itself: those before the first filter.
    pub fn direct(&self) -> impl Iterator<Item = &Predicate<T>> {
        self.chain.iter().map_while(Link::predicate)
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
                .or_else(|| node.property("xml").map(Query::Xml))
        };
        Some(Capture {
            name: node.argument(0)?,
            query: query.or_else(property)?,
            filters: node.children("filter").filter_map(Filter::decode).collect(),
            secret: node.property::<bool>("secret").is_some_and(|secret| secret.value),
            span: node.span(),
        })
    }
}

impl<T> Capture<T> {
    /// The same capture with other texts; `f` is told what each text is held to.
    pub fn map<U>(&self, f: &mut dyn FnMut(&T, Grammar) -> U) -> Capture<U> {
        Capture {
            name: self.name.clone(),
            query: self.query.map(f),
            filters: self.filters.iter().map(|filter| filter.map(f)).collect(),
            secret: self.secret,
            span: self.span,
        }
    }
}
