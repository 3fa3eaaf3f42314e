use std::fmt;
use std::time::SystemTime;

use regex::Regex;
use serde_json::Value;

use super::observed::quoted;
use super::schema::Schema;
use super::{Grounds, Observed};
use crate::model::{FilterKind, JsonKind, Link, Operand, PredicateKind, Quantifier, Scope, Text};

/// What must hold of a value: a predicate with its holes filled, its patterns compiled and its JSON read.
#[derive(Debug, Clone)]
pub enum Wanted {
    /// Equal.
    Equals(Value),
    /// Equal to what is spelled so, of whatever type what it is compared with is: a cell of a table, a param.
    Spelled(String),
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
    /// Begins so.
    StartsWith(String),
    /// Ends so.
    EndsWith(String),
    /// A string that holds it, or a list that has it.
    Contains(Value),
    /// Matches somewhere.
    Matches(Regex),
    /// Is one of these.
    In(Vec<Value>),
    /// There is a value.
    Exists,
    /// An empty string, list or object.
    Empty,
    /// JSON null.
    Null,
    /// Of this length.
    Count(u64),
    /// Of this type.
    Type(JsonKind),
    /// Has this key.
    HasKey(String),
    /// The same JSON.
    JsonEquals(Value),
    /// At least this JSON.
    JsonContains(Value),
    /// Nearly equal: the number, and how far off.
    Approx(f64, f64),
    /// Has all of these.
    ContainsAll(Vec<Value>),
    /// Has just these.
    AnyOrder(Vec<Value>),
    /// A list in order.
    Sorted,
    /// A list without repeats.
    Unique,
    /// Valid under this schema.
    JsonSchema(Schema),
    /// Equal to what is kept in a file; in words why nothing is.
    Snapshot {
        /// The file, as the pipeline names it.
        file: String,
        /// What is in it.
        kept: Result<String, String>,
    },
    /// Each, any or no element of a list goes through this chain.
    Quantified(Quantifier, Vec<WantedLink>),
    /// None of the predicates of this chain holds.
    Not(Vec<WantedLink>),
}

/// A link of a chain inside a predicate, filled.
#[derive(Debug, Clone)]
pub enum WantedLink {
    /// Changes the value.
    Filter {
        /// How.
        filter: FilterKind<String>,
        /// What time it is.
        now: SystemTime,
    },
    /// Judges it, negated where `not`.
    Predicate {
        /// Must not hold, instead.
        not: bool,
        /// What.
        wanted: Wanted,
    },
}

/// What a text spells: a number, a truth value or null where it reads so, else the text.
fn spelled(text: &str) -> Value {
    match serde_json::from_str(text.trim()) {
        Ok(value @ (Value::Number(_) | Value::Bool(_) | Value::Null)) => value,
        Ok(_) | Err(_) => Value::from(text),
    }
}

impl Wanted {
    /// What is compared with `observed`: what is spelled is of its type, where it can be.
    pub(super) fn beside(&self, observed: &Observed) -> Option<Wanted> {
        let Wanted::Spelled(text) = self else { return None };
        let is_text = matches!(observed, Observed::Bytes(_) | Observed::Date(_)) || observed.as_text().is_some();
        Some(Wanted::Equals(if is_text { Value::from(text.as_str()) } else { spelled(text) }))
    }

    /// `predicate`, filled. In words what is wrong with it otherwise: a hole without a value, a pattern or JSON that does not read.
    pub fn fill(predicate: &PredicateKind, grounds: &Grounds<'_>) -> Result<Wanted, String> {
        let scope = grounds.scope;
        let text = |text: &Text| text.fill(scope).map_err(|hole| format!("`{{{{{hole}}}}}` has no value"));
        let value = |operand: &Operand| {
            Ok::<_, String>(match operand {
                Operand::Text(operand) => match operand.as_hole().and_then(|hole| scope.typed(hole)) {
                    Some(value) => value,
                    None => Value::from(text(operand)?),
                },
                Operand::Number(number) => json_number(*number),
                Operand::Bool(bool) => Value::from(*bool),
                Operand::Null => Value::Null,
            })
        };
        let json = |operand: &Text| {
            let text = text(operand)?;
            serde_json::from_str::<Value>(&text).map_err(|error| format!("the JSON wanted does not read: {error}"))
        };
        Ok(match predicate {
            PredicateKind::Equals(Operand::Text(operand))
                if operand.as_hole().is_some_and(|hole| scope.typed(hole).is_none()) =>
            {
                Wanted::Spelled(text(operand)?)
            }
            PredicateKind::Equals(operand) => Wanted::Equals(value(operand)?),
            PredicateKind::Gt(number) => Wanted::Gt(*number),
            PredicateKind::Ge(number) => Wanted::Ge(*number),
            PredicateKind::Lt(number) => Wanted::Lt(*number),
            PredicateKind::Le(number) => Wanted::Le(*number),
            PredicateKind::Between(low, high) => Wanted::Between(*low, *high),
            PredicateKind::StartsWith(operand) => Wanted::StartsWith(text(operand)?),
            PredicateKind::EndsWith(operand) => Wanted::EndsWith(text(operand)?),
            PredicateKind::Contains(operand) => Wanted::Contains(value(operand)?),
            PredicateKind::Matches(operand) => Wanted::Matches(
                Regex::new(&text(operand)?)
                    .map_err(|error| format!("the regular expression does not read: {error}"))?,
            ),
            PredicateKind::In(operands) => Wanted::In(operands.iter().map(value).collect::<Result<_, _>>()?),
            PredicateKind::Exists => Wanted::Exists,
            PredicateKind::Empty => Wanted::Empty,
            PredicateKind::Null => Wanted::Null,
            PredicateKind::Count(number) => Wanted::Count(*number),
            PredicateKind::Type(kind) => Wanted::Type(*kind),
            PredicateKind::HasKey(operand) => Wanted::HasKey(text(operand)?),
            PredicateKind::JsonEquals(operand) => Wanted::JsonEquals(json(operand)?),
            PredicateKind::JsonContains(operand) => Wanted::JsonContains(json(operand)?),
            PredicateKind::Approx(number, within) => {
                Wanted::Approx(*number, within.unwrap_or_else(|| number.abs() / 1000.0).abs())
            }
            PredicateKind::ContainsAll(operands) => {
                Wanted::ContainsAll(operands.iter().map(value).collect::<Result<_, _>>()?)
            }
            PredicateKind::AnyOrder(operands) => {
                Wanted::AnyOrder(operands.iter().map(value).collect::<Result<_, _>>()?)
            }
            PredicateKind::Sorted => Wanted::Sorted,
            PredicateKind::Unique => Wanted::Unique,
            PredicateKind::Quantified(quantifier, chain) => {
                Wanted::Quantified(*quantifier, fill_chain(chain, grounds)?)
            }
            PredicateKind::Not(chain) => Wanted::Not(fill_chain(chain, grounds)?),
            PredicateKind::JsonSchema(file) => Wanted::JsonSchema(grounds.files.schema(&text(file)?)?),
            PredicateKind::Snapshot(file) => {
                let file = text(file)?;
                let kept = grounds.files.snapshot(&file).map(str::to_owned);
                Wanted::Snapshot { file, kept }
            }
        })
    }
}

fn fill_chain(chain: &[Link], grounds: &Grounds<'_>) -> Result<Vec<WantedLink>, String> {
    let links = chain.iter().map(|link| {
        Ok(match link {
            Link::Filter(filter) => {
                WantedLink::Filter { filter: fill_filter(&filter.kind, grounds.scope)?, now: grounds.now }
            }
            Link::Predicate(predicate) => {
                WantedLink::Predicate { not: predicate.not, wanted: Wanted::fill(&predicate.kind, grounds)? }
            }
        })
    });
    links.collect()
}

/// A filter with its holes filled; in words which has no value otherwise.
pub(super) fn fill_filter(filter: &FilterKind, scope: &dyn Scope) -> Result<FilterKind<String>, String> {
    let mut open = None;
    let filled = filter.map(&mut |text: &Text, _| {
        text.fill(scope).unwrap_or_else(|hole| {
            open.get_or_insert_with(|| format!("`{{{{{hole}}}}}` has no value"));
            String::new()
        })
    });
    open.map_or(Ok(filled), Err)
}

/// As the author writes it: `equals "Wash the car"`.
impl fmt::Display for Wanted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Wanted::Equals(value) => write!(f, "equals {value}"),
            Wanted::Spelled(text) => write!(f, "equals {}", spelled(text)),
            Wanted::Gt(number) => write!(f, "gt {number}"),
            Wanted::Ge(number) => write!(f, "ge {number}"),
            Wanted::Lt(number) => write!(f, "lt {number}"),
            Wanted::Le(number) => write!(f, "le {number}"),
            Wanted::Between(low, high) => write!(f, "between {low} {high}"),
            Wanted::StartsWith(text) => write!(f, "starts-with {}", quoted(text)),
            Wanted::EndsWith(text) => write!(f, "ends-with {}", quoted(text)),
            Wanted::Contains(value) => write!(f, "contains {value}"),
            Wanted::Matches(regex) => write!(f, "matches {}", quoted(regex.as_str())),
            Wanted::In(values) => {
                f.write_str("in")?;
                values.iter().try_for_each(|value| write!(f, " {value}"))
            }
            Wanted::Exists => f.write_str("exists"),
            Wanted::Empty => f.write_str("empty"),
            Wanted::Null => f.write_str("null"),
            Wanted::Count(number) => write!(f, "count {number}"),
            Wanted::Type(kind) => write!(f, "type {}", kind.word()),
            Wanted::HasKey(key) => write!(f, "has-key {}", quoted(key)),
            Wanted::JsonEquals(value) => write!(f, "json-equals {value}"),
            Wanted::JsonContains(value) => write!(f, "json-contains {value}"),
            Wanted::Approx(number, within) => write!(f, "approx {number} {within}"),
            Wanted::ContainsAll(values) => {
                f.write_str("contains-all")?;
                values.iter().try_for_each(|value| write!(f, " {value}"))
            }
            Wanted::AnyOrder(values) => {
                f.write_str("any-order")?;
                values.iter().try_for_each(|value| write!(f, " {value}"))
            }
            Wanted::Sorted => f.write_str("sorted"),
            Wanted::Unique => f.write_str("unique"),
            Wanted::JsonSchema(schema) => write!(f, "json-schema {}", quoted(&schema.file)),
            Wanted::Snapshot { file, .. } => write!(f, "snapshot {}", quoted(file)),
            Wanted::Quantified(quantifier, chain) => write!(f, "{} {}", quantifier.word(), Block(chain)),
            Wanted::Not(chain) => write!(f, "not {}", Block(chain)),
        }
    }
}

/// A chain in braces.
struct Block<'a>(&'a [WantedLink]);

impl fmt::Display for Block<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("{ ")?;
        for (index, link) in self.0.iter().enumerate() {
            f.write_str(if index > 0 { "; " } else { "" })?;
            match link {
                WantedLink::Filter { filter, .. } => write!(f, "filter {}", filter.word())?,
                WantedLink::Predicate { not: true, wanted } => write!(f, "not {{ {wanted} }}")?,
                WantedLink::Predicate { not: false, wanted } => write!(f, "{wanted}")?,
            }
        }
        f.write_str(" }")
    }
}

/// A JSON number without a needless fraction: 200, not 200.0.
pub(super) fn json_number(number: f64) -> Value {
    let whole = number as i64;
    if whole as f64 == number { Value::from(whole) } else { Value::from(number) }
}
