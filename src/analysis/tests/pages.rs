use super::in_workspace;
use crate::diagnostic::{Code, Severity, codes};
use crate::source::MemoryWorkspace;

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
fn every_page_shows_its_code_and_how_to_mend_it() {
    let mut wrong = Vec::new();
    for code in codes::all() {
        let page = code.page();
        let blocks = blocks(page);
        let mut workspace = MemoryWorkspace::default();
        for (info, text) in &blocks {
            if let Some(path) = info.iter().find_map(|word| word.strip_prefix("file=")) {
                workspace = workspace.with(path, text.as_str());
            }
        }
        if !page.starts_with(&format!("# {code}\n")) {
            wrong.push(format!("{code}: the page's title is not the code"));
        }
        if !blocks.iter().any(|(info, _)| info.as_slice() == ["kdl", "good"]) {
            wrong.push(format!("{code}: no good block"));
        }
        for (info, text) in &blocks {
            let analysis = in_workspace(text, &workspace);
            let found: Vec<_> = analysis.diagnostics.iter().map(|it| (it.code, it.severity, &it.message)).collect();
            match info.as_slice() {
                ["kdl", "bad"] if !is_exactly(code, &found) => {
                    wrong.push(format!("{code}: the bad block yields {found:?}"));
                }
                ["kdl", "good"] if found.iter().any(|it| it.1 > Severity::Advice || it.0 == code) => {
                    wrong.push(format!("{code}: the good block yields {found:?}"));
                }
                _ => {}
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Whether the code is among what was found, and nothing else that weighs as much.
fn is_exactly(code: Code, found: &[(Code, Severity, &String)]) -> bool {
    found.iter().any(|it| it.0 == code) && found.iter().all(|it| it.0 == code || it.1 < code.severity())
}

#[test]
fn the_examples_of_the_reference_are_clean() {
    let workspace = MemoryWorkspace::default()
        .with("Dockerfile", "FROM busybox:1.35 AS test\nFROM busybox:1.35 AS release\nARG APP_VERSION\n")
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
