//! Tests in other tools: what their standard output and their reports come to.

use std::fmt::Write as _;
use std::time::Duration;

use super::scene::{MS, Played, Scene};
use crate::engine::Stream;
use crate::engine::fake::{Call as Called, Operation as Call, Script};
use crate::event::{CaseStatus, Event, Failure, Verdict};
use crate::model::sample::{Sample, artifact, at, container, need};
use crate::model::{Action, ActionKind, ForeignTests, Gate, Pipeline, ReportKind, Step};
use crate::source::Span;

fn pipeline(report: Option<ReportKind>) -> Pipeline {
    let sample = Sample::new("demo").service("app", &[]).acceptance_with("todos", "app", |todos| {
        todos.tests.clear();
        let artifacts = report.map(|kind| crate::model::Artifact { report: Some(kind), ..artifact("/r.xml") });
        let artifacts = artifacts.into_iter().collect();
        todos.foreign = Some(ForeignTests { container: container("prove"), artifacts, span: Span::default() });
    });
    sample.build()
}

/// The same with a stop of another service before all tests, and one that fails where it is not up again; and two steps after them.
fn surrounded(before: Vec<Step>, after: Vec<Step>) -> Pipeline {
    let sample = Sample::new("demo").service("db", &[]).service("app", &[]).acceptance_with("todos", "app", |todos| {
        todos.tests.clear();
        todos.target = None;
        todos.needs.push(need("db", Gate::Healthy));
        (todos.before_all, todos.after_all) = (before, after);
        todos.foreign = Some(ForeignTests { container: container("prove"), artifacts: vec![], span: Span::default() });
    });
    sample.build()
}

fn step(kind: ActionKind, service: &str) -> Step {
    Step::Action(Action { kind, service: at(service.into()), checks: vec![], captures: vec![], span: Span::default() })
}

/// What was begun of containers, and done to the database, in order.
fn order(played: &Played) -> Vec<String> {
    let calls = played.fake.calls();
    let of_tool = |call: &&Called| call.object == "todos/command" && call.operation == Call::Start;
    let of_db = |call: &&Called| call.object == "db" && matches!(call.operation, Call::Pause | Call::Unpause);
    let told = calls.iter().filter(|call| of_tool(call) || of_db(call));
    told.map(|call| format!("{} {}", call.operation, call.object)).collect()
}

#[tokio::test(start_paused = true)]
async fn what_is_around_all_tests_is_around_those_in_other_tools() {
    let pipeline = surrounded(vec![step(ActionKind::Pause, "db")], vec![step(ActionKind::Unpause, "db")]);
    let tap = says(&["1..1", "ok 1 - a"], 0);
    let played = Scene::of(&pipeline).on("todos/command", tap).play().await;
    assert_eq!(played.verdict(), Verdict::Passed, "{:?}", played.outcome);
    assert_eq!(order(&played), ["pause db", "start todos/command", "unpause db"]);
    played.assert_nothing_left();

    let tap = says(&["1..1", "not ok 1 - a"], 0);
    let played = Scene::of(&pipeline).on("todos/command", tap).play().await;
    assert_eq!(played.verdict(), Verdict::Failed);
    assert_eq!(order(&played), ["pause db", "start todos/command", "unpause db"], "whatever the results");
    played.assert_nothing_left();
}

#[tokio::test(start_paused = true)]
async fn where_what_is_before_all_tests_fails_no_tool_is_run() {
    // Nobody has frozen it.
    let before = vec![step(ActionKind::Connect(None), "db")];
    let pipeline = surrounded(before, vec![step(ActionKind::Pause, "db"), step(ActionKind::Unpause, "db")]);
    let mut scene = Scene::of(&pipeline);
    scene.options.keep_going = true;
    let played = scene.play().await;
    assert!(matches!(played.failure("todos", "prepare"), Failure::TestsFailed { failed: 1, .. }));
    assert_eq!(cases(&played), ["- before-all"]);
    assert_eq!(order(&played), ["pause db", "unpause db"], "what is after all tests is done all the same");
    played.assert_nothing_left();
}

#[tokio::test(start_paused = true)]
async fn what_is_after_all_tests_is_done_though_the_run_was_interrupted() {
    let pipeline = surrounded(vec![step(ActionKind::Pause, "db")], vec![step(ActionKind::Unpause, "db")]);
    let tap = Script::exits(0).after(MS(600_000)).writes(MS(100), Stream::Stdout, "1..1\n");
    let played = Scene::of(&pipeline).on("todos/command", tap).signal_at(MS(60_000)).play().await;
    assert!(matches!(played.verdict(), Verdict::Interrupted { .. }));
    assert_eq!(order(&played), ["pause db", "start todos/command", "unpause db"]);
    assert!(played.outcome.summary.took < MS(120_000), "{:?}", played.outcome.summary.took);
    played.assert_nothing_left();
}

async fn played(script: Script) -> Played {
    Scene::of(&pipeline(None)).on("todos/command", script).play().await
}

/// The cases in short, in the order in which they were told: `+` passed, `-` failed, `~` skipped.
fn cases(played: &Played) -> Vec<String> {
    let case = |event: &crate::event::Stamped| match &event.event {
        Event::Tested { case, .. } => Some(match &case.status {
            CaseStatus::Passed => format!("+ {}", case.name),
            CaseStatus::Skipped(why) => format!("~ {}: {why}", case.name),
            CaseStatus::Checks(_) | CaseStatus::Failed(_) => format!("- {}", case.name),
        }),
        _ => None,
    };
    played.events.iter().filter_map(case).collect()
}

fn says(lines: &[&str], code: i64) -> Script {
    lines.iter().fold(Script::exits(code), |script, line| script.says(line))
}

#[tokio::test(start_paused = true)]
async fn tap_is_read_case_by_case_as_it_comes() {
    let script = Script::exits(0)
        .after(MS(9_000))
        .writes(MS(100), Stream::Stdout, "TAP version 14\n1..3\nok 1 - a\n")
        .writes(MS(5_000), Stream::Stdout, "ok 2 - b # SKIP no network\nnot ok 3 - c # TODO later\n");
    let played = played(script).await;
    assert_eq!(played.verdict(), Verdict::Passed, "{:?}", played.outcome);
    assert_eq!(cases(&played), ["+ a", "~ b: no network", "~ c: todo: later"]);
    let first = played.events.iter().find(|event| matches!(event.event, Event::Tested { .. })).expect("it is told");
    assert!(first.at < Duration::from_secs(5), "{:?}", first.at);
    played.assert_nothing_left();
}

#[tokio::test(start_paused = true)]
async fn tests_that_fail_fail_the_suite_whatever_the_exit_code() {
    let played = played(says(&["1..2", "ok 1 - a", "not ok 2 - b"], 0)).await;
    assert!(matches!(played.failure("todos/command", "test"), Failure::TestsFailed { failed: 1, total: 2, .. }));
    played.assert_nothing_left();
}

#[tokio::test(start_paused = true)]
async fn tap_that_is_not_whole_passes_nothing() {
    let lies = played(says(&["1..3", "ok 1 - a"], 0)).await;
    let Failure::TestsFailed { failed: 0, log, .. } = lies.failure("todos/command", "test") else {
        panic!("{:?}", lies.outcome)
    };
    assert!(log.last().is_some_and(|line| line.contains('3')), "{log:?}");
    let bails = played(says(&["1..3", "ok 1 - a", "Bail out! no database"], 0)).await;
    let Failure::TestsFailed { failed: 0, log, .. } = bails.failure("todos/command", "test") else {
        panic!("{:?}", bails.outcome)
    };
    assert!(log.last().is_some_and(|line| line.contains("no database")), "{log:?}");
    let nothing = played(says(&["all is well"], 0)).await;
    assert!(matches!(nothing.failure("todos/command", "test"), Failure::NoTests { .. }));
    let code = played(says(&["1..1", "ok 1 - a"], 3)).await;
    assert!(matches!(code.failure("todos/command", "test"), Failure::StageFailed { code: 3, .. }));
}

#[tokio::test(start_paused = true)]
async fn a_tool_without_tap_is_told_by_its_report() {
    let xml = "<testsuite><testcase name=\"a\"/><testcase name=\"b\"/></testsuite>";
    let root = tempfile::tempdir().expect("a place");
    let play = async |script: Script| {
        let mut scene = Scene::of(&pipeline(Some(ReportKind::Junit))).on("todos/command", script);
        scene.options.root = root.path().to_owned();
        scene.play().await
    };
    let passed = play(says(&["2 passed"], 0).file("/r.xml", xml)).await;
    assert_eq!((passed.verdict(), cases(&passed)), (Verdict::Passed, vec!["+ a".to_owned(), "+ b".to_owned()]));
    let failed = play(
        says(&["1 failed"], 1).file("/r.xml", xml.replace("/></testsuite>", "><failure/></testcase></testsuite>")),
    )
    .await;
    assert_eq!((failed.verdict(), cases(&failed)), (Verdict::Failed, vec!["+ a".to_owned(), "- b".to_owned()]));
    let no_xml = play(says(&["2 passed"], 0).file("/r.xml", "2 passed")).await;
    assert!(matches!(no_xml.failure("todos/command", "collect"), Failure::ReportFailed { .. }));
    no_xml.assert_nothing_left();
}

#[tokio::test(start_paused = true)]
async fn a_tool_is_ended_when_enough_tests_have_failed() {
    let mut lines = String::from("1..100\n");
    (1..=3).for_each(|number| writeln!(lines, "not ok {number} - t{number}").expect("memory"));
    let script = Script::exits(0).after(MS(600_000)).writes(MS(100), Stream::Stdout, lines);
    let mut scene = Scene::of(&pipeline(None)).on("todos/command", script);
    scene.options.max_failures = Some(2);
    let played = scene.play().await;
    let failure = played.failure("todos/command", "test");
    assert!(matches!(failure, Failure::TestsFailed { failed: 2.., .. }), "{failure:?}");
    assert!(played.outcome.summary.took < MS(60_000), "{:?}", played.outcome.summary.took);
    played.assert_nothing_left();
}
