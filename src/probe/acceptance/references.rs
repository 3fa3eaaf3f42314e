use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use crate::model::{Acceptance, Check, Link, PredicateKind, Step};
use crate::probe::judge::{Files, SchemaText, Snapshot};

/// The files that the predicates of a suite compare with: JSON Schemas and snapshots, read before the first test.
#[derive(Debug, Default)]
pub struct References {
    /// What was read.
    pub(super) files: Files,
    directory: PathBuf,
    /// The snapshots that were made anew in this run.
    made: Mutex<HashMap<String, String>>,
}

/// How large a file may be that is compared with.
const MOST_BYTES: u64 = 16 * 1024 * 1024;
/// How many files a schema may take parts of.
const MOST_PARTS: usize = 200;

impl References {
    /// Reads what the checks of `acceptance` name, relative to `directory`. What cannot be read is told of where it is asked for.
    pub async fn read(acceptance: &Acceptance, directory: &Path, update_snapshots: bool) -> Self {
        let mut named = Named::default();
        let tests = acceptance.tests.iter().map(|test| &test.steps);
        let around = [&acceptance.before_all, &acceptance.after_all, &acceptance.setup, &acceptance.teardown];
        around.into_iter().chain(tests).for_each(|steps| named.steps(steps));
        let mut files = Files::new(update_snapshots);
        for file in named.schemas {
            files.add_schema(&file, schema(&directory.join(&file)).await);
        }
        for file in named.snapshots {
            let kept = match text_of(&directory.join(&file)).await {
                Ok(text) => Ok(Some(text)),
                Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
                Err(error) => Err(error.to_string()),
            };
            files.add_snapshot(&file, kept);
        }
        References { files, directory: directory.to_owned(), made: Mutex::default() }
    }

    /// Makes a snapshot's file anew; in words why it is not. Two that see different things cannot have one file.
    pub(super) async fn keep(&self, snapshot: Snapshot) -> Result<(), String> {
        let Snapshot { file, text } = snapshot;
        {
            let mut made = self.made.lock().expect("nobody panics with it");
            match made.get(&file) {
                Some(known) if *known == text => return Ok(()),
                Some(_) => return Err(format!("the snapshot `{file}` was made of another value in this run")),
                None => drop(made.insert(file.clone(), text.clone())),
            }
        }
        let path = self.directory.join(&file);
        let write = async {
            if let Some(folder) = path.parent() {
                tokio::fs::create_dir_all(folder).await?;
            }
            tokio::fs::write(&path, text).await
        };
        write.await.map_err(|error| format!("the snapshot `{file}` cannot be written: {error}"))
    }
}

/// A schema with all that it refers to, as far as it lies on this machine.
async fn schema(file: &Path) -> Result<SchemaText, String> {
    let path = std::path::absolute(file).map_err(|error| error.to_string())?;
    let text = text_of(&path).await.map_err(|error| error.to_string())?;
    let mut pending = SchemaText::named_in(&path, &text);
    let mut schema = SchemaText { text, path, others: BTreeMap::new() };
    while let Some(other) = pending.pop_first() {
        if schema.others.len() >= MOST_PARTS {
            return Err(format!("it takes parts of more than {MOST_PARTS} files"));
        }
        let text = text_of(&other).await.map_err(|error| error.to_string());
        let more = text.iter().flat_map(|text| SchemaText::named_in(&other, text));
        let known = |path: &PathBuf| *path == schema.path || *path == other || schema.others.contains_key(path);
        pending.extend(more.filter(|path| !known(path)).collect::<Vec<_>>());
        schema.others.insert(other, text);
    }
    Ok(schema)
}

async fn text_of(path: &Path) -> io::Result<String> {
    if tokio::fs::metadata(path).await?.len() > MOST_BYTES {
        return Err(io::Error::other(format!("it is larger than {} MiB", MOST_BYTES / (1024 * 1024))));
    }
    tokio::fs::read_to_string(path).await
}

/// The files that checks name.
#[derive(Default)]
struct Named {
    schemas: BTreeSet<String>,
    snapshots: BTreeSet<String>,
}

impl Named {
    fn steps(&mut self, steps: &[Step]) {
        for step in steps {
            match step {
                Step::Probe(probe) => self.checks(&probe.checks),
                Step::Wait(wait) => wait.probes.iter().for_each(|probe| self.checks(&probe.checks)),
                Step::Action(action) => self.checks(&action.checks),
            }
        }
    }

    fn checks(&mut self, checks: &[Check]) {
        checks.iter().for_each(|check| self.chain(&check.chain));
    }

    fn chain(&mut self, chain: &[Link]) {
        for predicate in chain.iter().filter_map(Link::predicate) {
            match &predicate.kind {
                PredicateKind::JsonSchema(file) => self.schemas.extend(file.as_literal().map(str::to_owned)),
                PredicateKind::Snapshot(file) => self.snapshots.extend(file.as_literal().map(str::to_owned)),
                PredicateKind::Quantified(_, chain) | PredicateKind::Not(chain) => self.chain(chain),
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::suite::tests::{acceptance, check, http, literal, test};
    use super::*;
    use crate::model::{CheckStrength, Fact, Probe, Query};

    fn naming(kind: PredicateKind) -> Acceptance {
        let probe = http("GET", literal("/"));
        let checks = vec![check(CheckStrength::Expect, Query::Fact(Fact::Body), kind)];
        acceptance(vec![test("t", vec![Probe { checks, ..probe }])])
    }

    fn snapshot(file: &str, text: &str) -> Snapshot {
        Snapshot { file: file.to_owned(), text: text.to_owned() }
    }

    #[tokio::test]
    async fn a_snapshot_is_made_where_it_is_named_and_read_by_the_next_run() {
        let folder = tempfile::tempdir().expect("a folder of its own");
        let suite = naming(PredicateKind::Snapshot(literal("kept/todo.txt")));
        let first = References::read(&suite, folder.path(), true).await;
        assert_eq!(first.keep(snapshot("kept/todo.txt", "Wash the car")).await, Ok(()));
        let written = std::fs::read_to_string(folder.path().join("kept/todo.txt")).expect("it was made");
        assert_eq!(written, "Wash the car");
        let second = format!("{:?}", References::read(&suite, folder.path(), false).await.files);
        assert!(second.contains("Wash the car"), "{second}");
    }

    #[tokio::test]
    async fn a_file_keeps_one_value_a_run() {
        let folder = tempfile::tempdir().expect("a folder of its own");
        let references = References::read(&acceptance(vec![]), folder.path(), true).await;
        assert_eq!(references.keep(snapshot("a", "1")).await, Ok(()));
        assert_eq!(references.keep(snapshot("a", "1")).await, Ok(()));
        let told = references.keep(snapshot("a", "2")).await.expect_err("another value");
        assert_eq!(told, "the snapshot `a` was made of another value in this run");
        assert_eq!(std::fs::read_to_string(folder.path().join("a")).expect("it was made"), "1");
    }

    #[tokio::test]
    async fn a_schema_is_read_with_the_files_beside_it() {
        let folder = tempfile::tempdir().expect("a folder of its own");
        std::fs::create_dir(folder.path().join("schemas")).expect("a folder in it");
        let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect("a file in it");
        write("schemas/list.json", r#"{"items": {"$ref": "item.json"}}"#);
        // They refer to each other.
        write("schemas/item.json", r#"{"type": "object", "properties": {"under": {"$ref": "list.json"}}}"#);
        let text = schema(&folder.path().join("schemas/list.json")).await.expect("it is there");
        assert_eq!(text.others.keys().collect::<Vec<_>>(), [&folder.path().join("schemas/item.json")]);
        let suite = naming(PredicateKind::JsonSchema(literal("schemas/list.json")));
        let files = format!("{:?}", References::read(&suite, folder.path(), false).await.files);
        assert!(!files.contains("Err"), "{files}");
    }

    #[tokio::test]
    async fn what_cannot_be_read_is_told_where_it_is_asked_for() {
        let folder = tempfile::tempdir().expect("a folder of its own");
        let suite = naming(PredicateKind::JsonSchema(literal("schema.json")));
        let files = format!("{:?}", References::read(&suite, folder.path(), false).await.files);
        assert!(files.contains("schema.json") && files.contains("Err"), "{files}");
    }
}
