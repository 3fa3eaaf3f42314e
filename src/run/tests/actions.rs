//! Tests that disturb services: what they do is done, forgiven, and made good.

use super::scene::{MS, Played, Scene};
use crate::engine::fake::{Operation as Call, Script};
use crate::event::{CaseStatus, Event, Stamped, StepOutcome, Verdict};
use crate::model::sample::{Sample, at, need};
use crate::model::{
    Action, ActionKind, Check, CheckStrength, Fact, Gate, Link, Operand, Pipeline, Predicate, PredicateKind, Query,
    Restart, RestartPolicy, Step, Test,
};
use crate::source::Span;

fn action(kind: ActionKind, service: &str) -> Step {
    Step::Action(Action { kind, service: at(service.into()), checks: vec![], captures: vec![], span: Span::default() })
}

fn expecting(step: Step, fact: Fact, wanted: Operand) -> Step {
    let Step::Action(mut action) = step else { panic!("an action") };
    let kind = PredicateKind::Equals(wanted);
    action.checks.push(Check {
        strength: CheckStrength::Expect,
        query: Query::Fact(fact),
        looked_at: Span::default(),
        chain: vec![Link::Predicate(Predicate { not: false, kind, span: Span::default() })],
        span: Span::default(),
    });
    Step::Action(action)
}

/// A database and an application that needs it; each list of steps is a test: `0`, `1`, and so on.
fn pipeline(tests: Vec<Vec<Step>>) -> Pipeline {
    sample(tests).build()
}

fn sample(tests: Vec<Vec<Step>>) -> Sample {
    Sample::new("demo").service("db", &[]).service("app", &["db"]).acceptance_with("todos", "app", |todos| {
        todos.target = None;
        todos.needs.push(need("db", Gate::Healthy));
        let first = todos.tests.remove(0);
        let named = |(number, steps): (usize, Vec<Step>)| Test { name: at(number.to_string()), steps, ..first.clone() };
        todos.tests = tests.into_iter().enumerate().map(named).collect();
    })
}

/// `0: passed`, `1: why it failed`, `2: why it was left out`.
fn cases(played: &Played) -> Vec<String> {
    let case = |event: &Stamped| match &event.event {
        Event::Tested { case, .. } => Some(match &case.status {
            CaseStatus::Passed => format!("{}: passed", case.name),
            CaseStatus::Skipped(why) | CaseStatus::Failed(why) => format!("{}: {why}", case.name),
            CaseStatus::Checks(failures) => {
                let told: Vec<_> = failures.iter().map(|it| format!("{} {}", it.subject, it.actual)).collect();
                format!("{}: {}", case.name, told.join("; "))
            }
        }),
        _ => None,
    };
    played.events.iter().filter_map(case).collect()
}

/// What was asked of a service's container that changes it, in order.
fn done_to(played: &Played, node: &str) -> Vec<String> {
    let changes =
        [Call::Start, Call::Stop, Call::Kill, Call::Pause, Call::Unpause, Call::LeaveNetwork, Call::JoinNetwork];
    let calls = played.fake.calls();
    let calls = calls.iter().filter(|call| call.object == node && changes.contains(&call.operation));
    calls.map(|call| call.operation.to_string()).collect()
}

#[tokio::test(start_paused = true)]
async fn a_stop_is_judged_and_a_start_awaits_readiness() {
    let stop = action(ActionKind::Stop(Some(MS(5_000))), "db");
    let stop = expecting(stop, Fact::ExitCode, Operand::Number(7.0));
    let stop = expecting(stop, Fact::Killed, Operand::Bool(false));
    let stop = expecting(stop, Fact::StoppedIn, Operand::Number(300.0));
    let script = Script::runs().stops_in(MS(300)).stops_with(7).ready_after(MS(2_000));
    let played = Scene::of(&pipeline(vec![vec![stop, action(ActionKind::Start, "db")]])).on("db", script).play().await;
    assert_eq!((played.verdict(), cases(&played)), (Verdict::Passed, vec!["0: passed".to_owned()]));
    assert_eq!(done_to(&played, "db"), ["start", "stop", "start"]);
    assert!(played.outcome.summary.took >= MS(4_000), "the second start is awaited too");
    played.assert_nothing_left();
}

#[tokio::test(start_paused = true)]
async fn a_stop_that_is_not_as_expected_fails_its_test_alone() {
    let stop = expecting(action(ActionKind::Stop(Some(MS(1_000))), "db"), Fact::Killed, Operand::Bool(false));
    let played = Scene::of(&pipeline(vec![vec![stop], vec![action(ActionKind::Restart(None), "db")]]))
        .on("db", Script::runs().ignores_stop())
        .play()
        .await;
    assert_eq!(cases(&played), ["0: killed true", "1: passed"]);
    played.assert_nothing_left();
}

#[tokio::test(start_paused = true)]
async fn what_a_test_did_is_made_good_before_the_next_one() {
    let network = || None;
    let tests = vec![
        vec![action(ActionKind::Stop(None), "db")],
        vec![action(ActionKind::Kill("SIGKILL".into()), "db")],
        vec![action(ActionKind::Pause, "db")],
        vec![action(ActionKind::Disconnect(network()), "db")],
        vec![action(ActionKind::Disconnect(network()), "db"), action(ActionKind::Connect(network()), "db")],
        vec![],
    ];
    let played = Scene::of(&pipeline(tests)).play().await;
    assert_eq!(played.verdict(), Verdict::Passed, "{:?}", cases(&played));
    assert_eq!(cases(&played).len(), 6);
    assert_eq!(
        done_to(&played, "db"),
        [
            "start",
            "stop",
            "start",
            "kill",
            "start",
            "pause",
            "unpause",
            "leave-network",
            "join-network",
            "leave-network",
            "join-network"
        ]
    );
    assert!(played.outcome_of("db", "await").succeeded(), "its end was meant, and fails nothing");
    played.assert_nothing_left();
}

#[tokio::test(start_paused = true)]
async fn a_service_that_does_not_come_back_ends_the_suite_with_the_reason() {
    let script = Script::runs().answers("true", [(0, ""), (1, "corrupt")]);
    let played = Scene::of(&pipeline(vec![vec![action(ActionKind::Kill("SIGKILL".into()), "db")], vec![], vec![]]))
        .on("db", script)
        .play()
        .await;
    assert_eq!(played.verdict(), Verdict::Failed);
    let told = cases(&played);
    assert!(
        told[0].starts_with("0: `db` it was not ready within") && told[0].ends_with("the last one: corrupt"),
        "{told:?}"
    );
    assert!(told[1].starts_with("1: `db` is not what it was before “0”") && told[2].starts_with("2: `db`"), "{told:?}");
    played.assert_nothing_left();
}

#[tokio::test(start_paused = true)]
async fn a_service_with_a_policy_is_started_again_by_that_unless_it_was_stopped() {
    let restart = Restart { policy: RestartPolicy::Always, max: 5, backoff: MS(1_000) };
    let tests = [
        vec![action(ActionKind::Kill("SIGKILL".into()), "db")],
        vec![],
        vec![action(ActionKind::Stop(None), "db"), action(ActionKind::Pause, "app")],
    ];
    let sample = Sample::new("demo").service_with("db", &[], |db| db.restart = Some(restart)).service("app", &["db"]);
    let pipeline = sample.acceptance_with("todos", "app", |todos| {
        todos.target = None;
        let first = todos.tests.remove(0);
        let named = |(n, steps): (usize, Vec<Step>)| Test { name: at(n.to_string()), steps, ..first.clone() };
        todos.tests = tests.into_iter().enumerate().map(named).collect();
    });
    let played = Scene::of(&pipeline.build()).play().await;
    assert_eq!(cases(&played), ["0: passed", "1: passed", "2: passed"]);
    assert_eq!(done_to(&played, "db"), ["start", "kill", "start", "stop", "start"]);
    let told =
        |event: &&Stamped| matches!(&event.event, Event::Warning { message, .. } if message.contains("(1 of 5)"));
    assert_eq!(played.events.iter().filter(told).count(), 1);
    played.assert_nothing_left();
}

#[tokio::test(start_paused = true)]
async fn tests_that_disturb_run_alone_though_others_run_side_by_side() {
    let slow = || vec![action(ActionKind::Restart(None), "db")];
    let pipeline = Sample::new("demo").service("db", &[]).acceptance_with("todos", "db", |todos| {
        todos.target = None;
        todos.parallel = 4;
        let first = todos.tests.remove(0);
        todos.tests = (0..4).map(|n| Test { name: at(n.to_string()), steps: slow(), ..first.clone() }).collect();
    });
    let script = Script::runs().stops_in(MS(500)).ready_after(MS(1_000));
    let played = Scene::of(&pipeline.build()).on("db", script).play().await;
    assert_eq!(cases(&played), ["0: passed", "1: passed", "2: passed", "3: passed"]);
    let expected: Vec<&str> = std::iter::once("start").chain(["stop", "start"].into_iter().cycle().take(8)).collect();
    assert_eq!(done_to(&played, "db"), expected);
    played.assert_nothing_left();
}

#[tokio::test(start_paused = true)]
async fn what_else_needs_a_service_waits_until_nobody_disturbs_it() {
    let tests = vec![vec![action(ActionKind::Stop(None), "db"), action(ActionKind::Start, "db")]];
    let pipeline = sample(tests).stage("load", &["db"]).build();
    let script = Script::runs().stops_in(MS(3_000)).ready_after(MS(3_000));
    let played = Scene::of(&pipeline).on("db", script).on("load", Script::exits(0).after(MS(20_000))).play().await;
    assert_eq!(played.verdict(), Verdict::Passed, "{:?}", cases(&played));
    let began = |object: &str, call: Call| {
        let calls = played.fake.calls();
        let found =
            calls.iter().filter(|it| it.object == object && it.operation == call).map(|it| it.begin).next_back();
        found.expect("it was asked")
    };
    let (load, stop, start) = (began("load", Call::Start), began("db", Call::Stop), began("db", Call::Start));
    assert!(stop >= load + MS(20_000) || start <= load, "load {load:?}, stop {stop:?}, start {start:?}");
    played.assert_nothing_left();
}

#[tokio::test(start_paused = true)]
async fn an_interrupt_in_the_middle_of_a_pause_leaves_nothing() {
    let tests = vec![vec![action(ActionKind::Pause, "db"), action(ActionKind::Stop(Some(MS(600_000))), "app")]];
    let played = Scene::of(&pipeline(tests)).on("app", Script::runs().ignores_stop()).signal_at(MS(5_000)).play().await;
    assert!(matches!(played.verdict(), Verdict::Interrupted { .. }));
    assert_eq!(done_to(&played, "db")[..2], ["start", "pause"]);
    assert!(matches!(played.outcome_of("todos", "test"), StepOutcome::Cancelled));
    assert!(played.outcome.summary.took < MS(60_000), "{:?}", played.outcome.summary.took);
    played.assert_nothing_left();
}
