//! `--fix` and `--diff`.

use std::collections::BTreeSet;

use pipe::analysis::analyze;
use pipe::diagnostic::{Diagnostics, Severity, codes, mend};
use pipe::model::Inputs;
use pipe::source::{Files, MemoryWorkspace};

use super::{BROKEN, Bench, CLEAN};

#[test]
fn what_can_be_mended_is_and_the_rest_is_shown() {
    let bench = Bench::new([("pipeline.kdl", BROKEN)]);
    let said = bench.check(&["--fix"]);
    assert_eq!(bench.read("pipeline.kdl"), BROKEN.replace("10s", "\"10s\""));
    assert_eq!(said.err, "pipeline.kdl:3:13: fixed[unquoted-value]: put it in quotes\n");
    assert!(said.out.contains("error[unknown-reference]") && said.out.ends_with("1 error\n"), "{}", said.out);
    assert_eq!(said.code, 1);
    let said = bench.check(&["--fix"]);
    assert_eq!(said.err, "", "there is nothing more to mend");
}

#[test]
fn once_all_is_mended_the_check_passes() {
    let bench =
        Bench::new([("pipeline.kdl", CLEAN.replace("command echo", "timeout 10s\r\n    command echo").as_str())]);
    let said = bench.check(&["--fix"]);
    assert_eq!((said.code, said.out.as_str()), (0, "pipeline.kdl: no findings\n"));
    assert!(bench.read("pipeline.kdl").contains("timeout \"10s\"\r\n"), "the ends of lines stay");
}

#[test]
fn a_diff_shows_and_writes_nothing() {
    let bench = Bench::new([("pipeline.kdl", BROKEN), ("clean.kdl", CLEAN)]);
    let said = bench.check(&["--diff"]);
    assert!(said.out.starts_with("--- pipeline.kdl\n+++ pipeline.kdl\n@@ -1,5 +1,5 @@\n"), "{}", said.out);
    assert!(said.out.contains("\n-    timeout 10s\n+    timeout \"10s\"\n"), "{}", said.out);
    assert_eq!((said.code, said.err.as_str()), (1, "left: 1 error\n"));
    assert_eq!(bench.read("pipeline.kdl"), BROKEN);
    let said = bench.check(&["--diff", "clean.kdl"]);
    assert_eq!((said.code, said.out.as_str()), (0, ""));
}

#[test]
fn standard_input_is_mended_to_standard_output() {
    let bench = Bench::new([]);
    let said = bench.check_input(&["-", "--fix"], BROKEN);
    assert_eq!(said.out, BROKEN.replace("10s", "\"10s\""));
    assert!(said.err.contains("unknown-reference"), "{}", said.err);
    assert_eq!(said.code, 1);
    assert_eq!(bench.check_input(&["-", "--fix"], CLEAN).out, CLEAN);
}

#[test]
fn a_file_that_cannot_be_written_stays_and_is_told() {
    let bench = Bench::new([("pipeline.kdl", BROKEN)]);
    let path = bench.path().join("pipeline.kdl");
    let mut permissions = std::fs::metadata(&path).expect("it is there").permissions();
    permissions.set_readonly(true);
    std::fs::set_permissions(&path, permissions).expect("it is ours");
    let said = bench.check(&["--fix"]);
    assert!(said.err.contains("error[unwritable-file]") && said.err.contains("nothing was written"), "{}", said.err);
    assert_eq!((said.code, bench.read("pipeline.kdl").as_str()), (3, BROKEN));
}

#[test]
fn what_is_allowed_is_not_mended() {
    let text = CLEAN.replace("command echo a", "command echo a\n    env {}");
    let bench = Bench::new([("pipeline.kdl", text.as_str())]);
    bench.check(&["--fix", "--allow", "empty-block"]);
    assert_eq!(bench.read("pipeline.kdl"), text);
}

/// Over all bad examples of the pages: mending comes to an end, what is mended stays mended, and nothing gets worse.
#[test]
fn mending_is_idempotent_and_makes_nothing_worse() {
    let mut wrong = Vec::new();
    let mut mended = BTreeSet::new();
    for code in codes::all() {
        let (bad, workspace) = example(code.page());
        for text in bad {
            let found = check(&text, &workspace);
            let mut now = text.clone();
            let mut rounds = 0;
            while rounds <= 10 {
                let files = Files::single("pipeline.kdl", &now);
                let diagnostics = check(&now, &workspace);
                let Some(next) = mend(&diagnostics, &files).texts.remove(&files.root().id()) else { break };
                mended.insert(code.slug());
                if next == now {
                    wrong.push(format!("{code}: a fix changes nothing:\n{now}"));
                    break;
                }
                now = next;
                rounds += 1;
            }
            if rounds > 10 {
                wrong.push(format!("{code}: mending turns in circles:\n{now}"));
            }
            let left = check(&now, &workspace);
            if left.count(Severity::Error) > found.count(Severity::Error) {
                wrong.push(format!("{code}: {left:#?} is more than was found, after mending to\n{now}"));
            }
            let safe = found.iter().any(|it| it.code == code && it.fixes.iter().any(|fix| fix.safe));
            if safe && left.iter().any(|it| it.code == code) {
                wrong.push(format!("{code}: the fix does not mend it:\n{now}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} examples are wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert!(mended.len() >= 15, "few examples can be mended: {mended:?}");
}

/// The bad examples of a page, and the files beside them.
fn example(page: &str) -> (Vec<String>, MemoryWorkspace) {
    let mut bad = Vec::new();
    let mut workspace = MemoryWorkspace::default();
    for part in page.split("\n```").skip(1).step_by(2) {
        let (info, text) = part.split_once('\n').unwrap_or((part, ""));
        let text = format!("{text}\n");
        if info == "kdl bad" {
            bad.push(text);
        } else if let Some(path) = info.split_whitespace().find_map(|word| word.strip_prefix("file=")) {
            workspace = workspace.with(path, text);
        }
    }
    (bad, workspace)
}

fn check(text: &str, workspace: &MemoryWorkspace) -> Diagnostics {
    analyze(&Files::single("pipeline.kdl", text), &Inputs::new(workspace)).diagnostics
}
