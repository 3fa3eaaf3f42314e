use std::path::{Path, PathBuf};

use super::in_workspace;
use crate::diagnostic::Severity;
use crate::source::{EntryKind, MemoryWorkspace, Workspace};

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

/// A fenced block of a page: the words after the fence, and its text.
fn blocks(page: &str) -> Vec<(Vec<&str>, String)> {
    let mut blocks = Vec::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        if let Some(info) = line.strip_prefix("```") {
            let text: String = lines.by_ref().take_while(|line| *line != "```").flat_map(|line| [line, "\n"]).collect();
            blocks.push((info.split_whitespace().collect(), text));
        }
    }
    blocks
}

#[test]
fn the_examples_of_the_reference_are_clean() {
    let workspace = MemoryWorkspace::default()
        .with("Dockerfile", "FROM busybox:1.35 AS test\nFROM busybox:1.35 AS release\nARG APP_VERSION\n")
        .with("ci/services.kdl", "service db { image \"mariadb:10.11\"; healthcheck tcp=3306; }\n")
        .with("password.txt", "correct horse\n")
        .with("acceptance.bats", "@test \"it answers\" { true; }\n");
    let directory = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("specs/language");
    let mut seen = 0;
    for file in std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()) {
        for (info, text) in blocks(&std::fs::read_to_string(&file).unwrap()) {
            if info.as_slice() == ["kdl"] {
                seen += 1;
                let told = in_workspace(&text, &workspace).diagnostics;
                let told: Vec<_> = told.iter().filter(|it| it.severity > Severity::Advice).collect();
                assert!(told.is_empty(), "{}: {told:#?}", file.display());
            }
        }
    }
    assert!(seen >= 10, "the examples were found");
}
