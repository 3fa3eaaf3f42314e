use serde_json::Value;

use super::Observed;

/// What a snapshot saw of a value, to be kept in its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// The file, as the pipeline names it.
    pub file: String,
    /// What is to stand in it, secrets masked.
    pub text: String,
}

/// A value as a file keeps it: text as it is, JSON on lines of its own.
pub(super) fn written(observed: &Observed) -> String {
    let pretty = |value: &Value| serde_json::to_string_pretty(value).expect("its keys are strings") + "\n";
    match observed {
        Observed::Json(Value::String(text)) => text.clone(),
        Observed::Json(_) | Observed::Nodes(_) => pretty(&observed.to_value()),
        Observed::Selected(nodes) if nodes.len() != 1 => pretty(&observed.to_value()),
        observed => observed.captured().unwrap_or_default(),
    }
}

/// A value as it may be kept: with its secrets masked.
pub(super) fn masked(observed: &Observed, mask: &dyn Fn(&str) -> String) -> Observed {
    let plain = written(observed);
    let hidden = mask(&plain);
    if hidden == plain {
        return observed.clone();
    }
    let value = (observed.as_text().is_none()).then(|| serde_json::from_str(&hidden).ok()).flatten();
    value.map_or(Observed::Text(hidden), Observed::Json)
}

/// Whether `kept` is what `written` says of `observed`: JSON by value, all else exactly.
pub(super) fn is_kept(written: &str, observed: &Observed, kept: &str) -> bool {
    if written == kept {
        return true;
    }
    let is_json = matches!(observed, Observed::Json(_) | Observed::Nodes(_)) && observed.as_text().is_none();
    let read = |text: &str| serde_json::from_str::<Value>(text).ok();
    is_json && read(written).zip(read(kept)).is_some_and(|(written, kept)| super::json::same(&written, &kept))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn json_is_kept_on_lines_and_compared_by_value() {
        let observed = Observed::Json(json!({"a": 1, "b": [2]}));
        let text = written(&observed);
        assert_eq!(text, "{\n  \"a\": 1,\n  \"b\": [\n    2\n  ]\n}\n");
        assert!(is_kept(&text, &observed, "{\"b\": [2.0], \"a\": 1}"));
        assert!(!is_kept(&text, &observed, "{\"a\": 1}"));
    }

    #[test]
    fn secrets_are_masked_in_what_is_kept() {
        let mask = |text: &str| text.replace("hunter2", "***");
        assert_eq!(masked(&Observed::Json(json!({"a": "hunter2"})), &mask), Observed::Json(json!({"a": "***"})));
        assert_eq!(masked(&Observed::Text("a hunter2".into()), &mask), Observed::Text("a ***".into()));
        assert_eq!(masked(&Observed::Number(2.0), &mask), Observed::Number(2.0));
    }

    #[test]
    fn text_is_kept_as_it_is() {
        for observed in [Observed::Text("1".into()), Observed::Json(json!("1")), Observed::Number(1.0)] {
            let text = written(&observed);
            assert_eq!(text, "1");
            assert!(is_kept(&text, &observed, "1") && !is_kept(&text, &observed, "1\n"));
        }
    }
}
