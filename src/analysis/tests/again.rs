//! An analyzer that has read before answers what a new one answers.

use std::path::Path;

use proptest::prelude::*;
use proptest::test_runner::{Config, FileFailurePersistence};

use super::*;
use crate::analysis::Analyzer;
use crate::analysis::kept::Kept;
use crate::diagnostic::Diagnostics;

/// What a new analysis of `text` says, and the same of one that has read before.
fn both(analyzer: &mut Analyzer, files: &Files, inputs: &Inputs<'_>) -> ([String; 2], bool) {
    let new = analyze(files, inputs);
    let found = analyzer.analyze(files, inputs);
    let told = |diagnostics: &Diagnostics, is_valid: bool| format!("{is_valid} {diagnostics:#?}");
    let mut said = [told(&new.diagnostics, new.pipeline.is_some()), told(&found.diagnostics, found.is_valid)];
    assert_eq!(found.files.root().text(), files.root().text());
    if let Some((spec, pipeline)) = analyzer.kept().map(Kept::meaning) {
        said[0] += &without_places(&format!("{:#?}", new.spec));
        said[1] += &without_places(&format!("{spec:#?}"));
        if new.pipeline.is_some() {
            said[0] += &without_places(&format!("{:#?}", new.pipeline));
            said[1] += &without_places(&format!("{pipeline:#?}"));
        }
    }
    (said, found.is_whole)
}

/// What is printed of values, without the offsets in it: those of what is kept are others.
fn without_places(printed: &str) -> String {
    let is_place = |line: &&str| !["start: ", "end: "].iter().any(|word| line.trim_start().starts_with(word));
    printed.lines().filter(is_place).collect::<Vec<_>>().join("\n")
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
        let ([new, again], _) = both(&mut analyzer, &files, &inputs);
        assert_eq!(again, new);
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
        let ([new, again], _) = both(&mut analyzer, &files, &inputs);
        assert_eq!(again, new);
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
            let ([new, again], _) = both(&mut analyzer, &files, &inputs);
            prop_assert_eq!(again, new);
        }
    }

    #[test]
    fn any_row_of_small_edits_is_analysed_as_from_the_start(
        which in any::<prop::sample::Index>(),
        edits in prop::collection::vec(
            (any::<prop::sample::Index>(), 0_usize..3, prop::sample::select(vec!["", "x", "7", "-", "{{tag}}", " needs db; ", "/x"])),
            1..8,
        ),
    ) {
        let texts = texts();
        let mut text = which.get(&texts).clone();
        let workspace = workspace(DB, TEST);
        let inputs = Inputs::new(&workspace);
        let mut analyzer = Analyzer::new();
        analyzer.analyze(&Files::single("pipeline.kdl", &text), &inputs);
        for (at, length, put) in edits {
            // Between the braces of a block, where most lines are.
            let blocks: Vec<usize> = text.match_indices(['{', '"']).map(|(at, _)| at + 1).collect();
            let from = if blocks.is_empty() { 0 } else { *at.get(&blocks) };
            let start = (from..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(0);
            let end = (start + length.min(text.len() - start)..=text.len()).find(|at| text.is_char_boundary(*at));
            text.replace_range(start..end.unwrap_or(start), put);
            let files = Files::single("pipeline.kdl", &text);
            let ([new, again], _) = both(&mut analyzer, &files, &inputs);
            prop_assert_eq!(again, new, "{}", text);
        }
    }
}

/// A pipeline with a line for each kind of edit.
const LINES: &str = r#"pipeline p
param tag default="1"
secret token env=TOKEN
volume data
template base { image "busybox:{{tag}}"; env A "1" }
service db {
    image "postgres:16"
    port 5432
    healthcheck tcp=5432
}
stage seed {
    extends base
    needs db
    mount data "/data"
    sh "echo {{tag}} | tee /data/x"
    artifact "/out/seed.txt"
}
stage load {
    extends base
    needs seed
    env TOKEN (secret)token
    command load --at "{{db.host}}"
}
acceptance works {
    target db port=5432
    needs load
    test "answers" { http GET "/" { expect status 200; } }
}
"#;

/// What is written in place of what, one after the other, and whether only the runnable around it is looked at.
const EDITS: [(&str, &str, bool); 18] = [
    ("| tee", "and not | tee", true),
    ("A \"1\"", "A \"22\"", false),
    ("(secret)token", "(secret)tokem", true),
    ("(secret)tokem", "(secret)token", true),
    ("echo {{tag}}", "sudo apt install {{tagg}}", true),
    ("{{tagg}}", "{{tag}}", true),
    ("tcp=5432", "tcp=5433", true),
    ("port 5432\n", "port 5432 host=15432\n", false),
    ("postgres:16", "postgres:17", true),
    ("--at", "\"--at", false),
    ("\"--at", "--at", false),
    ("needs seed", "needs db", false),
    ("status 200", "status 404", true),
    ("GET \"/\"", "GET \"http://bd/\"", true),
    ("acceptance works", "acceptance work", false),
    ("env TOKEN (secret)token", "env TOKEN \"AKIAIOSFODNN7EXAMPLE\"", true),
    ("mount data \"/data\"", "", true),
    ("load --at", "load { --at", false),
];

#[test]
fn an_edit_within_one_runnable_is_looked_at_alone_unless_others_can_see_it() {
    let workspace = MemoryWorkspace::default();
    let mut inputs = Inputs::new(&workspace);
    inputs.environment.insert("TOKEN".to_owned(), "s3cret-of-length".to_owned());
    let mut text = LINES.to_owned();
    let mut analyzer = Analyzer::new();
    let first = Files::single("pipeline.kdl", &text);
    assert!(analyzer.analyze(&first, &inputs).is_valid, "{:#?}", analyze(&first, &inputs).diagnostics);
    for (from, to, is_alone) in EDITS {
        let edited = text.replacen(from, to, 1);
        assert_ne!(edited, text, "{from}");
        let files = Files::single("pipeline.kdl", &edited);
        let ([new, again], is_whole) = both(&mut analyzer, &files, &inputs);
        assert_eq!(again, new, "{from} to {to}");
        assert_eq!(!is_whole, is_alone, "{from} to {to}");
        text = edited;
    }
}
