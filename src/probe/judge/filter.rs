use std::collections::HashSet;
use std::time::SystemTime;

use bytes::Bytes;
use regex::Regex;
use serde_json::{Map, Value};

use super::encoding::{decoded, encoded};
use super::json::{MOST_VALUES, key, order};
use super::markup::Syntax;
use super::path::select;
use super::{Observed, charset, date, markup};
use crate::model::{Arithmetic, FilterKind, PlainFilter};

/// The value that `filter` makes of `observed` at `now`; in words why it makes none. Nothing stays nothing.
pub(super) fn apply(filter: &FilterKind<String>, observed: Observed, now: SystemTime) -> Result<Observed, String> {
    if matches!(observed, Observed::Absent | Observed::Broken(_)) {
        return Ok(observed);
    }
    let name = filter.word();
    match filter {
        FilterKind::Plain(plain) => apply_plain(*plain, observed, now),
        FilterKind::Nth(index) => {
            let list = list(observed, name)?;
            let at = if *index < 0 { index.checked_add_unsigned(list.len() as u64) } else { Some(*index) };
            Ok(element(at.and_then(|at| list.get(usize::try_from(at).ok()?).cloned())))
        }
        FilterKind::Arithmetic(what, other) => {
            let number = number(&observed, name)?;
            let result = match what {
                Arithmetic::Add => number + other,
                Arithmetic::Sub => number - other,
                Arithmetic::Mul => number * other,
                Arithmetic::Div => number / other,
            };
            if result.is_finite() {
                Ok(Observed::Number(result))
            } else {
                Err(format!("`{name}` by {other} gives no number"))
            }
        }
        FilterKind::Split(separator) => {
            let text = text(&observed, name)?;
            Ok(texts(text.split(separator.as_str())))
        }
        FilterKind::Replace(old, new) => Ok(Observed::Text(text(&observed, name)?.replace(old.as_str(), new))),
        FilterKind::ReplaceRegex(pattern, new) => {
            Ok(Observed::Text(regex(pattern)?.replace_all(text(&observed, name)?, new.as_str()).into_owned()))
        }
        FilterKind::Regex(pattern) => {
            let regex = regex(pattern)?;
            let found = regex.captures(text(&observed, name)?).and_then(|found| found.get(1).or(found.get(0)));
            Ok(found.map_or(Observed::Absent, |found| Observed::Text(found.as_str().to_owned())))
        }
        FilterKind::Json(path) => {
            let value = match (&observed, observed.as_text()) {
                (_, Some(text)) => {
                    super::json::read(text.as_bytes()).map_err(|error| format!("the text is not JSON: {error}"))?
                }
                (Observed::Bytes(bytes), None) => {
                    super::json::read(bytes).map_err(|error| format!("the bytes are not JSON: {error}"))?
                }
                (other, None) => other.to_value(),
            };
            Ok(select(path, &value))
        }
        FilterKind::Xml(path) => {
            let tree =
                Syntax::Guessed.read(text(&observed, name)?).map_err(|why| format!("the text is no XML: {why}"))?;
            Ok(markup::select(path, &tree))
        }
        FilterKind::ToDate(format) => date::to_date(text(&observed, name)?, format).map(Observed::Date),
        FilterKind::DateFormat(format) => date::date_format(&observed, format).map(Observed::Text),
        FilterKind::Decode(encoding) => decoded(*encoding, text(&observed, name)?),
        FilterKind::Encode(encoding) => Ok(Observed::Text(encoded(*encoding, &bytes(&observed, name)?))),
        FilterKind::FromCharset(charset) => charset::decode(&bytes(&observed, name)?, charset).map(Observed::Text),
        FilterKind::ToCharset(charset) => {
            charset::encode(text(&observed, name)?, charset).map(|bytes| Observed::Bytes(bytes.into()))
        }
        FilterKind::QueryParam(param) => {
            let text = text(&observed, name)?;
            let base = url::Url::parse("http://localhost/").expect("it is a URL");
            let url = base.join(text).map_err(|error| format!("`{text}` is no URL: {error}"))?;
            let found = url.query_pairs().find(|(key, _)| key == param).map(|(_, value)| value.into_owned());
            Ok(found.map_or(Observed::Absent, Observed::Text))
        }
    }
}

fn apply_plain(filter: PlainFilter, observed: Observed, now: SystemTime) -> Result<Observed, String> {
    let name = filter.word();
    Ok(match filter {
        PlainFilter::Count => Observed::Number(super::verdict::length(&observed, name)? as f64),
        PlainFilter::First => element(list(observed, name)?.into_iter().next()),
        PlainFilter::Last => element(list(observed, name)?.pop()),
        PlainFilter::Sort => {
            let mut list = list(observed, name)?;
            list.sort_by(order);
            Observed::Json(Value::Array(list))
        }
        PlainFilter::Unique => Observed::Json(Value::Array(without_repeats(list(observed, name)?))),
        PlainFilter::Reverse => {
            let mut list = list(observed, name)?;
            list.reverse();
            Observed::Json(Value::Array(list))
        }
        PlainFilter::Keys => {
            let keys = object(&observed, name)?.keys().map(|key| Value::from(key.as_str()));
            Observed::Json(Value::Array(keys.collect()))
        }
        PlainFilter::Values => Observed::Json(Value::Array(object(&observed, name)?.values().cloned().collect())),
        PlainFilter::Min => extreme(&numbers(observed, name)?, f64::min),
        PlainFilter::Max => extreme(&numbers(observed, name)?, f64::max),
        PlainFilter::Sum => Observed::Number(numbers(observed, name)?.iter().sum()),
        PlainFilter::Lower => Observed::Text(text(&observed, name)?.to_lowercase()),
        PlainFilter::Upper => Observed::Text(text(&observed, name)?.to_uppercase()),
        PlainFilter::Trim => Observed::Text(text(&observed, name)?.trim().to_owned()),
        PlainFilter::Lines => texts(text(&observed, name)?.lines()),
        PlainFilter::ToInt => Observed::Number(to_int(&observed)?),
        PlainFilter::ToFloat => Observed::Number(number(&observed, name)?),
        PlainFilter::ToString => Observed::Text(observed.captured().unwrap_or_default()),
        PlainFilter::ToHex => Observed::Text(hex(&bytes(&observed, name)?)),
        PlainFilter::DaysAfterNow => Observed::Number(date::days_after(&observed, now, name)?),
        // 0 days are not -0.
        PlainFilter::DaysBeforeNow => Observed::Number(0.0 - date::days_after(&observed, now, name)?),
    })
}

/// Bytes in hexadecimal, in lower case.
pub(super) fn hex(bytes: &[u8]) -> String {
    let digit = |digit: u8| char::from_digit(u32::from(digit), 16).unwrap_or_default();
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// Texts as a list.
pub(super) fn texts<'a>(texts: impl Iterator<Item = &'a str>) -> Observed {
    let texts: Vec<Value> = texts.take(MOST_VALUES + 1).map(Value::from).collect();
    match texts.len() > MOST_VALUES {
        true => Observed::Broken(format!("the text has more than {MOST_VALUES} parts")),
        false => Observed::Json(Value::Array(texts)),
    }
}

fn list(observed: Observed, filter: &str) -> Result<Vec<Value>, String> {
    match observed {
        Observed::Json(Value::Array(list)) | Observed::Nodes(list) | Observed::Selected(list) => Ok(list),
        other => Err(format!("{} is no list; `{filter}` takes a list", other.kind())),
    }
}

fn element(value: Option<Value>) -> Observed {
    value.map_or(Observed::Absent, Observed::Json)
}

fn object<'a>(observed: &'a Observed, filter: &str) -> Result<&'a Map<String, Value>, String> {
    match observed {
        Observed::Json(Value::Object(object)) => Ok(object),
        other => Err(format!("{} is no object; `{filter}` takes an object", other.kind())),
    }
}

fn text<'a>(observed: &'a Observed, filter: &str) -> Result<&'a str, String> {
    observed.as_text().ok_or_else(|| format!("{} is no text; `{filter}` takes text", observed.kind()))
}

/// Bytes, or those of a text.
fn bytes(observed: &Observed, filter: &str) -> Result<Bytes, String> {
    match (observed, observed.as_text()) {
        (Observed::Bytes(bytes), _) => Ok(bytes.clone()),
        (_, Some(text)) => Ok(Bytes::from(text.to_owned())),
        (other, None) => Err(format!("{} is no text and no bytes; `{filter}` takes either", other.kind())),
    }
}

/// A number, or a text that is one.
fn number(observed: &Observed, filter: &str) -> Result<f64, String> {
    match (observed, observed.as_text()) {
        (Observed::Number(number), _) => Some(*number),
        (Observed::Json(Value::Number(number)), _) => number.as_f64(),
        (_, Some(text)) => text.trim().parse().ok().filter(|number: &f64| number.is_finite()),
        _ => None,
    }
    .ok_or_else(|| format!("{} is no number; `{filter}` takes a number", observed.kind()))
}

/// A text must be a whole number; a number loses its fraction.
fn to_int(observed: &Observed) -> Result<f64, String> {
    let number = number(observed, "to-int")?;
    let is_text = observed.as_text().is_some();
    if is_text && number.fract() != 0.0 {
        return Err("the text is no whole number; `to-float` takes one with a fraction".to_owned());
    }
    Ok(number.trunc())
}

fn numbers(observed: Observed, filter: &str) -> Result<Vec<f64>, String> {
    let list = list(observed, filter)?;
    let numbers = list
        .iter()
        .map(|value| value.as_f64().ok_or_else(|| format!("{value} is no number; `{filter}` takes a list of numbers")));
    numbers.collect()
}

fn extreme(numbers: &[f64], pick: fn(f64, f64) -> f64) -> Observed {
    numbers.iter().copied().reduce(pick).map_or(Observed::Absent, Observed::Number)
}

/// The first of each value, in order.
pub(super) fn without_repeats(list: Vec<Value>) -> Vec<Value> {
    let mut seen = HashSet::new();
    list.into_iter().filter(|value| seen.insert(key(value))).collect()
}

fn regex(pattern: &str) -> Result<Regex, String> {
    Regex::new(pattern).map_err(|error| format!("the regular expression does not read: {error}"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const NOW: SystemTime = SystemTime::UNIX_EPOCH;

    fn plain(filter: PlainFilter, value: Value) -> Result<Observed, String> {
        apply(&FilterKind::Plain(filter), Observed::Json(value), NOW)
    }

    fn on_text(filter: FilterKind<String>, text: &str) -> Result<Observed, String> {
        apply(&filter, Observed::Text(text.to_owned()), NOW)
    }

    fn is(value: Value) -> Result<Observed, String> {
        Ok(Observed::Json(value))
    }

    fn text(text: &str) -> Result<Observed, String> {
        Ok(Observed::Text(text.to_owned()))
    }

    #[test]
    fn lists() {
        assert_eq!(plain(PlainFilter::Count, json!([1, 2])), Ok(Observed::Number(2.0)));
        assert_eq!(plain(PlainFilter::First, json!([1, 2])), is(json!(1)));
        assert_eq!(plain(PlainFilter::Last, json!([1, 2])), is(json!(2)));
        assert_eq!(plain(PlainFilter::First, json!([])), Ok(Observed::Absent));
        assert_eq!(plain(PlainFilter::Sort, json!([10, 9, 1])), is(json!([1, 9, 10])));
        assert_eq!(plain(PlainFilter::Sort, json!(["b", "a"])), is(json!(["a", "b"])));
        assert_eq!(plain(PlainFilter::Unique, json!([1, 1.0, "1", [1], [1]])), is(json!([1, "1", [1]])));
        assert_eq!(plain(PlainFilter::Reverse, json!([1, 2])), is(json!([2, 1])));
        assert_eq!(plain(PlainFilter::Min, json!([3, 1.5])), Ok(Observed::Number(1.5)));
        assert_eq!(plain(PlainFilter::Max, json!([3, 1.5])), Ok(Observed::Number(3.0)));
        assert_eq!(plain(PlainFilter::Sum, json!([3, 1.5])), Ok(Observed::Number(4.5)));
        assert_eq!(plain(PlainFilter::Min, json!([])), Ok(Observed::Absent));
        let nth = |index| apply(&FilterKind::Nth(index), Observed::Json(json!(["a", "b"])), NOW);
        assert_eq!(
            (nth(1), nth(-2), nth(2), nth(-3)),
            (is(json!("b")), is(json!("a")), Ok(Observed::Absent), Ok(Observed::Absent))
        );
        assert!(plain(PlainFilter::First, json!("ab")).is_err_and(|why| why.contains("takes a list")));
        assert!(plain(PlainFilter::Sum, json!(["1"])).is_err());
    }

    #[test]
    fn objects() {
        assert_eq!(plain(PlainFilter::Keys, json!({"b": 1, "a": 2})), is(json!(["b", "a"])));
        assert_eq!(plain(PlainFilter::Values, json!({"b": 1, "a": 2})), is(json!([1, 2])));
        assert_eq!(plain(PlainFilter::Count, json!({"b": 1})), Ok(Observed::Number(1.0)));
        assert!(plain(PlainFilter::Keys, json!([1])).is_err());
    }

    #[test]
    fn texts_are_changed() {
        let of = |filter, value: &str| on_text(FilterKind::Plain(filter), value);
        assert_eq!(of(PlainFilter::Lower, "ÀB"), text("àb"));
        assert_eq!(of(PlainFilter::Upper, "àb"), text("ÀB"));
        assert_eq!(of(PlainFilter::Trim, " a \n"), text("a"));
        assert_eq!(of(PlainFilter::Lines, "a\nb\r\n"), is(json!(["a", "b"])));
        assert_eq!(on_text(FilterKind::Split(", ".into()), "a, b"), is(json!(["a", "b"])));
        assert_eq!(on_text(FilterKind::Replace("a".into(), "x".into()), "aba"), text("xbx"));
        assert_eq!(on_text(FilterKind::ReplaceRegex("([a-z])1".into(), "${1}2".into()), "a1b1"), text("a2b2"));
        assert_eq!(on_text(FilterKind::Regex("id=([0-9]+)".into()), "id=42"), text("42"));
        assert_eq!(on_text(FilterKind::Regex("x".into()), "id=42"), Ok(Observed::Absent));
        assert_eq!(on_text(FilterKind::Json("$.a".into()), r#"{"a": 1}"#), is(json!(1)));
        assert_eq!(on_text(FilterKind::QueryParam("q".into()), "/a?p=1&q=a%20b"), text("a b"));
        assert!(on_text(FilterKind::Regex("(".into()), "").is_err());
        assert!(apply(&FilterKind::Split(",".into()), Observed::Number(1.0), NOW).is_err());
    }

    #[test]
    fn numbers_are_read_and_reckoned_with() {
        let of = |filter, value: &str| on_text(FilterKind::Plain(filter), value);
        assert_eq!(of(PlainFilter::ToInt, " 42 "), Ok(Observed::Number(42.0)));
        assert!(of(PlainFilter::ToInt, "4.5").is_err() && of(PlainFilter::ToFloat, "four").is_err());
        assert_eq!(plain(PlainFilter::ToInt, json!(4.5)), Ok(Observed::Number(4.0)));
        assert_eq!(of(PlainFilter::ToFloat, "4.5"), Ok(Observed::Number(4.5)));
        assert_eq!(plain(PlainFilter::ToString, json!([1, "a"])), text(r#"[1,"a"]"#));
        let times = |what, by| apply(&FilterKind::Arithmetic(what, by), Observed::Number(6.0), NOW);
        assert_eq!(times(Arithmetic::Add, 2.0), Ok(Observed::Number(8.0)));
        assert_eq!(times(Arithmetic::Sub, 2.0), Ok(Observed::Number(4.0)));
        assert_eq!(times(Arithmetic::Mul, 2.0), Ok(Observed::Number(12.0)));
        assert_eq!(times(Arithmetic::Div, 2.0), Ok(Observed::Number(3.0)));
        assert!(times(Arithmetic::Div, 0.0).is_err());
    }
}
