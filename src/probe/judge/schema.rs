use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fmt;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use jsonschema::{Retrieve, Uri};
use serde_json::Value;

use super::encoding::{percent_decoded, percent_encoded};

/// A JSON Schema in a file, of draft 2020-12 unless it says another.
#[derive(Clone)]
pub struct Schema {
    /// The file, as the pipeline names it.
    pub file: String,
    validator: Arc<jsonschema::Validator>,
}

/// The text of a schema's file, and of the files that it takes parts of with `$ref`.
#[derive(Debug, Clone, Default)]
pub struct SchemaText {
    /// Its own.
    pub text: String,
    /// Where it lies, from the root on.
    pub path: PathBuf,
    /// Where the others lie, and what stands in them, or in words why that is not known.
    pub others: BTreeMap<PathBuf, Result<String, String>>,
}

impl SchemaText {
    /// The files that a schema at `path` refers to, from the root on. References to other machines are none, whatever stands there.
    pub fn named_in(path: &Path, text: &str) -> BTreeSet<PathBuf> {
        let Ok(schema) = serde_json::from_str::<Value>(text) else { return BTreeSet::new() };
        let home = home_of(&schema);
        let mut named = BTreeSet::new();
        let mut pending = vec![&schema];
        while let Some(value) = pending.pop() {
            match value {
                Value::Array(values) => pending.extend(values),
                Value::Object(members) => {
                    for (key, value) in members {
                        match value {
                            Value::String(reference) if REFERENCES.contains(&key.as_str()) => {
                                named.extend(file_of(path, home.as_deref(), reference));
                            }
                            value => pending.push(value),
                        }
                    }
                }
                _ => {}
            }
        }
        named.remove(path);
        named
    }
}

/// The keywords that refer to another schema.
const REFERENCES: [&str; 2] = ["$ref", "$dynamicRef"];

impl Schema {
    /// The schema that a text is; in words why it is none.
    pub(super) fn of(file: &str, text: &SchemaText) -> Result<Self, String> {
        let value: Value =
            serde_json::from_str(&text.text).map_err(|error| format!("the schema is not JSON: {error}"))?;
        let mut read = BTreeMap::new();
        for (path, other) in &text.others {
            let name = path.file_name().unwrap_or_default().display();
            let text = other.as_ref().map_err(|why| format!("`{name}`, to which it refers, cannot be read: {why}"))?;
            let value = serde_json::from_str(text)
                .map_err(|error| format!("`{name}`, to which it refers, is not JSON: {error}"))?;
            read.insert(path.clone(), value);
        }
        let files = Beside { path: text.path.clone(), home: home_of(&value), read };
        let validator = jsonschema::options()
            .with_base_uri(format!("file://{}", url_path(&text.path)))
            .with_retriever(files)
            .build(&value)
            .map_err(|error| format!("it is no JSON Schema: {error}"))?;
        Ok(Schema { file: file.to_owned(), validator: Arc::new(validator) })
    }

    pub(super) fn holds_of(&self, value: &Value) -> bool {
        self.validator.is_valid(value)
    }

    /// What is wrong with a value, and where: at most `most` places.
    pub(super) fn mismatches(&self, value: &Value, most: usize) -> Vec<String> {
        let errors = self.validator.iter_errors(value).take(most);
        errors.map(|error| format!("${} {error}", dotted(error.instance_path().as_str()))).collect()
    }
}

impl fmt::Debug for Schema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Schema").field("file", &self.file).finish_non_exhaustive()
    }
}

/// The files that were read for a schema: all that it may refer to.
struct Beside {
    path: PathBuf,
    home: Option<String>,
    read: BTreeMap<PathBuf, Value>,
}

impl Retrieve for Beside {
    fn retrieve(&self, uri: &Uri<String>) -> Result<Value, Box<dyn Error + Send + Sync>> {
        let path = match uri.as_str().strip_prefix("file://") {
            Some(path) => Some(unescaped(path)),
            None => file_of(&self.path, self.home.as_deref(), uri.as_str()),
        };
        let found = path.and_then(|path| self.read.get(&path).cloned());
        found.ok_or_else(|| "a schema takes parts of files beside it alone, and of no other machine".into())
    }
}

/// Where a schema says that it lives, up to its last `/`: `https://example.com/schemas/`.
fn home_of(schema: &Value) -> Option<String> {
    let id = schema.get("$id")?.as_str()?;
    let end = id.rfind('/')?;
    id.contains("://").then(|| id[..=end].to_owned())
}

/// The file that a reference of the schema at `path` means: relative to it, or to where the schema says that it lives.
fn file_of(path: &Path, home: Option<&str>, reference: &str) -> Option<PathBuf> {
    let place = reference.split('#').next().unwrap_or_default();
    let place = home.and_then(|home| place.strip_prefix(home)).unwrap_or(place);
    let scheme = place.split('/').next().unwrap_or_default().contains(':');
    if place.is_empty() || scheme || place.starts_with('/') {
        return None;
    }
    let mut found = path.parent()?.to_owned();
    for part in unescaped(place).components() {
        match part {
            Component::ParentDir => drop(found.pop()),
            Component::Normal(name) => found.push(name),
            Component::CurDir | Component::RootDir | Component::Prefix(_) => {}
        }
    }
    Some(found)
}

/// A path that stands in a URL.
fn unescaped(path: &str) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(&percent_decoded(path)).into_owned())
}

/// A path as it stands in a URL.
fn url_path(path: &Path) -> String {
    let parts = path.components().filter_map(|part| match part {
        Component::Normal(name) => Some(format!("/{}", percent_encoded(name.to_string_lossy().as_bytes()))),
        _ => None,
    });
    parts.collect()
}

/// A JSON pointer as a path: `/items/0/title` is `.items[0].title`.
fn dotted(pointer: &str) -> String {
    let parts = pointer.split('/').skip(1).map(|part| {
        let part = part.replace("~1", "/").replace("~0", "~");
        if part.bytes().all(|byte| byte.is_ascii_digit()) { format!("[{part}]") } else { format!(".{part}") }
    });
    parts.collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn text(own: Value, others: &[(&str, Value)]) -> SchemaText {
        let others = others.iter().map(|(path, value)| (PathBuf::from(path), Ok(value.to_string())));
        SchemaText { text: own.to_string(), path: "/p/my schemas/todo.json".into(), others: others.collect() }
    }

    fn named(own: &Value) -> Vec<String> {
        let named = SchemaText::named_in(Path::new("/p/my schemas/todo.json"), &own.to_string());
        named.into_iter().map(|path| path.display().to_string()).collect()
    }

    #[test]
    fn a_schema_takes_parts_of_the_files_beside_it() {
        let own = json!({"type": "array", "items": {"$ref": "parts/item.json#/$defs/item"}});
        assert_eq!(named(&own), ["/p/my schemas/parts/item.json"]);
        let item = json!({"$defs": {"item": {"properties": {"id": {"$ref": "../id.json"}}}}});
        let id = json!({"type": "integer"});
        let others = [("/p/my schemas/parts/item.json", item), ("/p/my schemas/id.json", id)];
        let schema = Schema::of("todo.json", &text(own, &others)).expect("it is a schema");
        assert!(schema.holds_of(&json!([{"id": 1}])));
        assert!(!schema.holds_of(&json!([{"id": "1"}])));
        assert_eq!(schema.mismatches(&json!([{"id": "1"}]), 5), [r#"$[0].id "1" is not of type "integer""#]);
    }

    #[test]
    fn a_schema_that_says_where_it_lives_finds_its_parts_beside_it_too() {
        let own = json!({"$id": "https://example.com/schemas/todo.json", "$ref": "item.json"});
        assert_eq!(named(&own), ["/p/my schemas/item.json"]);
        let schema = Schema::of("todo.json", &text(own, &[("/p/my schemas/item.json", json!({"type": "object"}))]));
        assert!(!schema.expect("it is a schema").holds_of(&json!(1)));
        let own = json!({"$id": "https://example.com/schemas/todo.json", "$ref": "https://example.com/schemas/a.json"});
        assert_eq!(named(&own), ["/p/my schemas/a.json"]);
    }

    #[test]
    fn nobody_is_asked_over_the_network() {
        let own = json!({"$ref": "https://example.com/item.json"});
        assert_eq!(named(&own), [""; 0]);
        let why = Schema::of("todo.json", &text(own, &[])).expect_err("it is not whole");
        assert!(why.contains("https://example.com/item.json") && why.contains("of no other machine"), "{why}");
    }

    #[test]
    fn a_part_that_is_missing_is_named() {
        let mut text = text(json!({"$ref": "item.json"}), &[]);
        text.others.insert("/p/my schemas/item.json".into(), Err("no such file".to_owned()));
        let why = Schema::of("todo.json", &text).expect_err("it is not whole");
        assert_eq!(why, "`item.json`, to which it refers, cannot be read: no such file");
        text.others.insert("/p/my schemas/item.json".into(), Ok("{".to_owned()));
        let why = Schema::of("todo.json", &text).expect_err("it is not whole");
        assert!(why.starts_with("`item.json`, to which it refers, is not JSON"), "{why}");
    }
}
