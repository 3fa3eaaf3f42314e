use std::cmp::Ordering;
use std::net::{Ipv4Addr, Ipv6Addr};

use serde_json::Value;

use super::json::{has, is_int, order, same};
use super::{Observed, Wanted, WantedLink};
use crate::model::{JsonKind, Quantifier};

/// Whether a value is as wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It is.
    Holds,
    /// It is not.
    Fails,
    /// The two cannot be compared, and why; a failure, negated or not.
    WrongType(String),
}

/// Compares what was observed with what is wanted, negated where `not`.
///
/// Nothing but `exists` holds of nothing, not even a negation: a name that is misspelt keeps no promise.
pub fn verdict(observed: &Observed, wanted: &Wanted, not: bool) -> Verdict {
    match compare(observed, wanted) {
        Ok(holds) if holds != not => Verdict::Holds,
        Ok(_) => Verdict::Fails,
        Err(why) => Verdict::WrongType(why),
    }
}

fn compare(observed: &Observed, wanted: &Wanted) -> Result<bool, String> {
    match (observed, wanted) {
        (Observed::Broken(why), _) => return Err(why.clone()),
        (Observed::Absent, Wanted::Exists) => return Ok(false),
        (Observed::Absent, _) => return Err("there is nothing to compare; `exists` alone can ask for that".to_owned()),
        (Observed::Nodes(nodes) | Observed::Selected(nodes), Wanted::Exists) => return Ok(!nodes.is_empty()),
        (_, Wanted::Exists) => return Ok(true),
        _ => {}
    }
    match wanted {
        Wanted::Equals(value) => equals(observed, value),
        Wanted::Spelled(text) => match wanted.beside(observed) {
            Some(Wanted::Equals(Value::String(_))) if matches!(observed, Observed::Number(_)) => {
                Err(format!("{} is no number", super::observed::quoted(text)))
            }
            Some(Wanted::Equals(value)) => equals(observed, &value),
            _ => Ok(false),
        },
        Wanted::In(values) => one_of(observed, values),
        Wanted::Gt(bound) => Ok(number(observed, "gt")? > *bound),
        Wanted::Ge(bound) => Ok(number(observed, "ge")? >= *bound),
        Wanted::Lt(bound) => Ok(number(observed, "lt")? < *bound),
        Wanted::Le(bound) => Ok(number(observed, "le")? <= *bound),
        Wanted::Between(low, high) => Ok((*low..=*high).contains(&number(observed, "between")?)),
        Wanted::StartsWith(part) => match observed {
            Observed::Bytes(bytes) => Ok(bytes.starts_with(&of_hex(part)?)),
            observed => Ok(text(observed, "starts-with")?.starts_with(part.as_str())),
        },
        Wanted::EndsWith(part) => match observed {
            Observed::Bytes(bytes) => Ok(bytes.ends_with(&of_hex(part)?)),
            observed => Ok(text(observed, "ends-with")?.ends_with(part.as_str())),
        },
        Wanted::Matches(regex) => Ok(regex.is_match(text(observed, "matches")?)),
        Wanted::Contains(part) => contains(observed, part),
        Wanted::Exists => Ok(true),
        Wanted::Empty => length(observed, "empty").map(|length| length == 0),
        Wanted::Count(wanted) => length(observed, "count").map(|length| length as u64 == *wanted),
        Wanted::Null => Ok(*observed == Observed::Json(Value::Null)),
        Wanted::Type(kind) => Ok(is_a(observed, *kind)),
        Wanted::HasKey(key) => match observed {
            Observed::Json(Value::Object(object)) => Ok(object.contains_key(key)),
            other => Err(format!("{} has no keys; `has-key` looks at an object", other.kind())),
        },
        Wanted::JsonEquals(value) => Ok(same(&json(observed)?, value)),
        Wanted::JsonContains(value) => Ok(has(&json(observed)?, value)),
        Wanted::Approx(value, within) => Ok((number(observed, "approx")? - value).abs() <= *within),
        Wanted::ContainsAll(parts) => parts.iter().try_fold(true, |all, part| Ok(contains(observed, part)? && all)),
        Wanted::AnyOrder(values) => Ok(has_just(list(observed, "any-order")?, values)),
        Wanted::Sorted => {
            Ok(list(observed, "sorted")?.windows(2).all(|pair| order(&pair[0], &pair[1]) != Ordering::Greater))
        }
        Wanted::Unique => {
            let list = list(observed, "unique")?;
            Ok(super::filter::without_repeats(list.to_vec()).len() == list.len())
        }
        Wanted::JsonSchema(schema) => Ok(schema.holds_of(&json(observed)?)),
        Wanted::Snapshot { kept, .. } => Ok(super::snapshot::is_kept(
            &super::snapshot::written(observed),
            observed,
            kept.as_ref().map_err(Clone::clone)?,
        )),
        Wanted::Quantified(quantifier, chain) => quantified(list(observed, quantifier.word())?, *quantifier, chain),
        Wanted::Not(chain) => goes_through(observed.clone(), chain, true),
    }
}

/// Whether the values of a list are just those wanted, in any order.
fn has_just(list: &[Value], wanted: &[Value]) -> bool {
    let mut left: Vec<&Value> = wanted.iter().collect();
    list.len() == wanted.len()
        && list.iter().all(|value| match left.iter().position(|wanted| same(value, wanted)) {
            Some(found) => {
                left.swap_remove(found);
                true
            }
            None => false,
        })
}

/// Whether each, any or no element goes through a chain. One that cannot be judged is told of where it matters.
fn quantified(list: &[Value], quantifier: Quantifier, chain: &[WantedLink]) -> Result<bool, String> {
    let mut wrong = None;
    for value in list {
        match (goes_through(Observed::Json(value.clone()), chain, false), quantifier) {
            (Ok(true), Quantifier::Any) => return Ok(true),
            (Ok(false), Quantifier::Each) | (Ok(true), Quantifier::None) => return Ok(false),
            (Ok(_), _) => {}
            (Err(why), _) => wrong = wrong.or(Some(why)),
        }
    }
    wrong.map_or(Ok(quantifier != Quantifier::Any), Err)
}

/// Whether all predicates of a chain hold of what the filters before them make of a value; where `not`, whether none does.
fn goes_through(mut observed: Observed, chain: &[WantedLink], not: bool) -> Result<bool, String> {
    let mut all = true;
    for link in chain {
        match link {
            WantedLink::Filter { filter, now } => observed = super::filter::apply(filter, observed, *now)?,
            WantedLink::Predicate { not: own, wanted } => all &= (compare(&observed, wanted)? != *own) != not,
        }
    }
    Ok(all)
}

fn list<'a>(observed: &'a Observed, predicate: &str) -> Result<&'a [Value], String> {
    observed.as_list().ok_or_else(|| format!("{} is no list; `{predicate}` looks at a list", observed.kind()))
}

/// What the protocol says has a type that the author knows, so another one wanted is a mistake of his; what stands in JSON
/// may be of any type, so another one is an honest difference.
fn equals(observed: &Observed, value: &Value) -> Result<bool, String> {
    match (observed, value) {
        (Observed::Text(text), Value::String(value)) => Ok(text == value),
        (Observed::Text(_), Value::Number(_)) => Ok(Some(number(observed, "equals")?) == value.as_f64()),
        (Observed::Number(number), Value::Number(value)) => Ok(Some(*number) == value.as_f64()),
        (Observed::Number(number), Value::String(_)) => {
            Err(format!("a number is never a string; write {number} without quotes"))
        }
        (Observed::Json(found), value) => Ok(same(found, value)),
        (Observed::Bytes(bytes), Value::String(value)) => Ok(bytes[..] == of_hex(value)?),
        (Observed::Date(date), Value::String(value)) => match chrono::DateTime::parse_from_rfc3339(value) {
            Ok(value) => Ok(*date == value),
            Err(_) => {
                Err(format!("{} is no date of RFC 3339, which a date is compared with", super::observed::quoted(value)))
            }
        },
        (Observed::Selected(nodes), value) if nodes.len() == 1 => match (&nodes[0], value) {
            (Value::String(_), Value::Number(value)) => Ok(Some(number(observed, "equals")?) == value.as_f64()),
            (found, Value::String(_)) => Ok(same(found, value)),
            _ => Err(format!("text is never {}", super::observed::kind(value))),
        },
        (Observed::Nodes(nodes) | Observed::Selected(nodes), _) => Err(format!(
            "a list of {} is no single value; `contains=` looks into it, `count=` at its length",
            nodes.len()
        )),
        (observed, value) => Err(format!("{} is never {}", observed.kind(), super::observed::kind(value))),
    }
}

/// Where one can be compared, those that cannot do not matter.
fn one_of(observed: &Observed, values: &[Value]) -> Result<bool, String> {
    let mut answer = None;
    for value in values {
        match (equals(observed, value), &answer) {
            (Ok(true), _) => return Ok(true),
            (Ok(false), _) => answer = Some(Ok(false)),
            (Err(why), None) => answer = Some(Err(why)),
            (Err(_), Some(_)) => {}
        }
    }
    answer.unwrap_or(Ok(false))
}

fn contains(observed: &Observed, part: &Value) -> Result<bool, String> {
    match (observed, part) {
        (Observed::Bytes(bytes), Value::String(part)) => {
            let part = of_hex(part)?;
            Ok(part.is_empty() || bytes.windows(part.len()).any(|window| window == part))
        }
        (Observed::Text(text) | Observed::Json(Value::String(text)), Value::String(part)) => {
            Ok(text.contains(part.as_str()))
        }
        (Observed::Text(text) | Observed::Json(Value::String(text)), Value::Number(part)) => {
            Ok(text.contains(&part.to_string()))
        }
        (Observed::Json(Value::Array(list)) | Observed::Nodes(list) | Observed::Selected(list), part) => {
            Ok(list.iter().any(|value| same(value, part)))
        }
        (other, _) => Err(format!("{} contains nothing; `contains` looks at text and lists", other.kind())),
    }
}

/// What bytes are compared with.
fn of_hex(text: &str) -> Result<Vec<u8>, String> {
    super::encoding::unhex(text)
        .ok_or_else(|| format!("{} is no hexadecimal, which bytes are compared with", super::observed::quoted(text)))
}

/// The value as a number; text of the protocol is read as one.
fn number(observed: &Observed, predicate: &str) -> Result<f64, String> {
    let number = match observed {
        Observed::Number(number) => Some(*number),
        Observed::Json(Value::Number(number)) => number.as_f64(),
        Observed::Text(_) | Observed::Selected(_) => {
            observed.as_text().and_then(|text| text.trim().parse().ok()).filter(|number: &f64| number.is_finite())
        }
        _ => None,
    };
    number.ok_or_else(|| format!("{} is no number; `{predicate}` compares numbers", observed.kind()))
}

fn text<'a>(observed: &'a Observed, predicate: &str) -> Result<&'a str, String> {
    observed.as_text().ok_or_else(|| match observed {
        Observed::Bytes(_) => format!("bytes are no text; `{predicate}` looks at text, which `filter to-hex` makes"),
        other => format!("{} is no text; `{predicate}` looks at text", other.kind()),
    })
}

pub(super) fn length(observed: &Observed, predicate: &str) -> Result<usize, String> {
    match observed {
        Observed::Text(text) | Observed::Json(Value::String(text)) => Ok(text.chars().count()),
        Observed::Bytes(bytes) => Ok(bytes.len()),
        Observed::Json(Value::Array(list)) | Observed::Nodes(list) | Observed::Selected(list) => Ok(list.len()),
        Observed::Json(Value::Object(object)) => Ok(object.len()),
        other => Err(format!("{} has no length; `{predicate}` looks at text, lists and objects", other.kind())),
    }
}

fn is_a(observed: &Observed, kind: JsonKind) -> bool {
    match (observed, kind) {
        (Observed::Text(_) | Observed::Json(Value::String(_)), JsonKind::String) => true,
        (Observed::Number(_) | Observed::Json(Value::Number(_)), JsonKind::Number) => true,
        (Observed::Number(number), JsonKind::Int) => number.fract() == 0.0,
        (Observed::Json(value), JsonKind::Int) => is_int(value),
        (Observed::Json(value), JsonKind::Bool) => value.is_boolean(),
        (Observed::Number(number), JsonKind::Float) => number.fract() != 0.0,
        (Observed::Json(Value::Number(number)), JsonKind::Float) => {
            number.as_f64().is_some_and(|number| number.fract() != 0.0)
        }
        (
            Observed::Json(Value::Array(_)) | Observed::Nodes(_) | Observed::Selected(_),
            JsonKind::List | JsonKind::Collection,
        ) => true,
        (Observed::Json(Value::Object(_)), JsonKind::Collection) => true,
        (Observed::Date(_), JsonKind::Date) => true,
        (Observed::Json(value), JsonKind::Object) => value.is_object(),
        (observed, kind) => observed.as_text().is_some_and(|text| is_of_form(text, kind)),
    }
}

/// Whether a text has the form that a kind of strings has.
fn is_of_form(text: &str, kind: JsonKind) -> bool {
    match kind {
        JsonKind::Date => super::form::is_date(text),
        JsonKind::IsoDate => {
            super::form::is_date(text)
                && text.contains(['T', 't'])
                && chrono::DateTime::parse_from_rfc3339(text).is_ok()
        }
        JsonKind::Uuid => super::json::is_uuid(text),
        JsonKind::Ipv4 => text.parse::<Ipv4Addr>().is_ok(),
        JsonKind::Ipv6 => text.parse::<Ipv6Addr>().is_ok(),
        JsonKind::Url => url::Url::parse(text).is_ok_and(|url| url.has_host()),
        JsonKind::Email => super::form::is_email(text),
        JsonKind::Semver => super::form::is_semver(text),
        _ => false,
    }
}

/// The value as JSON: what a JSON query found, or text that is read as JSON.
pub(super) fn json(observed: &Observed) -> Result<Value, String> {
    match observed {
        Observed::Json(value) => Ok(value.clone()),
        Observed::Bytes(bytes) => super::json::read(bytes).map_err(|error| format!("the bytes are not JSON: {error}")),
        Observed::Nodes(_) | Observed::Selected(_) | Observed::Number(_) | Observed::Date(_) => Ok(observed.to_value()),
        Observed::Text(text) => {
            super::json::read(text.as_bytes()).map_err(|error| format!("the text is not JSON: {error}"))
        }
        Observed::Absent | Observed::Broken(_) => Err("there is no JSON".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use regex::Regex;
    use serde_json::json;

    use super::*;

    fn text(text: &str) -> Observed {
        Observed::Text(text.to_owned())
    }

    /// Three observed values for a predicate: it holds of the first, fails of the second and cannot be asked of the third;
    /// negated the first two change places and the third stays.
    #[track_caller]
    fn three(wanted: &Wanted, holds: Observed, fails: Observed, wrong: Observed) {
        assert_eq!(verdict(&holds, wanted, false), Verdict::Holds, "{holds} {wanted}");
        assert_eq!(verdict(&holds, wanted, true), Verdict::Fails, "{holds} not {wanted}");
        assert_eq!(verdict(&fails, wanted, false), Verdict::Fails, "{fails} {wanted}");
        assert_eq!(verdict(&fails, wanted, true), Verdict::Holds, "{fails} not {wanted}");
        for not in [false, true] {
            let verdict = verdict(&wrong, wanted, not);
            assert!(matches!(verdict, Verdict::WrongType(_)), "{wrong} {wanted} {not}: {verdict:?}");
        }
    }

    fn number(number: f64) -> Observed {
        Observed::Number(number)
    }

    fn value(value: Value) -> Observed {
        Observed::Json(value)
    }

    #[test]
    fn equality() {
        three(&Wanted::Equals(json!(200)), number(200.0), number(201.0), Observed::Nodes(vec![]));
        three(&Wanted::Equals(json!("a")), text("a"), text("b"), number(1.0));
        three(&Wanted::Spelled("200".into()), number(200.0), number(201.0), Observed::Absent);
        three(&Wanted::Spelled("many".into()), text("many"), text("few"), number(200.0));
        three(&Wanted::Spelled("7".into()), value(json!("7")), value(json!(8)), Observed::Absent);
        three(&Wanted::Spelled("7".into()), value(json!(7)), text("8"), Observed::Absent);
        three(&Wanted::Spelled("true".into()), value(json!(true)), value(json!(false)), Observed::Nodes(vec![]));
        three(&Wanted::Equals(json!(5)), text("5"), text("6"), text("five"));
        three(&Wanted::Equals(json!(true)), value(json!(true)), value(json!("true")), text("true"));
        three(&Wanted::Equals(json!("3")), value(json!("3")), value(json!(3)), Observed::Absent);
        three(&Wanted::Equals(Value::Null), value(Value::Null), value(json!(0)), text("null"));
        three(&Wanted::In(vec![json!(200), json!(204)]), number(204.0), number(404.0), Observed::Absent);
        assert_eq!(verdict(&number(1.0), &Wanted::In(vec![]), false), Verdict::Fails);
        three(&Wanted::In(vec![json!("a"), json!("b")]), text("b"), text("c"), number(1.0));
    }

    #[test]
    fn order() {
        let wrong = || value(json!("12"));
        three(&Wanted::Gt(1.0), number(2.0), number(1.0), wrong());
        three(&Wanted::Ge(1.0), number(1.0), number(0.5), wrong());
        three(&Wanted::Lt(1.0), value(json!(0)), value(json!(1)), wrong());
        three(&Wanted::Le(1.0), text("1"), text(" 2 "), text("many"));
        three(&Wanted::Between(1.0, 3.0), number(3.0), number(3.1), Observed::Absent);
    }

    #[test]
    fn parts_of_text() {
        three(&Wanted::StartsWith("ab".into()), text("abc"), text("cab"), number(1.0));
        three(&Wanted::EndsWith("bc".into()), value(json!("abc")), value(json!("bca")), value(json!([])));
        three(&Wanted::Contains(json!("b")), text("abc"), text("ac"), value(json!({"b": 1})));
        three(&Wanted::Contains(json!(5)), text("a5"), text("a"), number(5.0));
        let regex = Wanted::Matches(Regex::new("^a.c$").expect("a pattern"));
        three(&regex, text("abc"), text("abcd"), number(1.0));
    }

    #[test]
    fn parts_of_lists_and_objects() {
        three(&Wanted::Contains(json!(2)), value(json!([1, 2.0])), Observed::Nodes(vec![json!("2")]), Observed::Absent);
        three(&Wanted::HasKey("a".into()), value(json!({"a": null})), value(json!({})), value(json!(["a"])));
        three(&Wanted::Count(2), value(json!([1, 2])), Observed::Nodes(vec![]), number(2.0));
        three(&Wanted::Count(2), text("éa"), value(json!({"a": 1})), value(json!(true)));
        three(&Wanted::Empty, value(json!([])), text("x"), value(Value::Null));
    }

    #[test]
    fn whole_json() {
        let wanted = Wanted::JsonEquals(json!({"a": 1, "b": 2}));
        three(&wanted, text(r#"{"b": 2, "a": 1.0}"#), value(json!({"a": 1})), text("<html>"));
        let wanted = Wanted::JsonContains(json!({"a": "<int>"}));
        three(&wanted, value(json!({"a": 1, "b": 2})), value(json!({"a": "1"})), Observed::Absent);
        three(&Wanted::JsonEquals(json!([1])), Observed::Nodes(vec![json!(1)]), number(1.0), text(""));
    }

    #[test]
    fn existence_and_type() {
        let broken = || Observed::Broken("the body is not JSON".to_owned());
        three(&Wanted::Exists, value(Value::Null), Observed::Absent, broken());
        three(&Wanted::Exists, text(""), Observed::Nodes(vec![]), broken());
        three(&Wanted::Null, value(Value::Null), value(json!(0)), Observed::Absent);
        three(&Wanted::Type(JsonKind::Int), value(json!(2.0)), value(json!(2.5)), broken());
        three(&Wanted::Type(JsonKind::Number), number(2.5), text("2.5"), Observed::Absent);
        three(&Wanted::Type(JsonKind::Bool), value(json!(false)), value(Value::Null), broken());
        three(&Wanted::Type(JsonKind::String), text(""), value(json!(1)), broken());
        three(&Wanted::Type(JsonKind::List), Observed::Nodes(vec![]), value(json!({})), broken());
        three(&Wanted::Type(JsonKind::Object), value(json!({})), value(json!([])), broken());
    }

    #[test]
    fn what_is_wrong_says_what_would_be_right() {
        let said = |observed: Observed, wanted: Wanted| match verdict(&observed, &wanted, false) {
            Verdict::WrongType(why) => why,
            other => panic!("{other:?}"),
        };
        assert_eq!(
            said(number(200.0), Wanted::Equals(json!("200"))),
            "a number is never a string; write 200 without quotes"
        );
        assert_eq!(
            said(number(200.0), Wanted::StartsWith("2".into())),
            "a number is no text; `starts-with` looks at text"
        );
        assert_eq!(said(value(json!("2")), Wanted::Gt(1.0)), "a string is no number; `gt` compares numbers");
    }
}
