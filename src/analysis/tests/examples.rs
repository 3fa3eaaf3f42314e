use std::path::{Path, PathBuf};

use super::in_workspace;
use crate::diagnostic::Severity;
use crate::source::{EntryKind, Workspace};

/// The files of the repository, below one directory.
struct Directory(PathBuf);

impl Workspace for Directory {
    fn kind(&self, path: &Path) -> Option<EntryKind> {
        let found = std::fs::metadata(self.0.join(path)).ok()?;
        Some(if found.is_dir() { EntryKind::Directory } else { EntryKind::File })
    }

    fn read(&self, path: &Path) -> std::io::Result<Vec<u8>> {
        std::fs::read(self.0.join(path))
    }

    fn absolute(&self, path: &Path) -> PathBuf {
        self.0.join(path)
    }
}

#[test]
fn the_examples_are_clean() {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("specs/examples");
    let mut seen = 0;
    for directory in std::fs::read_dir(examples).unwrap().map(|entry| entry.unwrap().path()) {
        for file in std::fs::read_dir(&directory).unwrap().map(|entry| entry.unwrap().path()) {
            if file.extension().is_none_or(|extension| extension != "kdl") {
                continue;
            }
            seen += 1;
            let text = std::fs::read_to_string(&file).unwrap();
            let analysis = in_workspace(&text, &Directory(directory.clone()));
            let told: Vec<_> = analysis.diagnostics.iter().filter(|it| it.severity > Severity::Advice).collect();
            assert!(told.is_empty(), "{}: {told:#?}", file.display());
            assert!(analysis.pipeline.is_some(), "{}", file.display());
        }
    }
    assert!(seen >= 3, "the examples were found");
}
