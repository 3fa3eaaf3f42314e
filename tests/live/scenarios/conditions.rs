//! What `when` promises: a stage that is not wanted is skipped, with its reason, and holds nothing up.

use super::harness::{Checkout, stage};
use crate::daemon::wanted;

fn deploy(param: &str) -> String {
    format!("param deploy {param}\n")
        + &stage("build", "command echo built")
        + &stage("deploy", "needs build\n    when param=deploy is=yes\n    command echo deployed")
        + &stage("announce", "needs deploy\n    command echo announced")
}

#[test]
fn a_stage_that_is_not_wanted_must_be_skipped_with_its_reason_and_hold_nothing_up() {
    if !wanted() {
        return;
    }
    let checkout = Checkout::with(&deploy("\"no\""));
    let told = checkout.run(&[], 0);
    told.says(&["skipped: param `deploy` is `no`, not `yes`", "| announced", "1 stage skipped"]);
    told.never_says(&["| deployed"]);
    checkout.run(&["--set", "deploy=yes"], 0).says(&["| deployed", "| announced"]);
}

#[test]
fn a_stage_that_is_not_wanted_must_not_take_in_what_it_needs() {
    if !wanted() {
        return;
    }
    Checkout::with(&deploy("\"no\"")).run(&["deploy"], 0).says(&["1 stage skipped"]).never_says(&["| built"]);
}

#[test]
fn a_command_may_decide() {
    if !wanted() {
        return;
    }
    let checkout = Checkout::with(&deploy("{ command echo \"yes\"; }"));
    checkout.run(&[], 0).says(&["| deployed"]);
    let checkout = Checkout::with(&deploy("{ command echo \"no\"; }"));
    checkout.run(&[], 0).says(&["skipped: param `deploy` is `no`, not `yes`"]);
}
