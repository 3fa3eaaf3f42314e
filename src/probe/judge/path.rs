use serde_json::Value;
use serde_json_path::JsonPath;

use super::Observed;
use super::json::{MOST_VALUES, weight};
use crate::model::names_one_place;

/// What a JSONPath of RFC 9535 selects in a value: one value where the path names one place, a list of them otherwise.
pub fn select(path: &str, value: &Value) -> Observed {
    let compiled = match JsonPath::parse(path) {
        Ok(compiled) => compiled,
        Err(error) => return Observed::Broken(format!("the JSONPath `{path}` does not read: {error}")),
    };
    let nodes = compiled.query(value);
    if names_one_place(path) {
        nodes.first().map_or(Observed::Absent, |value| Observed::Json(value.clone()))
    } else {
        // Places may stand in each other, and be taken again and again.
        let mut left = MOST_VALUES;
        for value in nodes.iter() {
            left = match left.checked_sub(weight(value, left)) {
                Some(left) => left,
                None => {
                    return Observed::Broken(format!("the JSONPath `{path}` selects more than {MOST_VALUES} values"));
                }
            };
        }
        Observed::Nodes(nodes.into_iter().cloned().collect())
    }
}
