//! Stages that report tests on their standard output.

use super::scene::{MS, Played, Scene};
use crate::engine::Stream;
use crate::engine::fake::Script;
use crate::event::{CaseStatus, Event, Failure, Verdict};
use crate::model::sample::Sample;
use crate::model::{OutputReport, Pipeline, Retry, RetryOn};
use crate::source::Span;
use std::time::Duration;

fn pipeline(retry: Option<Retry>) -> Pipeline {
    let sample = Sample::new("demo").stage_with("unit", &[], |unit| {
        unit.report = Some(OutputReport::Tap);
        unit.retry = retry;
    });
    sample.build()
}

fn says(lines: &[&str], code: i64) -> Script {
    lines.iter().fold(Script::exits(code), |script, line| script.says(line))
}

async fn played(script: Script) -> Played {
    Scene::of(&pipeline(None)).on("unit", script).play().await
}

/// The cases in short, in the order in which they were told, each with when.
fn cases(played: &Played) -> Vec<(String, Duration)> {
    let case = |event: &crate::event::Stamped| match &event.event {
        Event::Tested { case, .. } => {
            let sign = match &case.status {
                CaseStatus::Passed => "+",
                CaseStatus::Skipped(_) => "~",
                CaseStatus::Checks(_) | CaseStatus::Failed(_) => "-",
            };
            Some((format!("{sign} {}", case.name), event.at))
        }
        _ => None,
    };
    played.events.iter().filter_map(case).collect()
}

fn names(played: &Played) -> Vec<String> {
    cases(played).into_iter().map(|(name, _)| name).collect()
}

#[tokio::test(start_paused = true)]
async fn the_tests_of_a_stage_are_told_as_they_end() {
    let script = Script::exits(0)
        .after(MS(9_000))
        .writes(MS(100), Stream::Stdout, "1..2\nok 1 - a\n")
        .writes(MS(5_000), Stream::Stdout, "ok 2 - b # SKIP later\n")
        .writes(MS(6_000), Stream::Stderr, "not ok 3 - of the other stream\n");
    let played = played(script).await;
    assert_eq!((played.verdict(), names(&played)), (Verdict::Passed, vec!["+ a".to_owned(), "~ b".to_owned()]));
    assert!(cases(&played)[0].1 < MS(5_000), "{:?}", cases(&played));
    played.assert_nothing_left();
}

#[tokio::test(start_paused = true)]
async fn a_stage_whose_tests_fail_has_failed_whatever_its_exit_code() {
    let failed = played(says(&["1..2", "ok 1 - a", "not ok 2 - b"], 0)).await;
    assert!(matches!(failed.failure("unit", "run"), Failure::TestsFailed { failed: 1, total: 2, .. }));
    let lies = played(says(&["1..3", "ok 1 - a"], 0)).await;
    assert!(matches!(lies.failure("unit", "run"), Failure::TestsFailed { failed: 0, total: 1, .. }));
    let nothing = played(says(&["all is well"], 0)).await;
    assert!(matches!(nothing.failure("unit", "run"), Failure::NoTests { .. }));
    let code = played(says(&["1..1", "ok 1 - a"], 3)).await;
    assert!(matches!(code.failure("unit", "run"), Failure::StageFailed { code: 3, .. }));
    code.assert_nothing_left();
}

#[tokio::test(start_paused = true)]
async fn of_a_stage_that_is_run_again_the_last_attempt_counts() {
    let retry = |on| Some(Retry { times: 2, on: vec![on], backoff: MS(60_000), span: Span::default() });
    let wrong = says(&["1..1", "not ok 1 - a"], 1);
    let passed = Scene::of(&pipeline(retry(RetryOn::Exit(1)))).on("unit", wrong.clone());
    let fake = passed.fake.clone();
    tokio::spawn(async move {
        tokio::time::sleep(MS(30_000)).await;
        fake.on("unit", says(&["1..1", "ok 1 - a"], 0));
    });
    let passed = passed.play().await;
    assert_eq!((passed.verdict(), names(&passed)), (Verdict::Passed, vec!["+ a".to_owned()]));
    let failed = Scene::of(&pipeline(retry(RetryOn::Any))).on("unit", wrong.clone()).play().await;
    assert_eq!((failed.verdict(), names(&failed)), (Verdict::Failed, vec!["- a".to_owned()]));
    let other = Scene::of(&pipeline(retry(RetryOn::Exit(7)))).on("unit", wrong).play().await;
    assert_eq!((other.verdict(), names(&other)), (Verdict::Failed, vec!["- a".to_owned()]));
}
