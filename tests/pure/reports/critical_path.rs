use std::time::Duration;

use pipe::analysis::analyze;
use pipe::event::{Event, Stamped, StepOutcome};
use pipe::model::Inputs;
use pipe::plan::{Goal, Plan, Step, plan};
use pipe::report::{Course, CriticalPath};
use pipe::source::{Files, MemoryWorkspace};

/// The plan of a pipeline, and the course of its run: each step that is named by verb and node from when to when, in milliseconds.
fn run(text: &str, targets: &[&str], jobs: usize, worked: &[(&str, &str, u64, u64)]) -> (Plan, Course) {
    let analysis = analyze(&Files::single("pipeline.kdl", text), &Inputs::new(&MemoryWorkspace::default()));
    let pipeline = analysis.pipeline.expect("it is valid");
    let targets = targets.iter().map(|target| (*target).into()).collect();
    let plan = plan(&pipeline, &Goal { targets, ..Goal::default() });
    let mut course = Course::new(&plan);
    let mut take = |at: u64, event| course.take(&plan, &Stamped { at: Duration::from_millis(at), event });
    take(0, Event::RunStarted { run: "r1".to_owned(), jobs });
    for (verb, node, from, to) in worked {
        let is_it = |step: &&Step| step.operation.verb() == *verb && plan.node(step.node).name == *node;
        let step = plan.steps.iter().find(is_it).expect("it is planned").id;
        take(*from, Event::StepStarted(step));
        let took = Duration::from_millis(to - from);
        take(*to, Event::StepSettled { step, outcome: StepOutcome::Succeeded, took });
    }
    (plan, course)
}

const CHAIN: &str = "template t { image \"busybox:1.35\"; command \"true\" }\n\
    stage a { extends t }\nstage b { extends t }\nstage c { extends t; needs a b }\n";

#[test]
fn the_path_goes_back_over_what_ended_last() {
    let worked = [("run", "a", 100, 900), ("run", "b", 100, 2100), ("run", "c", 2200, 3200)];
    let (plan, course) = run(CHAIN, &["c"], 4, &worked);
    let path = CriticalPath::of(&plan, &course).expect("something was at work");
    assert_eq!(path.lines(&plan), ["critical path 3.20s: run b 2.00s, run c 1.00s; idle 0.20s"]);
    assert_eq!(path.saved, Duration::ZERO);
}

#[test]
fn who_waits_for_a_job_waits_for_the_one_before() {
    let worked = [("run", "a", 0, 1000), ("run", "b", 1001, 2001), ("run", "c", 2001, 3001)];
    let (plan, course) = run(CHAIN, &["c"], 1, &worked);
    let path = CriticalPath::of(&plan, &course).expect("something was at work");
    let told = path.lines(&plan);
    assert_eq!(told[0], "critical path 3.00s: run a 1.00s, run b 1.00s, run c 1.00s");
    assert_eq!(told[1], "one more job would have saved about 1.00s");
}

#[test]
fn a_short_run_has_nothing_to_tell() {
    let (plan, course) = run(CHAIN, &["c"], 2, &[("run", "a", 0, 200), ("run", "b", 0, 300), ("run", "c", 300, 600)]);
    assert!(CriticalPath::of(&plan, &course).expect("something was at work").lines(&plan).is_empty());
    let (plan, course) = run(CHAIN, &["c"], 2, &[]);
    assert_eq!(CriticalPath::of(&plan, &course), None);
}
