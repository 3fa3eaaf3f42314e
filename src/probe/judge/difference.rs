use serde_json::Value;

use super::json::mismatches;
use super::observed::{cut, kind, quoted};
use super::{Observed, Wanted};

/// How many places of JSON are named.
const PLACES: usize = 5;

/// How many characters stand around the first that differs.
const AROUND: usize = 20;

/// The smallest useful difference between what was observed and what is wanted, where there is more to say than both.
pub(super) fn difference(observed: &Observed, wanted: &Wanted) -> Option<String> {
    match (observed, wanted) {
        (Observed::Text(found) | Observed::Json(Value::String(found)), Wanted::Equals(Value::String(wanted))) => {
            of_texts(found, wanted)
        }
        (Observed::Json(found), Wanted::Equals(wanted)) if kind(found) != kind(wanted) => {
            Some(format!("{} is not {}", kind(found), kind(wanted)))
        }
        (Observed::Text(found) | Observed::Json(Value::String(found)), Wanted::Contains(Value::String(part))) => {
            let other_case = found.to_lowercase().contains(&part.to_lowercase());
            other_case.then(|| "it is there in other upper and lower case".to_owned())
        }
        (Observed::Json(found), Wanted::JsonEquals(wanted)) => of_json(found, wanted, false),
        (Observed::Json(found), Wanted::JsonContains(wanted)) => of_json(found, wanted, true),
        (Observed::Text(found), Wanted::JsonEquals(wanted)) => {
            of_json(&super::json::read(found.as_bytes()).ok()?, wanted, false)
        }
        (Observed::Text(found), Wanted::JsonContains(wanted)) => {
            of_json(&super::json::read(found.as_bytes()).ok()?, wanted, true)
        }
        (observed, Wanted::JsonSchema(schema)) => {
            let found = super::verdict::json(observed).ok()?;
            Some(schema.mismatches(&found, PLACES).join("\n"))
        }
        (observed, Wanted::Snapshot { kept: Ok(kept), .. }) => {
            match (observed.as_text(), serde_json::from_str::<Value>(kept)) {
                (None, Ok(kept)) => of_json(&observed.to_value(), &kept, false),
                _ => of_texts(&super::snapshot::written(observed), kept),
            }
        }
        (Observed::Json(Value::Object(object)), Wanted::HasKey(_)) => {
            let keys: Vec<&str> = object.keys().map(String::as_str).collect();
            Some(cut(&format!("its keys: {}", keys.join(", ")), 200))
        }
        _ => None,
    }
}

fn of_json(found: &Value, wanted: &Value, partial: bool) -> Option<String> {
    let places = mismatches(found, wanted, partial, PLACES);
    let lines: Vec<String> = places.iter().map(|place| format!("{} {}", place.path, place.what)).collect();
    // A difference of the whole is what `expected` and `actual` say already.
    let whole = places.iter().all(|place| place.path == "$");
    if whole && places.len() <= 1 { None } else { Some(lines.join("\n")) }
}

fn of_texts(found: &str, wanted: &str) -> Option<String> {
    if found.split_whitespace().eq(wanted.split_whitespace()) {
        return Some(format!("only white space differs: {} and {}", end_of(found), end_of(wanted)));
    }
    if found.to_lowercase() == wanted.to_lowercase() {
        return Some("only upper and lower case differ".to_owned());
    }
    let same = found.chars().zip(wanted.chars()).take_while(|(found, wanted)| found == wanted).count();
    // Short texts are compared at a glance.
    if found.chars().count().max(wanted.chars().count()) <= AROUND {
        return None;
    }
    let around = |text: &str| {
        let part: String = text.chars().skip(same.saturating_sub(AROUND / 2)).take(AROUND).collect();
        quoted(&part)
    };
    Some(format!("from character {} on: {}, wanted {}", same + 1, around(found), around(wanted)))
}

fn end_of(text: &str) -> String {
    let chars = text.chars().count();
    let end: String = text.chars().skip(chars.saturating_sub(AROUND)).collect();
    format!("{chars} characters ending {}", quoted(&end))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn of(found: &str, wanted: &str) -> Option<String> {
        difference(&Observed::Text(found.to_owned()), &Wanted::Equals(json!(wanted)))
    }

    #[test]
    fn short_texts_speak_for_themselves() {
        assert_eq!(of("a", "b"), None);
    }

    #[test]
    fn the_first_character_that_differs_is_shown() {
        assert_eq!(
            of("the quick brown fox jumps over", "the quick brown cat jumps over").as_deref(),
            Some(r#"from character 17 on: "ick brown fox jumps ", wanted "ick brown cat jumps ""#)
        );
    }

    #[test]
    fn what_the_eye_misses_is_said() {
        assert_eq!(
            of("ok\n", "ok").as_deref(),
            Some(r#"only white space differs: 3 characters ending "ok\n" and 2 characters ending "ok""#)
        );
        assert_eq!(of("Ok", "ok").as_deref(), Some("only upper and lower case differ"));
        let found = Observed::Json(json!("3"));
        assert_eq!(difference(&found, &Wanted::Equals(json!(3))).as_deref(), Some("a string is not a number"));
    }

    #[test]
    fn json_differs_at_places() {
        let found = Observed::Json(json!({"a": {"b": 1}}));
        let wanted = Wanted::JsonEquals(json!({"a": {"b": 2}}));
        assert_eq!(difference(&found, &wanted).as_deref(), Some("$.a.b is 1; wanted 2"));
        assert_eq!(difference(&Observed::Json(json!(1)), &Wanted::JsonEquals(json!(2))), None);
    }
}
