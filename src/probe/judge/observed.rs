use std::fmt;

use bytes::Bytes;
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::Value;

/// How many bytes are shown.
const SHOWN: usize = 100;

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
    /// Bytes; text that they are compared with is hexadecimal.
    Bytes(Bytes),
    /// A moment.
    Date(DateTime<Utc>),
    /// A JSON value: the one place that a path without wildcards names.
    Json(Value),
    /// All places that a path with wildcards, slices or filters names; maybe none.
    Nodes(Vec<Value>),
    /// The texts of the nodes that an XPath selects: a list, and where there is one of them its text as well.
    Selected(Vec<Value>),
}

impl Observed {
    /// What kind of value it is, as a person would say it: `a number`.
    pub fn kind(&self) -> &'static str {
        match self {
            Observed::Absent => "nothing",
            Observed::Broken(_) => "no answer",
            Observed::Text(_) => "text",
            Observed::Number(_) => "a number",
            Observed::Bytes(_) => "bytes",
            Observed::Date(_) => "a date",
            Observed::Json(value) => kind(value),
            Observed::Nodes(_) | Observed::Selected(_) => "a list of nodes",
        }
    }

    /// As a capture keeps it: text as it is, other JSON in compact form. `None` where there is nothing to keep.
    pub fn captured(&self) -> Option<String> {
        Some(match self {
            Observed::Absent | Observed::Broken(_) => return None,
            Observed::Selected(nodes) if nodes.is_empty() => return None,
            Observed::Number(number) => number.to_string(),
            Observed::Bytes(bytes) => super::filter::hex(bytes),
            Observed::Date(date) => date.to_rfc3339_opts(SecondsFormat::AutoSi, true),
            observed => match (observed.as_text(), observed) {
                (Some(text), _) => text.to_owned(),
                (None, Observed::Json(value)) => value.to_string(),
                (None, observed) => Value::Array(observed.as_list().unwrap_or_default().to_vec()).to_string(),
            },
        })
    }

    /// The same with its type, for a later probe that compares with it.
    pub fn captured_value(&self) -> Value {
        match self {
            Observed::Selected(nodes) if nodes.len() == 1 => nodes[0].clone(),
            observed => observed.to_value(),
        }
    }

    /// The text that it is.
    pub(super) fn as_text(&self) -> Option<&str> {
        match self {
            Observed::Text(text) | Observed::Json(Value::String(text)) => Some(text),
            Observed::Selected(nodes) => match nodes.as_slice() {
                [Value::String(text)] => Some(text),
                _ => None,
            },
            _ => None,
        }
    }

    /// The list that it is.
    pub(super) fn as_list(&self) -> Option<&[Value]> {
        match self {
            Observed::Json(Value::Array(list)) | Observed::Nodes(list) | Observed::Selected(list) => Some(list),
            _ => None,
        }
    }

    /// As JSON: what is no JSON by itself is its text.
    pub(super) fn to_value(&self) -> Value {
        match self {
            Observed::Json(value) => value.clone(),
            Observed::Number(number) => super::wanted::json_number(*number),
            Observed::Nodes(list) | Observed::Selected(list) => Value::Array(list.clone()),
            Observed::Absent | Observed::Broken(_) => Value::Null,
            Observed::Text(_) | Observed::Bytes(_) | Observed::Date(_) => self.captured().into(),
        }
    }
}

/// As shown in a failure: strings in quotes. It is whole, but for bytes: whoever shows it hides secrets in it before it is cut.
impl fmt::Display for Observed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Observed::Absent => f.write_str("nothing"),
            Observed::Broken(why) => f.write_str(why),
            Observed::Text(text) => f.write_str(&quoted(text)),
            Observed::Bytes(bytes) => {
                let shown = super::filter::hex(&bytes[..bytes.len().min(SHOWN)]);
                let more = bytes.len().saturating_sub(SHOWN);
                let more = if more > 0 { format!("… ({more} more)") } else { String::new() };
                write!(f, "{} bytes {shown}{more}", bytes.len())
            }
            Observed::Number(_) | Observed::Date(_) => f.write_str(&self.captured().unwrap_or_default()),
            Observed::Json(_) | Observed::Nodes(_) | Observed::Selected(_) => write!(f, "{}", self.to_value()),
        }
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
