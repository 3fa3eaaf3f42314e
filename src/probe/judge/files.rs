use std::collections::HashMap;

use super::{Schema, SchemaText};

/// The files that predicates compare with, as they were when the suite began, by their paths as the pipeline names them.
#[derive(Debug, Default)]
pub struct Files {
    schemas: HashMap<String, Result<Schema, String>>,
    snapshots: HashMap<String, Result<Option<String>, String>>,
    /// Whether snapshots are made anew instead of compared with.
    pub(super) update_snapshots: bool,
}

impl Files {
    /// None as yet; `update_snapshots` makes snapshots anew instead of comparing with them.
    pub fn new(update_snapshots: bool) -> Self {
        Files { update_snapshots, ..Files::default() }
    }

    /// Knows the JSON Schema in `file`. What is wrong with it is told where it is asked for.
    pub fn add_schema(&mut self, file: &str, text: Result<SchemaText, String>) {
        self.schemas.insert(file.to_owned(), text.and_then(|text| Schema::of(file, &text)));
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
