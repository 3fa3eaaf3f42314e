use std::collections::VecDeque;

use serde_json::Value;

use super::json::mismatches;
use super::observed::{cut, kind, quoted};
use super::snapshot::{masked, written};
use super::{Observed, Wanted};
use crate::source::KeptLines;

/// How many places of JSON are named.
const PLACES: usize = 5;

/// What is said of two values that differ in their secrets alone.
const HIDDEN: &str = "they differ in what is hidden";

/// How many characters stand around the first that differs.
const AROUND: usize = 20;

/// How many lines stand around those that differ, how many lines of a difference are shown at all, and how much of each, in characters.
const CONTEXT: usize = 2;
const DIFFERING: usize = 24;
const LINE: usize = 60;

/// The smallest useful difference between what was observed and what is wanted, where there is more to say than both.
pub(super) fn difference(observed: &Observed, wanted: &Wanted, mask: &dyn Fn(&str) -> String) -> Option<String> {
    if let Some(wanted) = wanted.beside(observed) {
        return difference(observed, &wanted, mask);
    }
    // What is cut is hidden before: half a secret is no secret to whoever hides them.
    let observed = &masked(observed, mask);
    let hidden = |value: &Value| match masked(&Observed::Json(value.clone()), mask) {
        Observed::Json(value) => value,
        masked => masked.to_value(),
    };
    match (observed, wanted) {
        (Observed::Text(found) | Observed::Json(Value::String(found)), Wanted::Equals(Value::String(wanted))) => {
            of_texts(found, &mask(wanted))
        }
        (Observed::Json(found), Wanted::Equals(wanted)) if kind(found) != kind(wanted) => {
            Some(format!("{} is not {}", kind(found), kind(wanted)))
        }
        (Observed::Text(found) | Observed::Json(Value::String(found)), Wanted::Contains(Value::String(part))) => {
            let other_case = found.to_lowercase().contains(&part.to_lowercase());
            other_case.then(|| "it is there in other upper and lower case".to_owned())
        }
        (Observed::Json(found), Wanted::JsonEquals(wanted)) => of_json(found, &hidden(wanted), false),
        (Observed::Json(found), Wanted::JsonContains(wanted)) => of_json(found, &hidden(wanted), true),
        (Observed::Text(found), Wanted::JsonEquals(wanted)) => {
            of_json(&super::json::read(found.as_bytes()).ok()?, &hidden(wanted), false)
        }
        (Observed::Text(found), Wanted::JsonContains(wanted)) => {
            of_json(&super::json::read(found.as_bytes()).ok()?, &hidden(wanted), true)
        }
        (observed, Wanted::JsonSchema(schema)) => {
            let found = super::verdict::json(observed).ok()?;
            Some(schema.mismatches(&found, PLACES).join("\n"))
        }
        (observed, Wanted::Snapshot { kept: Ok(kept), .. }) => {
            match (observed.as_text(), serde_json::from_str::<Value>(kept)) {
                (None, Ok(kept)) => of_json(&observed.to_value(), &hidden(&kept), false),
                _ => of_texts(&written(observed), &mask(kept)),
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
    let places = mismatches(found, wanted, partial, PLACES + 1);
    if places.is_empty() {
        return Some(HIDDEN.to_owned());
    }
    let lines = places.iter().take(PLACES).map(|place| format!("{} {}", place.path, place.what));
    let more = (places.len() > PLACES).then(|| "and more".to_owned());
    // A difference of the whole is what `expected` and `actual` say already.
    let whole = places.iter().all(|place| place.path == "$");
    if whole && places.len() <= 1 { None } else { Some(lines.chain(more).collect::<Vec<_>>().join("\n")) }
}

fn of_texts(found: &str, wanted: &str) -> Option<String> {
    if found == wanted {
        return Some(HIDDEN.to_owned());
    }
    if found.split_whitespace().eq(wanted.split_whitespace()) {
        return Some(format!("only white space differs: {} and {}", end_of(found), end_of(wanted)));
    }
    if found.to_lowercase() == wanted.to_lowercase() {
        return Some("only upper and lower case differ".to_owned());
    }
    if found.lines().nth(1).is_some() || wanted.lines().nth(1).is_some() {
        return Some(of_lines(found, wanted));
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

/// Line by line with a few lines around, `-` what is wanted and `+` what is there, each with its number.
fn of_lines(found: &str, wanted: &str) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) = (wanted.lines().collect(), found.lines().collect());
    let kept = KeptLines::between(&old, &new);
    let mut shown = vec!["- wanted, + there".to_owned()];
    let (mut at, mut to) = (0, 0);
    // Lines that are the same and wait for a change to come, and how many are still owed to the one before.
    let (mut before, mut owed) = (VecDeque::new(), 0);
    let mut last = 0;
    while (at < old.len() || to < new.len()) && shown.len() <= DIFFERING {
        let (removed, added) = (at < old.len() && !kept.old[at], to < new.len() && !kept.new[to]);
        if removed || added {
            if last > 0 && to - before.len() > last {
                shown.push("…".to_owned());
            }
            shown.extend(before.drain(..));
            if removed {
                shown.push(numbered('-', at, old[at]));
                at += 1;
            } else {
                shown.push(numbered('+', to, new[to]));
                to += 1;
            }
            (owed, last) = (CONTEXT, to);
            continue;
        }
        let line = numbered(' ', to, new[to]);
        if owed > 0 {
            shown.push(line);
            (owed, last) = (owed - 1, to + 1);
        } else {
            before.push_back(line);
            if before.len() > CONTEXT {
                before.pop_front();
            }
        }
        (at, to) = (at + 1, to + 1);
    }
    if shown.len() > DIFFERING {
        shown.push("… and more".to_owned());
    }
    shown.join("\n")
}

fn numbered(mark: char, index: usize, line: &str) -> String {
    format!("{mark} {:>4}  {}", index + 1, cut(line, LINE)).trim_end().to_owned()
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
        difference(&Observed::Text(found.to_owned()), &Wanted::Equals(json!(wanted)), &str::to_owned)
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
        assert_eq!(
            difference(&found, &Wanted::Equals(json!(3)), &str::to_owned).as_deref(),
            Some("a string is not a number")
        );
    }

    #[test]
    fn json_differs_at_places() {
        let found = Observed::Json(json!({"a": {"b": 1}}));
        let wanted = Wanted::JsonEquals(json!({"a": {"b": 2}}));
        assert_eq!(difference(&found, &wanted, &str::to_owned).as_deref(), Some("$.a.b is 1; wanted 2"));
        assert_eq!(difference(&Observed::Json(json!(1)), &Wanted::JsonEquals(json!(2)), &str::to_owned), None);
    }

    #[test]
    fn many_places_are_not_all_named() {
        let (found, wanted) = (Observed::Json(vec![0; 9].into()), Wanted::JsonEquals(vec![1; 9].into()));
        let told = difference(&found, &wanted, &str::to_owned).expect("it differs");
        assert_eq!(told.lines().collect::<Vec<_>>()[4..], ["$[4] is 0; wanted 1", "and more"]);
    }

    #[test]
    fn texts_differ_line_by_line_with_a_few_around() {
        let wanted = "one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine\nten\n";
        let found = wanted.replace("four", "vier").replace("ten\n", "ten\neleven\n");
        let told = "- wanted, + there\n     2  two\n     3  three\n-    4  four\n+    4  vier\n     5  five\n     6  six\n\
                    …\n     9  nine\n    10  ten\n+   11  eleven";
        assert_eq!(of(&found, wanted).as_deref(), Some(told));
    }

    #[test]
    fn a_long_difference_is_cut_in_lines_and_in_their_length() {
        let text =
            |word: &str| (0..5000).map(|line| format!("{word} {line} {}\n", "x".repeat(500))).collect::<String>();
        let told = of(&text("a"), &text("b")).expect("it differs");
        assert_eq!(told.lines().count(), DIFFERING + 2);
        assert!(told.ends_with("… and more") && told.lines().all(|line| line.chars().count() < 100), "{told}");
    }

    #[test]
    fn secrets_are_hidden_before_anything_is_cut() {
        let mask = |text: &str| text.replace("hunter2-hunter2-hunter2", "***");
        let found = json!({"a": format!("{}hunter2-hunter2-hunter2", "x".repeat(50)), "b": 1});
        let told = difference(&Observed::Json(found), &Wanted::JsonEquals(json!({"a": "y", "b": 1})), &mask);
        assert!(told.is_some_and(|told| told.contains("x***") && !told.contains("hunter")));
        let same = difference(&Observed::Text("hunter2-hunter2-hunter2".into()), &Wanted::Equals(json!("***")), &mask);
        assert_eq!(same.as_deref(), Some(HIDDEN));
    }
}
