//! How many containers begin and end at once.

use std::time::Duration;

use super::scene::{MS, Scene};
use crate::engine::fake::{Call, Operation, Script};
use crate::event::Verdict;
use crate::model::sample::Sample;

const STAGES: usize = 20;

/// So many stages at once, whose containers take their time to begin.
fn crowd() -> Scene {
    let names: Vec<String> = (0..STAGES).map(|n| format!("s{n}")).collect();
    let sample = names.iter().fold(Sample::new("demo"), |sample, name| sample.stage(name, &[]));
    let mut scene = Scene::of(&sample.build());
    scene.options.jobs = Some(STAGES);
    let script = Script::exits(0).after(MS(60_000)).start_takes(MS(1_000));
    names.iter().fold(scene, |scene, name| scene.on(name, script.clone()))
}

/// The most calls of an operation that were open at one time.
fn most_at_once(calls: &[Call], operation: Operation) -> usize {
    let calls: Vec<&Call> = calls.iter().filter(|call| call.operation == operation).collect();
    let open =
        |at: Duration| calls.iter().filter(|call| call.begin <= at && call.end.is_none_or(|end| end > at)).count();
    calls.iter().map(|call| open(call.begin)).max().unwrap_or(0)
}

#[tokio::test(start_paused = true)]
async fn a_few_at_a_time_begin_however_many_are_at_work() {
    let played = crowd().play().await;
    assert_eq!(played.verdict(), Verdict::Passed);
    let calls = played.fake.calls();
    assert_eq!(most_at_once(&calls, Operation::Start), 6);
    assert!(most_at_once(&calls, Operation::RemoveContainer) <= 6);
    let last = calls.iter().filter(|call| call.operation == Operation::Start).map(|call| call.begin).max();
    assert!(last.expect("they began") < MS(60_000), "all are at work before the first one ends");
    played.assert_nothing_left();
}

#[tokio::test(start_paused = true)]
async fn those_that_wait_to_begin_never_do_once_the_run_is_to_end() {
    let played = crowd().signal_at(MS(1_500)).play().await;
    let begun = played.fake.calls().iter().filter(|call| call.operation == Operation::Start).count();
    assert!((6..=12).contains(&begun), "{begun} began");
    assert!(played.outcome.summary.took < MS(5_000), "{:?}", played.outcome.summary.took);
    played.assert_nothing_left();
}
