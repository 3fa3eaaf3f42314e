//! `concurrency`: of the runs that give one name, one at a time.

use std::time::{Duration, Instant};

use super::harness::{Checkout, Told, stage, unique, wait_for_line};
use crate::daemon::wanted;

/// A stage that fails if another run is in the same place at the same time.
fn alone(name: &str) -> String {
    format!("pipeline alone {{\n    concurrency {name}\n}}\n")
        + &stage("work", "mount \"./place\" \"/place\"\n    sh \"mkdir /place/taken; sleep 1; rmdir /place/taken\"")
}

#[test]
fn runs_of_one_name_must_not_overlap_and_all_have_their_turn() {
    if !wanted() {
        return;
    }
    let checkout = Checkout::with(&alone(&unique("turns")));
    checkout.write("place/there", "");
    let runs: Vec<_> = (0..4).map(|_| checkout.command(&["run"]).spawn().expect("it can be run")).collect();
    let told: Vec<Told> = runs.into_iter().map(|run| Told::of(run.wait_with_output().expect("it ends"))).collect();
    for one in &told {
        assert_eq!(one.code, 0, "{}\n{}", one.out, one.err);
    }
    let waited = told.iter().filter(|one| one.out.contains("is held by run r")).count();
    assert!(waited >= 2, "they came together, and {waited} of them waited");
    assert_eq!(checkout.held(), Vec::<String>::new());
}

#[test]
fn what_a_killed_run_held_must_be_free_at_once() {
    if !wanted() {
        return;
    }
    let name = unique("killed");
    let held = Checkout::with(&format!(
        "pipeline first {{\n    concurrency {name}\n}}\n{}",
        stage("long", "sh \"echo here; sleep 600\"")
    ));
    let next = Checkout::with(&format!(
        "pipeline next {{\n    concurrency {name}\n}}\n{}",
        stage("short", "command echo mine")
    ));
    let mut child = held.command(&["run"]).spawn().expect("it can be run");
    wait_for_line(&mut child, "long | here");
    let mut waiting = next.command(&["run"]).spawn().expect("it can be run");
    wait_for_line(&mut waiting, "is held by run r");
    let killed = Instant::now();
    child.kill().and_then(|()| child.wait()).expect("it can be killed");
    assert!(waiting.wait().expect("it ends").success());
    assert!(killed.elapsed() < Duration::from_secs(20), "{:?}", killed.elapsed());
    assert_eq!(held.held(), Vec::<String>::new());
    assert_eq!(next.held(), Vec::<String>::new());
}

#[test]
fn a_run_that_waits_must_say_for_whom_and_give_up_when_its_time_is_up() {
    if !wanted() {
        return;
    }
    let name = unique("waits");
    let held = Checkout::with(&format!(
        "pipeline holder {{\n    concurrency {name}\n}}\n{}",
        stage("long", "sh \"echo here; sleep 600\"")
    ));
    let next = Checkout::with(&format!(
        "pipeline next {{\n    concurrency {name}\n    timeout \"2s\"\n}}\n{}",
        stage("short", "command echo mine")
    ));
    let mut child = held.command(&["run"]).spawn().expect("it can be run");
    let said = wait_for_line(&mut child, "long | here");
    let run = said.split(" > run ").nth(1).and_then(|rest| rest.split_whitespace().next()).expect("it tells its run");
    next.run(&[], 4)
        .says(&["no-turn", &format!("held by run {run} of `holder`"), "concurrency"])
        .never_says(&["short | mine"]);
    rustix::process::kill_process(
        rustix::process::Pid::from_raw(child.id() as i32).expect("it has one"),
        rustix::process::Signal::INT,
    )
    .expect("it runs");
    assert_eq!(child.wait().expect("it ends").code(), Some(130));
    assert_eq!(held.held(), Vec::<String>::new());
}
