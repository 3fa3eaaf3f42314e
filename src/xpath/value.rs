use super::{NodeId, Tree};

/// What an expression gives.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Nodes in document order.
    Nodes(Vec<NodeId>),
    /// True or false.
    Bool(bool),
    /// A number; may be none (NaN).
    Number(f64),
    /// A text.
    Text(String),
}

impl Value {
    /// As a text: nodes give that of the first.
    pub fn text(&self, tree: &Tree) -> String {
        match self {
            Value::Nodes(nodes) => nodes.first().map(|first| tree.text(*first)).unwrap_or_default(),
            Value::Bool(truth) => truth.to_string(),
            Value::Number(number) => written(*number),
            Value::Text(text) => text.clone(),
        }
    }

    pub(super) fn number(&self, tree: &Tree) -> f64 {
        match self {
            Value::Number(number) => *number,
            Value::Bool(truth) => f64::from(u8::from(*truth)),
            Value::Text(text) => read(text),
            nodes @ Value::Nodes(_) => read(&nodes.text(tree)),
        }
    }

    pub(super) fn truth(&self) -> bool {
        match self {
            Value::Nodes(nodes) => !nodes.is_empty(),
            Value::Bool(truth) => *truth,
            Value::Number(number) => *number != 0.0 && !number.is_nan(),
            Value::Text(text) => !text.is_empty(),
        }
    }
}

/// A number as XPath writes it: without exponent, and -0 as 0.
fn written(number: f64) -> String {
    if number.is_infinite() {
        return if number > 0.0 { "Infinity" } else { "-Infinity" }.to_owned();
    }
    if number == 0.0 { "0".to_owned() } else { number.to_string() }
}

/// A text as a number: digits with a fraction and a minus, and white space around them; NaN otherwise.
pub(super) fn read(text: &str) -> f64 {
    let text = text.trim_matches([' ', '\t', '\r', '\n']);
    let digits = text.strip_prefix('-').unwrap_or(text);
    let is_number = digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
        && digits.bytes().any(|byte| byte.is_ascii_digit());
    if is_number { text.parse().unwrap_or(f64::NAN) } else { f64::NAN }
}
