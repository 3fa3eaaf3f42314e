use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use serde_json::Value;

/// The files that predicates compare with, as they were when the suite began, by their paths as the pipeline names them.
#[derive(Debug, Default)]
pub struct Files {
    schemas: HashMap<String, Result<Schema, String>>,
    snapshots: HashMap<String, Result<Option<String>, String>>,
    /// Whether snapshots are made anew instead of compared with.
    pub(super) update_snapshots: bool,
}

/// A JSON Schema in a file.
#[derive(Clone)]
pub struct Schema {
    /// The file, as the pipeline names it.
    pub file: String,
    validator: Arc<jsonschema::Validator>,
}

impl Files {
    /// None as yet; `update_snapshots` makes snapshots anew instead of comparing with them.
    pub fn new(update_snapshots: bool) -> Self {
        Files { update_snapshots, ..Files::default() }
    }

    /// Knows the JSON Schema in `file`; of draft 2020-12 unless it says another. What is wrong with it is told where it is asked for.
    pub fn add_schema(&mut self, file: &str, text: Result<String, String>) {
        let schema = text.and_then(|text| {
            let value: Value =
                serde_json::from_str(&text).map_err(|error| format!("the schema is not JSON: {error}"))?;
            let validator =
                jsonschema::validator_for(&value).map_err(|error| format!("it is no JSON Schema: {error}"))?;
            Ok(Schema { file: file.to_owned(), validator: Arc::new(validator) })
        });
        self.schemas.insert(file.to_owned(), schema);
    }

    /// Knows what was kept in the snapshot `file`; `None` where it is not there.
    pub fn add_snapshot(&mut self, file: &str, kept: Result<Option<String>, String>) {
        self.snapshots.insert(file.to_owned(), kept);
    }

    pub(super) fn schema(&self, file: &str) -> Result<Schema, String> {
        let schema = self.schemas.get(file).cloned();
        schema.unwrap_or_else(|| Err("it was not read".to_owned())).map_err(|why| format!("`{file}`: {why}"))
    }

    /// What is kept of a snapshot, in words why there is nothing to compare with otherwise.
    pub(super) fn snapshot(&self, file: &str) -> Result<&str, String> {
        match self.snapshots.get(file) {
            Some(Ok(Some(kept))) => Ok(kept),
            Some(Err(why)) => Err(format!("the snapshot `{file}` cannot be read: {why}")),
            Some(Ok(None)) | None => {
                Err(format!("there is no snapshot `{file}` yet; `pipe run --update-snapshots` makes it"))
            }
        }
    }
}

impl Schema {
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

/// A JSON pointer as a path: `/items/0/title` is `.items[0].title`.
fn dotted(pointer: &str) -> String {
    let parts = pointer.split('/').skip(1).map(|part| {
        let part = part.replace("~1", "/").replace("~0", "~");
        if part.bytes().all(|byte| byte.is_ascii_digit()) { format!("[{part}]") } else { format!(".{part}") }
    });
    parts.collect()
}
