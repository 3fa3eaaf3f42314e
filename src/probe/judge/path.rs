use serde_json::Value;
use serde_json_path::JsonPath;

use super::Observed;
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
        Observed::Nodes(nodes.into_iter().cloned().collect())
    }
}
