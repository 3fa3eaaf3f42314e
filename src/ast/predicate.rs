use super::reader::{Reader, words};
use super::{Filter, Grammar};
use crate::source::{Span, Spanned};
use crate::syntax::{Entry, Value};

/// A link of the chain that a value goes through.
#[derive(Debug, Clone, PartialEq)]
pub enum Link<T = Spanned<String>> {
    /// Changes it.
    Filter(Filter<T>),
    /// Judges it.
    Predicate(Predicate<T>),
}

/// One thing that must hold of the value looked at.
#[derive(Debug, Clone, PartialEq)]
pub struct Predicate<T = Spanned<String>> {
    /// Must not hold, instead: `not-contains="x"`.
    pub not: bool,
    /// What.
    pub kind: PredicateKind<T>,
    /// Where it is written: the property, the node, or the value that stands for `equals`.
    pub span: Span,
}

/// What can be asked of a value.
#[derive(Debug, Clone, PartialEq)]
pub enum PredicateKind<T = Spanned<String>> {
    /// Equal: numbers by value, strings exactly.
    Equals(Operand<T>),
    /// Greater.
    Gt(f64),
    /// Greater or equal.
    Ge(f64),
    /// Less.
    Lt(f64),
    /// Less or equal.
    Le(f64),
    /// Within both, inclusive.
    Between(f64, f64),
    /// Nearly equal: by how much it may be off, a thousandth where it is not said.
    Approx(f64, Option<f64>),
    /// Begins so.
    StartsWith(T),
    /// Ends so.
    EndsWith(T),
    /// A string that holds it, or a list that has it.
    Contains(Operand<T>),
    /// A string that holds all of these, or a list that has them; never empty.
    ContainsAll(Vec<Operand<T>>),
    /// A list of just these, in any order; never empty.
    AnyOrder(Vec<Operand<T>>),
    /// A regular expression matches somewhere.
    Matches(T),
    /// Is one of these; never empty.
    In(Vec<Operand<T>>),
    /// There is a value.
    Exists,
    /// An empty string, list or object.
    Empty,
    /// JSON null.
    Null,
    /// A list of this many, or an object or string of this length.
    Count(u64),
    /// A type of value.
    Type(JsonKind),
    /// An object with this key.
    HasKey(T),
    /// A list in order.
    Sorted,
    /// A list in which no value stands twice.
    Unique,
    /// The same JSON, whatever the order of keys.
    JsonEquals(T),
    /// JSON that has at least this.
    JsonContains(T),
    /// Valid under the JSON Schema in a file.
    JsonSchema(T),
    /// Equal to a file.
    Snapshot(T),
    /// Each, any or no element of a list goes through this chain.
    Quantified(Quantifier, Vec<Link<T>>),
    /// None of the predicates of this chain holds.
    Not(Vec<Link<T>>),
}

/// Of how many elements of a list something must hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quantifier {
    /// Of each.
    Each,
    /// Of at least one.
    Any,
    /// Of none.
    None,
}

/// What a value is compared with.
#[derive(Debug, Clone, PartialEq)]
pub enum Operand<T = Spanned<String>> {
    /// A string.
    Text(T),
    /// A number.
    Number(f64),
    /// `#true` or `#false`.
    Bool(bool),
    /// `#null`.
    Null,
}

/// A type of value, as `type=` names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JsonKind {
    /// A number without fraction.
    Int,
    /// A number with a fraction.
    Float,
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
    /// A list or an object.
    Collection,
    /// A date, or a string that is one, with or without a time.
    Date,
    /// A string that is a date and a time of RFC 3339.
    IsoDate,
    /// A string that is a UUID.
    Uuid,
    /// A string that is an IPv4 address.
    Ipv4,
    /// A string that is an IPv6 address.
    Ipv6,
    /// A string that is an absolute URL.
    Url,
    /// A string of the form `name@domain`.
    Email,
    /// A string that is a semantic version.
    Semver,
}

words!(JsonKind:
    "int" => JsonKind::Int,
    "float" => JsonKind::Float,
    "number" => JsonKind::Number,
    "bool" => JsonKind::Bool,
    "string" => JsonKind::String,
    "list" => JsonKind::List,
    "object" => JsonKind::Object,
    "collection" => JsonKind::Collection,
    "date" => JsonKind::Date,
    "iso-date" => JsonKind::IsoDate,
    "uuid" => JsonKind::Uuid,
    "ipv4" => JsonKind::Ipv4,
    "ipv6" => JsonKind::Ipv6,
    "url" => JsonKind::Url,
    "email" => JsonKind::Email,
    "semver" => JsonKind::Semver,
);

impl JsonKind {
    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            JsonKind::Int => "int",
            JsonKind::Float => "float",
            JsonKind::Number => "number",
            JsonKind::Bool => "bool",
            JsonKind::String => "string",
            JsonKind::List => "list",
            JsonKind::Object => "object",
            JsonKind::Collection => "collection",
            JsonKind::Date => "date",
            JsonKind::IsoDate => "iso-date",
            JsonKind::Uuid => "uuid",
            JsonKind::Ipv4 => "ipv4",
            JsonKind::Ipv6 => "ipv6",
            JsonKind::Url => "url",
            JsonKind::Email => "email",
            JsonKind::Semver => "semver",
        }
    }
}

impl Quantifier {
    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Quantifier::Each => "each",
            Quantifier::Any => "any",
            Quantifier::None => "none",
        }
    }
}

impl Link {
    /// The filters and predicates in the block of `parent`, one a line.
    pub(super) fn decode_block(parent: Reader<'_>) -> Vec<Self> {
        let links = parent.all().filter_map(|node| match node.name().value.as_str() {
            "filter" => Filter::decode(node).map(Link::Filter),
            name => {
                let kind = PredicateKind::decode_long(node, name)?;
                Some(Link::Predicate(Predicate { not: false, kind, span: node.span() }))
            }
        });
        links.collect()
    }
}

impl<T> Link<T> {
    /// The same link with other texts; `f` is told what each text is held to.
    pub fn map<U>(&self, f: &mut dyn FnMut(&T, Grammar) -> U) -> Link<U> {
        match self {
            Link::Filter(filter) => Link::Filter(filter.map(f)),
            Link::Predicate(predicate) => Link::Predicate(predicate.map(f)),
        }
    }

    /// The predicate that it is.
    pub fn predicate(&self) -> Option<&Predicate<T>> {
        match self {
            Link::Filter(_) => None,
            Link::Predicate(predicate) => Some(predicate),
        }
    }
}

impl Predicate {
    /// `contains="x"`, `not-contains="x"`, `exists=#false`.
    pub(super) fn decode_short(node: Reader<'_>, name: &str, entry: &Entry) -> Option<Self> {
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
}

impl<T> Predicate<T> {
    /// The same predicate with other texts; `f` is told what each text is held to.
    pub fn map<U>(&self, f: &mut dyn FnMut(&T, Grammar) -> U) -> Predicate<U> {
        Predicate { not: self.not, kind: self.kind.map(f), span: self.span }
    }
}

impl PredicateKind {
    /// A predicate on a line of its own.
    fn decode_long(node: Reader<'_>, name: &str) -> Option<Self> {
        let number = |at| node.argument::<f64>(at).map(|number| number.value);
        let operands = || {
            let operands: Vec<Operand> = node.entries().filter_map(|entry| Operand::decode(node, entry)).collect();
            (!operands.is_empty()).then_some(operands)
        };
        let quantified = |quantifier| PredicateKind::Quantified(quantifier, Link::decode_block(node));
        Some(match name {
            "exists" => PredicateKind::Exists,
            "empty" => PredicateKind::Empty,
            "null" => PredicateKind::Null,
            "sorted" => PredicateKind::Sorted,
            "unique" => PredicateKind::Unique,
            "between" => PredicateKind::Between(number(0)?, number(1)?),
            "approx" => PredicateKind::Approx(number(0)?, number(1)),
            "in" => PredicateKind::In(operands()?),
            "contains-all" => PredicateKind::ContainsAll(operands()?),
            "any-order" => PredicateKind::AnyOrder(operands()?),
            "each" => quantified(Quantifier::Each),
            "any" => quantified(Quantifier::Any),
            "none" => quantified(Quantifier::None),
            "not" => PredicateKind::Not(Link::decode_block(node)),
            name => return node.entry(0).and_then(|entry| PredicateKind::decode(node, name, entry)),
        })
    }

    /// A predicate of one value, short or long.
    fn decode(node: Reader<'_>, name: &str, entry: &Entry) -> Option<Self> {
        let operand = || Operand::decode(node, entry);
        let number = || node.read::<f64>(entry).map(|number| number.value);
        Some(match name {
            "equals" => PredicateKind::Equals(operand()?),
            "gt" => PredicateKind::Gt(number()?),
            "ge" => PredicateKind::Ge(number()?),
            "lt" => PredicateKind::Lt(number()?),
            "le" => PredicateKind::Le(number()?),
            "approx" => PredicateKind::Approx(number()?, None),
            "starts-with" => PredicateKind::StartsWith(node.read(entry)?),
            "ends-with" => PredicateKind::EndsWith(node.read(entry)?),
            "contains" => PredicateKind::Contains(operand()?),
            "matches" => PredicateKind::Matches(node.read(entry)?),
            "count" | "len" => PredicateKind::Count(node.read::<u64>(entry)?.value),
            "type" => PredicateKind::Type(node.read::<JsonKind>(entry)?.value),
            "has-key" => PredicateKind::HasKey(node.read(entry)?),
            "json-equals" => PredicateKind::JsonEquals(node.read(entry)?),
            "json-contains" => PredicateKind::JsonContains(node.read(entry)?),
            "json-schema" => PredicateKind::JsonSchema(node.read(entry)?),
            "snapshot" => PredicateKind::Snapshot(node.read(entry)?),
            _ => return None,
        })
    }
}

impl<T> PredicateKind<T> {
    /// The same predicate with other texts; `f` is told what each text is held to.
    pub fn map<U>(&self, f: &mut dyn FnMut(&T, Grammar) -> U) -> PredicateKind<U> {
        use Grammar as G;
        use PredicateKind as P;
        match self {
            P::Equals(operand) => P::Equals(operand.map(f)),
            P::Gt(bound) => P::Gt(*bound),
            P::Ge(bound) => P::Ge(*bound),
            P::Lt(bound) => P::Lt(*bound),
            P::Le(bound) => P::Le(*bound),
            P::Between(least, most) => P::Between(*least, *most),
            P::Approx(value, within) => P::Approx(*value, *within),
            P::StartsWith(text) => P::StartsWith(f(text, G::Free)),
            P::EndsWith(text) => P::EndsWith(f(text, G::Free)),
            P::Contains(operand) => P::Contains(operand.map(f)),
            P::ContainsAll(operands) => P::ContainsAll(operands.iter().map(|operand| operand.map(f)).collect()),
            P::AnyOrder(operands) => P::AnyOrder(operands.iter().map(|operand| operand.map(f)).collect()),
            P::Matches(pattern) => P::Matches(f(pattern, G::Regex)),
            P::In(operands) => P::In(operands.iter().map(|operand| operand.map(f)).collect()),
            P::Exists => P::Exists,
            P::Empty => P::Empty,
            P::Null => P::Null,
            P::Count(count) => P::Count(*count),
            P::Type(kind) => P::Type(*kind),
            P::HasKey(key) => P::HasKey(f(key, G::Free)),
            P::Sorted => P::Sorted,
            P::Unique => P::Unique,
            P::JsonEquals(json) => P::JsonEquals(f(json, G::Json)),
            P::JsonContains(json) => P::JsonContains(f(json, G::Json)),
            P::JsonSchema(file) => P::JsonSchema(f(file, G::File)),
            P::Snapshot(file) => P::Snapshot(f(file, G::Snapshot)),
            P::Quantified(quantifier, chain) => {
                P::Quantified(*quantifier, chain.iter().map(|link| link.map(f)).collect())
            }
            P::Not(chain) => P::Not(chain.iter().map(|link| link.map(f)).collect()),
        }
    }
}

impl Operand {
    pub(super) fn decode(node: Reader<'_>, entry: &Entry) -> Option<Self> {
        match &entry.value.value {
            Value::String(text) => Some(Operand::Text(Spanned::new(text.clone(), entry.value.span))),
            Value::Integer(_) | Value::Float(_) => node.read::<f64>(entry).map(|number| Operand::Number(number.value)),
            Value::Bool(value) => Some(Operand::Bool(*value)),
            Value::Null => Some(Operand::Null),
        }
    }
}

impl<T> Operand<T> {
    /// The same operand with another text.
    pub fn map<U>(&self, f: &mut dyn FnMut(&T, Grammar) -> U) -> Operand<U> {
        match self {
            Operand::Text(text) => Operand::Text(f(text, Grammar::Free)),
            Operand::Number(number) => Operand::Number(*number),
            Operand::Bool(truth) => Operand::Bool(*truth),
            Operand::Null => Operand::Null,
        }
    }
}
