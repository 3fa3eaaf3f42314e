//! Stages that are run again.

use std::time::Duration;

use super::scene::{MS, Scene};
use crate::engine::fake::Script;
use crate::event::{Event, Failure, Verdict};
use crate::model::sample::Sample;
use crate::model::{Pipeline, Retry, RetryOn};
use crate::source::Span;

fn flaky(on: RetryOn) -> Pipeline {
    let retry = Retry { times: 2, on: vec![on], backoff: Duration::from_secs(1), span: Span::default() };
    Sample::new("demo").stage_with("flaky", &[], |flaky| flaky.retry = Some(retry)).build()
}

#[tokio::test(start_paused = true)]
async fn each_attempt_is_told_and_made_anew() {
    let played = Scene::of(&flaky(RetryOn::Exit(7))).on("flaky", Script::exits(7).complains("again")).play().await;
    assert_eq!(played.verdict(), Verdict::Failed);
    let attempts: Vec<(u32, u32, u64)> = played
        .events
        .iter()
        .filter_map(|event| match &event.event {
            Event::Retrying { attempt, of, pause, .. } => Some((*attempt, *of, pause.as_secs())),
            _ => None,
        })
        .collect();
    assert_eq!(attempts, [(1, 3, 1), (2, 3, 2)]);
    let Failure::StageFailed { log, .. } = played.failure("flaky", "run") else { panic!() };
    assert_eq!(log, &["again"], "the evidence is that of the last attempt");
    assert_eq!(played.outcome.summary.created, 4, "a network and three containers");
    played.assert_nothing_left();
}

#[tokio::test(start_paused = true)]
async fn another_failure_is_final() {
    let played = Scene::of(&flaky(RetryOn::Oom)).on("flaky", Script::exits(7)).play().await;
    assert_eq!(played.outcome.summary.created, 2);
    played.assert_nothing_left();
}

#[tokio::test(start_paused = true)]
async fn a_signal_at_any_moment_leaves_nothing() {
    for moment in (0..4_000).step_by(67) {
        let script = Script::exits(7).after(MS(300)).create_takes(MS(200)).start_takes(MS(100));
        let played = Scene::of(&flaky(RetryOn::Any)).on("flaky", script).signal_at(MS(moment)).play().await;
        assert_ne!(played.verdict(), Verdict::Passed, "at {moment} ms");
        played.assert_nothing_left();
    }
}
