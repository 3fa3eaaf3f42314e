use std::cmp::Ordering;
use std::fmt;

use serde_json::Value;

/// How many values JSON may hold: each takes up to a hundred times the memory of its text.
pub(super) const MOST_VALUES: usize = 1_000_000;

/// Why JSON is not read.
#[derive(Debug)]
pub(super) enum Unread {
    /// It holds more than [`MOST_VALUES`].
    TooMany,
    /// It is none.
    Wrong(serde_json::Error),
}

impl fmt::Display for Unread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unread::TooMany => write!(f, "it holds more than {MOST_VALUES} values"),
            Unread::Wrong(error) => error.fmt(f),
        }
    }
}

/// Reads JSON that came from outside.
pub(super) fn read(bytes: &[u8]) -> Result<Value, Unread> {
    // A value takes a byte and what parts it from the next one.
    if bytes.len() / 2 >= MOST_VALUES && values(bytes) > MOST_VALUES {
        return Err(Unread::TooMany);
    }
    serde_json::from_slice(bytes).map_err(Unread::Wrong)
}

/// How many values JSON holds, at most.
pub(in crate::probe) fn values(json: &[u8]) -> usize {
    let (mut count, mut in_string, mut escaped) = (1, false, false);
    for byte in json {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = in_string,
            b'"' => in_string = !in_string,
            b',' | b'[' | b'{' if !in_string => count += 1,
            _ => {}
        }
    }
    count
}

/// How many values stand in `value`, itself included; counted no further than `most` of them.
pub(super) fn weight(value: &Value, most: usize) -> usize {
    let add = |sum: usize, value: &Value| if sum > most { sum } else { sum + weight(value, most - sum) };
    match value {
        Value::Array(list) => list.iter().fold(1, add),
        Value::Object(object) => object.values().fold(1, add),
        _ => 1,
    }
}

/// A text that two values have in common if they are the same.
pub(super) fn key(value: &Value) -> String {
    let mut key = String::new();
    write_key(value, &mut key);
    key
}

fn write_key(value: &Value, key: &mut String) {
    match value {
        Value::Number(number) => match number.as_f64() {
            // 0 and -0 are the same.
            Some(number) => key.push_str(&(number + 0.0).to_string()),
            None => key.push_str(&number.to_string()),
        },
        Value::Array(list) => {
            key.push('[');
            for value in list {
                write_key(value, key);
                key.push(',');
            }
            key.push(']');
        }
        Value::Object(object) => {
            let mut members: Vec<_> = object.iter().collect();
            members.sort_by_key(|(name, _)| *name);
            key.push('{');
            for (name, value) in members {
                key.push_str(&Value::from(name.as_str()).to_string());
                key.push(':');
                write_key(value, key);
                key.push(',');
            }
            key.push('}');
        }
        scalar => key.push_str(&scalar.to_string()),
    }
}

/// Whether two values are the same: numbers by value, keys in any order.
pub(super) fn same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => left == right || left.as_f64() == right.as_f64(),
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| same(left, right))
        }
        (Value::Object(left), Value::Object(right)) => {
            left.len() == right.len()
                && left.iter().all(|(key, value)| right.get(key).is_some_and(|other| same(value, other)))
        }
        _ => left == right,
    }
}

/// The order of two values: by type, numbers by value, texts by their characters.
pub(super) fn order(left: &Value, right: &Value) -> Ordering {
    let rank = |value: &Value| match value {
        Value::Null => 0,
        Value::Bool(_) => 1,
        Value::Number(_) => 2,
        Value::String(_) => 3,
        Value::Array(_) => 4,
        Value::Object(_) => 5,
    };
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => {
            left.as_f64().unwrap_or_default().total_cmp(&right.as_f64().unwrap_or_default())
        }
        (Value::String(left), Value::String(right)) => left.cmp(right),
        (Value::Bool(left), Value::Bool(right)) => left.cmp(right),
        _ => rank(left).cmp(&rank(right)),
    }
}

/// Whether `value` has at least what `wanted` says: its keys, recursively; for each of its elements one that has it, in any order.
/// A string such as `"<int>"` stands for any value of that type, `"<any>"` for any at all.
pub(super) fn has(value: &Value, wanted: &Value) -> bool {
    match (value, wanted) {
        (_, Value::String(placeholder)) if is_placeholder(placeholder) => fits(value, placeholder),
        (Value::Object(value), Value::Object(wanted)) => {
            wanted.iter().all(|(key, wanted)| value.get(key).is_some_and(|value| has(value, wanted)))
        }
        (Value::Array(value), Value::Array(wanted)) => {
            wanted.iter().all(|wanted| value.iter().any(|value| has(value, wanted)))
        }
        _ => same(value, wanted),
    }
}

/// The placeholders that [`has`] knows.
const PLACEHOLDERS: [&str; 9] =
    ["<any>", "<int>", "<number>", "<bool>", "<string>", "<list>", "<object>", "<null>", "<uuid>"];

fn is_placeholder(text: &str) -> bool {
    PLACEHOLDERS.contains(&text)
}

fn fits(value: &Value, placeholder: &str) -> bool {
    match placeholder {
        "<any>" => true,
        "<int>" => is_int(value),
        "<number>" => value.is_number(),
        "<bool>" => value.is_boolean(),
        "<string>" => value.is_string(),
        "<list>" => value.is_array(),
        "<object>" => value.is_object(),
        "<null>" => value.is_null(),
        "<uuid>" => value.as_str().is_some_and(is_uuid),
        _ => false,
    }
}

/// A number without fraction, however it is written: 2 and 2.0.
pub(super) fn is_int(value: &Value) -> bool {
    value.as_f64().is_some_and(|number| number.fract() == 0.0)
}

pub(super) fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(place, byte)| match place {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

/// One place where a value is not as wanted.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Mismatch {
    /// `$.items[0].title`
    pub path: String,
    /// `"a", not "b"`
    pub what: String,
}

/// The places where `value` is not `wanted`: not the same, or where `partial` not having it. At most `most` of them.
pub(super) fn mismatches(value: &Value, wanted: &Value, partial: bool, most: usize) -> Vec<Mismatch> {
    let mut found = Vec::new();
    collect("$", value, wanted, partial, most, &mut found);
    found
}

fn collect(path: &str, value: &Value, wanted: &Value, partial: bool, most: usize, found: &mut Vec<Mismatch>) {
    let fine = if partial { has(value, wanted) } else { same(value, wanted) };
    if fine || found.len() >= most {
        return;
    }
    match (value, wanted) {
        (Value::Object(value), Value::Object(wanted)) => {
            for (key, wanted) in wanted {
                let path = format!("{path}.{key}");
                match value.get(key) {
                    Some(value) => collect(&path, value, wanted, partial, most, found),
                    None => push(found, most, path, format!("is not there; wanted {}", short(wanted))),
                }
            }
            for key in value.keys().filter(|key| !partial && !wanted.contains_key(*key)) {
                push(found, most, format!("{path}.{key}"), format!("is {}; not wanted", short(&value[key])));
            }
        }
        (Value::Array(value), Value::Array(wanted)) if partial => {
            for wanted in wanted.iter().filter(|wanted| !value.iter().any(|value| has(value, wanted))) {
                push(found, most, path.to_owned(), format!("has no {}", short(wanted)));
            }
        }
        (Value::Array(value), Value::Array(wanted)) => {
            for (index, (value, wanted)) in value.iter().zip(wanted).enumerate() {
                collect(&format!("{path}[{index}]"), value, wanted, partial, most, found);
            }
            if value.len() != wanted.len() {
                let elements = if value.len() == 1 { "element" } else { "elements" };
                push(found, most, path.to_owned(), format!("has {} {elements}; wanted {}", value.len(), wanted.len()));
            }
        }
        _ => push(found, most, path.to_owned(), format!("is {}; wanted {}", short(value), short(wanted))),
    }
}

fn push(found: &mut Vec<Mismatch>, most: usize, path: String, what: String) {
    if found.len() < most {
        found.push(Mismatch { path, what });
    }
}

fn short(value: &Value) -> String {
    super::observed::cut(&value.to_string(), 60)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_same_is_by_value_and_whatever_the_order_of_keys() {
        assert!(same(&json!({"a": 1, "b": [2]}), &json!({"b": [2.0], "a": 1})));
        assert!(!same(&json!([1, 2]), &json!([2, 1])));
        assert!(!same(&json!({"a": 1}), &json!({"a": 1, "b": 2})));
        assert!(!same(&json!("1"), &json!(1)));
        assert!(same(&json!(u64::MAX), &json!(u64::MAX)));
    }

    #[test]
    fn having_is_a_subset_in_any_order() {
        let value = json!({"id": 7, "tags": ["a", "b"], "in": {"x": 1, "y": 2}});
        assert!(has(&value, &json!({"in": {"y": 2}, "tags": ["b"]})));
        assert!(has(&value, &json!({"id": "<int>", "tags": "<list>", "in": "<any>"})));
        assert!(!has(&value, &json!({"id": "<string>"})));
        assert!(!has(&value, &json!({"tags": ["c"]})));
        assert!(!has(&value, &json!({"in": {"z": 1}})));
        assert!(has(&json!("f81d4fae-7dec-11d0-a765-00a0c91e6bf6"), &json!("<uuid>")));
        assert!(!has(&json!("f81d4fae"), &json!("<uuid>")));
        assert!(has(&json!("<b>"), &json!("<b>")));
    }

    #[test]
    fn differences_name_their_places() {
        let show = |value: Value, wanted: Value, partial: bool| {
            let found = mismatches(&value, &wanted, partial, 5);
            found.into_iter().map(|one| format!("{} {}", one.path, one.what)).collect::<Vec<_>>()
        };
        assert_eq!(
            show(json!({"a": [1, 2], "c": 1}), json!({"a": [1, 3], "b": 0}), false),
            ["$.a[1] is 2; wanted 3", "$.b is not there; wanted 0", "$.c is 1; not wanted"]
        );
        assert_eq!(show(json!([1]), json!([1, 2]), false), ["$ has 1 element; wanted 2"]);
        assert_eq!(show(json!({"t": [1], "x": 9}), json!({"t": [2]}), true), ["$.t has no 2"]);
        assert_eq!(show(json!([0, 0, 0, 0, 0, 0]), json!([1, 1, 1, 1, 1, 1]), false).len(), 5);
    }
}
