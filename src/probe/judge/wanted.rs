use std::fmt;

use regex::Regex;
use serde_json::Value;

use super::observed::quoted;
use crate::model::{JsonKind, Operand, PredicateKind, Scope, Text};

/// What must hold of a value: a predicate with its holes filled, its patterns compiled and its JSON read.
#[derive(Debug, Clone)]
pub enum Wanted {
    /// Equal.
    Equals(Value),
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
}

impl Wanted {
    /// `predicate`, filled. In words what is wrong with it otherwise: a hole without a value, a pattern or JSON that does not read.
    pub fn fill(predicate: &PredicateKind, scope: &dyn Scope) -> Result<Wanted, String> {
        let text = |text: &Text| text.fill(scope).map_err(|hole| format!("`{{{{{hole}}}}}` has no value"));
        let value = |operand: &Operand| {
            Ok::<_, String>(match operand {
                Operand::Text(operand) => Value::from(text(operand)?),
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
        })
    }
}

/// As the author writes it: `equals "Wash the car"`.
impl fmt::Display for Wanted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Wanted::Equals(value) => write!(f, "equals {value}"),
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
            Wanted::Type(kind) => write!(f, "type {}", type_name(*kind)),
            Wanted::HasKey(key) => write!(f, "has-key {}", quoted(key)),
            Wanted::JsonEquals(value) => write!(f, "json-equals {value}"),
            Wanted::JsonContains(value) => write!(f, "json-contains {value}"),
        }
    }
}

/// A JSON number without a needless fraction: 200, not 200.0.
pub(super) fn json_number(number: f64) -> Value {
    let whole = number as i64;
    if whole as f64 == number { Value::from(whole) } else { Value::from(number) }
}

fn type_name(kind: JsonKind) -> &'static str {
    match kind {
        JsonKind::Int => "int",
        JsonKind::Number => "number",
        JsonKind::Bool => "bool",
        JsonKind::String => "string",
        JsonKind::List => "list",
        JsonKind::Object => "object",
    }
}
