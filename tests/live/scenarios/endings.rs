//! What `always` promises: the stage runs in the end, whatever happened.

use super::harness::{Checkout, stage};
use crate::daemon::wanted;

fn with_an_end(stages: &str) -> String {
    stages.to_owned() + &stage("tidy", "always\n    command echo \"tidied up\"")
}

#[test]
fn a_stage_with_always_must_run_after_all_others() {
    if !wanted() {
        return;
    }
    let text = with_an_end(&stage("a", "sh \"sleep 1; echo worked\""));
    let told = Checkout::with(&text).run(&[], 0);
    let (worked, tidied) = (told.out.find("| worked"), told.out.find("| tidied up"));
    assert!(worked.is_some() && worked < tidied, "{}", told.out);
}

#[test]
fn a_stage_with_always_must_run_after_a_failure() {
    if !wanted() {
        return;
    }
    let text = with_an_end(&(stage("a", "sh \"exit 3\"") + &stage("b", "needs a\n    command echo never")));
    Checkout::with(&text).run(&[], 1).says(&["exit code 3", "| tidied up", "not run: b", "left 0"]);
}

#[test]
fn a_stage_with_always_must_fail_the_run_by_its_own_failure() {
    if !wanted() {
        return;
    }
    let text = stage("a", "command \"true\"") + &stage("tidy", "always\n    sh \"exit 5\"");
    Checkout::with(&text).run(&[], 1).says(&["exit code 5"]);
}
