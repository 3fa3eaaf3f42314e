use std::fmt;

use serde_json::Value;

/// How many characters of a value are shown.
const SHOWN: usize = 300;

/// What a query found in an answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Observed {
    /// There is none: no such header, no such place in the JSON.
    Absent,
    /// The question has no answer, and why: the body is not JSON, the path is wrong.
    Broken(String),
    /// Text of the protocol or the body. Compared with a number it is read as one.
    Text(String),
    /// A number of the protocol: status, size, duration.
    Number(f64),
    /// A JSON value: the one place that a path without wildcards names.
    Json(Value),
    /// All places that a path with wildcards, slices or filters names; maybe none.
    Nodes(Vec<Value>),
}

impl Observed {
    /// What kind of value it is, as a person would say it: `a number`.
    pub fn kind(&self) -> &'static str {
        match self {
            Observed::Absent => "nothing",
            Observed::Broken(_) => "no answer",
            Observed::Text(_) => "text",
            Observed::Number(_) => "a number",
            Observed::Json(value) => kind(value),
            Observed::Nodes(_) => "a list of nodes",
        }
    }

    /// As a capture keeps it: text as it is, other JSON in compact form. `None` where there is nothing to keep.
    pub fn captured(&self) -> Option<String> {
        Some(match self {
            Observed::Absent | Observed::Broken(_) => return None,
            Observed::Text(text) | Observed::Json(Value::String(text)) => text.clone(),
            Observed::Number(number) => number.to_string(),
            Observed::Json(value) => value.to_string(),
            Observed::Nodes(nodes) => Value::Array(nodes.clone()).to_string(),
        })
    }
}

/// As shown in a failure: strings in quotes, long values cut.
impl fmt::Display for Observed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Observed::Absent => return f.write_str("nothing"),
            Observed::Broken(why) => return f.write_str(why),
            Observed::Text(text) => quoted(text),
            Observed::Number(number) => number.to_string(),
            Observed::Json(value) => value.to_string(),
            Observed::Nodes(nodes) => Value::Array(nodes.clone()).to_string(),
        };
        f.write_str(&cut(&text, SHOWN))
    }
}

/// What kind of JSON value it is: `a list`.
pub(super) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// In quotes, with control characters escaped as JSON does.
pub(super) fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

/// At most so many characters.
pub(super) fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}… ({} bytes more)", &text[..end], text.len() - end),
        None => text.to_owned(),
    }
}
