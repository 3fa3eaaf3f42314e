//! What the scheduler does, one situation a test; the laws behind them are tried out in the simulation.

use std::sync::Arc;
use std::time::Duration;

use super::{CancelHow, Effect, Input, Limits, Scheduler};
use crate::event::{Event, Failure, Moment, StepOutcome};
use crate::model::sample::{Sample, at, reference};
use crate::model::{ImageUse, Pipeline, Stage};
use crate::plan::{Goal, Plan, StepId, plan};
use crate::run::Signal;

/// A scheduler, and what it has said so far: `begin db start`, `cancel migrate run`, `db await failed`.
struct Table {
    plan: Arc<Plan>,
    scheduler: Scheduler,
    now: Moment,
    said: Vec<String>,
}

impl Table {
    fn of(pipeline: &Pipeline, jobs: usize) -> Self {
        let plan = Arc::new(plan(pipeline, &Goal::default()));
        let limits = Limits { jobs, keep_going: false, deadline: None };
        let scheduler = Scheduler::new(plan.clone(), limits);
        let mut table = Table { plan, scheduler, now: Duration::ZERO, said: Vec::new() };
        table.feed(Input::Begin);
        table
    }

    fn feed(&mut self, input: Input) {
        self.now += Duration::from_secs(1);
        for effect in self.scheduler.handle(self.now, input) {
            let said = match effect {
                Effect::Begin(step) => format!("begin {}", self.name(step)),
                Effect::Cancel { step, how: CancelHow::Gracefully } => format!("cancel {}", self.name(step)),
                Effect::Cancel { step, how: CancelHow::Kill } => format!("kill {}", self.name(step)),
                Effect::Tell(Event::StepSettled { step, outcome: StepOutcome::Skipped { because }, .. }) => {
                    format!("skip {} for {}", self.name(step), self.name(because))
                }
                Effect::Tell(Event::StepSettled { step, outcome: StepOutcome::Failed(_), took }) => {
                    format!("{} failed after {took:?}", self.name(step))
                }
                Effect::Tell(_) => continue,
                Effect::Finish(verdict) => format!("finish {verdict:?}"),
            };
            self.said.push(said);
        }
    }

    fn name(&self, step: StepId) -> String {
        let step = self.plan.step(step);
        format!("{} {}", self.plan.node(step.node).name, step.operation.verb())
    }

    fn step(&self, name: &str) -> StepId {
        let found = self.plan.steps.iter().find(|step| self.name(step.id) == name);
        found.unwrap_or_else(|| panic!("no step `{name}`\n{}", self.plan)).id
    }

    fn succeed(&mut self, names: &[&str]) {
        for name in names {
            let step = self.step(name);
            self.feed(Input::Ended { step, outcome: StepOutcome::Succeeded });
        }
    }

    fn end(&mut self, name: &str, outcome: StepOutcome) {
        let step = self.step(name);
        self.feed(Input::Ended { step, outcome });
    }

    /// What was said since this was last asked.
    fn said(&mut self) -> Vec<String> {
        std::mem::take(&mut self.said)
    }
}

fn failure() -> Box<Failure> {
    Box::new(Failure::CannotStart { message: "it was to fail".to_owned() })
}

fn chain() -> Pipeline {
    Sample::new("demo").service("db", &[]).stage("migrate", &["db"]).stage("accept", &["migrate"]).build()
}

const UP: &[&str] =
    &["busybox:1.35 pull", "network create", "db create", "migrate create", "accept create", "db start", "db await"];

#[test]
fn containers_are_made_before_their_gates_are_open() {
    let mut table = Table::of(&chain(), 2);
    assert_eq!(table.said(), ["begin busybox:1.35 pull", "begin network create"]);
    table.succeed(&["busybox:1.35 pull", "network create"]);
    assert_eq!(table.said(), ["begin db create", "begin migrate create", "begin accept create"]);
    table.succeed(&["accept create", "migrate create", "db create", "db start"]);
    assert_eq!(table.said(), ["begin db start", "begin db await"]);
    table.succeed(&["db await"]);
    assert_eq!(table.said(), ["begin migrate run"]);
}

#[test]
fn a_failure_is_named_as_the_cause_of_all_that_follows_from_it() {
    let mut table = Table::of(&chain(), 2);
    table.succeed(UP);
    table.said();
    table.end("migrate run", StepOutcome::Failed(failure()));
    assert_eq!(
        table.said(),
        [
            "migrate run failed after 1s",
            "skip accept run for migrate run",
            "begin db remove",
            "begin migrate remove",
            "begin accept remove"
        ]
    );
    table.succeed(&["accept remove", "db remove", "migrate remove", "network remove"]);
    assert_eq!(table.said(), ["begin network remove", "finish Failed"]);
}

#[test]
fn a_service_that_dies_while_needed_fails_the_run_and_ends_what_needs_it() {
    let mut table = Table::of(&chain(), 2);
    table.succeed(UP);
    table.said();
    let node = table.plan.step(table.step("db start")).node;
    table.feed(Input::ServiceDied { node, failure: failure() });
    assert_eq!(table.said()[..2], ["db await failed after 2s", "cancel migrate run"]);
    table.end("migrate run", StepOutcome::Cancelled);
    table.succeed(&["db remove", "migrate remove", "accept remove", "network remove"]);
    assert_eq!(table.said().last().map(String::as_str), Some("finish Failed"));
}

#[test]
fn a_service_that_ends_when_nobody_needs_it_any_more_is_no_failure() {
    let mut table = Table::of(&chain(), 2);
    table.succeed(UP);
    table.succeed(&["migrate run"]);
    let node = table.plan.step(table.step("db start")).node;
    table.feed(Input::ServiceDied { node, failure: failure() });
    table.succeed(&["accept run", "db remove", "migrate remove", "accept remove", "network remove"]);
    assert_eq!(table.said().last().map(String::as_str), Some("finish Passed"));
}

#[test]
fn jobs_wait_for_each_other() {
    let pipeline = Sample::new("demo").stage("one", &[]).stage("two", &[]).build();
    let mut table = Table::of(&pipeline, 1);
    table.succeed(&["busybox:1.35 pull", "network create", "one create"]);
    table.said();
    table.succeed(&["two create"]);
    assert_eq!(table.said(), Vec::<String>::new());
    table.succeed(&["one run"]);
    assert_eq!(table.said(), ["begin two run", "begin one remove"]);
}

#[test]
fn the_longest_way_to_the_end_goes_first() {
    let other = |stage: &mut Stage| {
        let container = stage.container.as_mut().expect("a sample has one");
        container.image = at(ImageUse::Reference(reference("debian:bookworm-slim")));
    };
    let pipeline =
        Sample::new("demo").stage("short", &[]).stage_with("long", &[], other).stage("end", &["long"]).build();
    let mut table = Table::of(&pipeline, 1);
    assert_eq!(table.said(), ["begin network create", "begin debian:bookworm-slim pull"]);
    table.succeed(&["debian:bookworm-slim pull"]);
    assert_eq!(table.said(), ["begin busybox:1.35 pull"]);
}

#[test]
fn signals_stop_then_kill_then_leave() {
    let mut table = Table::of(&chain(), 2);
    table.succeed(UP);
    table.said();
    table.feed(Input::Signal(Signal::TERM));
    assert!(table.said().contains(&"cancel migrate run".to_owned()));
    table.feed(Input::Signal(Signal::TERM));
    assert_eq!(table.said(), ["kill migrate run"]);
    table.feed(Input::Signal(Signal::TERM));
    assert_eq!(table.said(), ["finish Interrupted { signal: 15 }"]);
    assert_eq!(table.scheduler.handle(table.now, Input::Tick).len(), 0);
}

#[test]
fn a_signal_after_the_last_work_does_not_take_back_the_verdict() {
    let mut table = Table::of(&chain(), 2);
    table.succeed(UP);
    table.succeed(&["migrate run", "accept run"]);
    table.feed(Input::Signal(Signal::INT));
    table.succeed(&["db remove", "migrate remove", "accept remove", "network remove"]);
    assert_eq!(table.said().last().map(String::as_str), Some("finish Passed"));
}
