//! What a stage promises: its exit code decides, its artifacts come out.

use super::harness::{Checkout, stage};
use crate::daemon::wanted;

#[test]
fn a_stage_that_never_ran_must_not_be_green() {
    if !wanted() {
        return;
    }
    let text = stage("a", "command \"false\"") + &stage("b", "needs a\n    command echo never");
    let told = Checkout::with(&text).run(&["b"], 1);
    told.says(&["not run: b"]);
    assert!(!told.out.contains("b | never"), "{}", told.out);
}

#[test]
fn an_allowed_failure_must_be_told_and_not_fail_the_run() {
    if !wanted() {
        return;
    }
    let text = stage("a", "command \"false\"\n    allow-failure") + &stage("b", "command echo fine");
    Checkout::with(&text).run(&[], 0).says(&["b | fine", "stage-failed"]);
}

#[test]
fn a_report_without_a_test_must_not_be_green() {
    if !wanted() {
        return;
    }
    let text = stage("a", "sh \"echo '<testsuite/>' > /r.xml\"\n    artifact \"/r.xml\" report=junit");
    Checkout::with(&text).run(&[], 1).says(&["report-failed"]);
}

#[test]
fn artifacts_must_be_collected_from_a_failing_stage_too() {
    if !wanted() {
        return;
    }
    let text = stage("a", "sh \"echo kept > /r.txt; exit 3\"\n    artifact \"/r.txt\" to=\"out/\"");
    let checkout = Checkout::with(&text);
    checkout.run(&[], 1).says(&["exit code 3"]);
    let kept = checkout.read("out/r.txt");
    assert_eq!(kept, "kept\n");
}
