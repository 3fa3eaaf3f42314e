//! An analyzer that has read before answers what a new one answers.

use std::path::Path;

use proptest::prelude::*;
use proptest::test_runner::{Config, FileFailurePersistence};

use super::*;
use crate::analysis::Analyzer;

/// All that an analysis says, in words.
fn said(analysis: &Analysis) -> String {
    format!("{:#?}\n{:#?}\n{:#?}", analysis.diagnostics, analysis.spec, analysis.pipeline)
}

/// A pipeline of three files.
const ROOT: &str = "pipeline p\ninclude \"db.kdl\"\ninclude \"ci/test.kdl\"\nparam tag default=\"1\"\n";
const DB: &str = "service db {\n    image \"postgres:16\"\n    port 5432\n    healthcheck tcp=5432\n}\n";
const TEST: &str = "stage test {\n    image \"busybox:{{tag}}\"\n    needs db\n    command echo \"{{db.host}}\"\n}\n";

fn workspace(db: &str, test: &str) -> MemoryWorkspace {
    MemoryWorkspace::default().with("db.kdl", db).with("ci/test.kdl", test)
}

#[test]
fn a_file_that_changes_is_read_anew_and_the_others_are_not() {
    let mut analyzer = Analyzer::new();
    let files = Files::single("pipeline.kdl", ROOT);
    for (db, test) in
        [(DB, TEST), (DB, TEST), ("service db {", TEST), (DB, "stage t { image }"), (TEST, DB), (DB, TEST)]
    {
        let workspace = workspace(db, test);
        let inputs = Inputs::new(&workspace);
        assert_eq!(said(&analyzer.analyze(&files, &inputs)), said(&analyze(&files, &inputs)));
    }
}

#[test]
fn a_file_of_another_number_is_another_file() {
    let mut analyzer = Analyzer::new();
    let workspace = workspace(DB, TEST);
    let inputs = Inputs::new(&workspace);
    for root in
        [ROOT, "include \"ci/test.kdl\"\ninclude \"db.kdl\"\nparam tag default=1\n", "include \"db.kdl\"\n", ROOT]
    {
        let files = Files::single("pipeline.kdl", root);
        assert_eq!(said(&analyzer.analyze(&files, &inputs)), said(&analyze(&files, &inputs)));
    }
}

/// The examples and the fenced blocks of the pages.
fn texts() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut texts = Vec::new();
    for page in std::fs::read_dir(root.join("specs/codes")).expect("the pages are there") {
        let page = std::fs::read_to_string(page.expect("a page").path()).expect("a page is text");
        texts.extend(
            page.split("```kdl")
                .skip(1)
                .filter_map(|rest| rest.split("```").next().map(|block| block.trim_start().to_owned())),
        );
    }
    for example in std::fs::read_dir(root.join("specs/examples")).expect("the examples are there") {
        texts.extend(std::fs::read_to_string(example.expect("an example").path().join("pipeline.kdl")));
    }
    assert!(texts.len() > 50, "{} texts", texts.len());
    texts.sort();
    texts
}

proptest! {
    #![proptest_config(Config {
        cases: 60,
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct("tests/regressions/analysis-again.txt"))),
        ..Config::default()
    })]

    #[test]
    fn any_row_of_edits_is_analysed_as_from_the_start(
        which in any::<prop::sample::Index>(),
        edits in prop::collection::vec(
            (any::<prop::sample::Index>(), 0_usize..30, prop::sample::select(vec!["", "x", "\n", " ", "{", "}", "\"", "/-", "a 1\n", "stage z { }\n", "é"])),
            1..6,
        ),
    ) {
        let texts = texts();
        let mut text = which.get(&texts).clone();
        let workspace = workspace(DB, TEST);
        let inputs = Inputs::new(&workspace);
        let mut analyzer = Analyzer::new();
        for (at, length, put) in edits {
            let boundary = |at: usize| (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
            let start = boundary(at.index(text.len() + 1));
            let end = boundary(start + length);
            text.replace_range(start..end, put);
            let files = Files::single("pipeline.kdl", &text);
            prop_assert_eq!(said(&analyzer.analyze(&files, &inputs)), said(&analyze(&files, &inputs)));
        }
    }
}
