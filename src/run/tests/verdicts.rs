//! What a run comes to.

use super::scene::{MS, Scene, chain};
use crate::engine::fake::Script;
use crate::event::{Failure, StepOutcome, Verdict};
use crate::model::Oom;
use crate::model::sample::Sample;

#[tokio::test(start_paused = true)]
async fn a_run_passes_and_leaves_nothing() {
    let played = Scene::of(&chain())
        .on("db", Script::runs().ready_after(MS(3_000)))
        .on("migrate", Script::exits(0).after(MS(500)).says("applied"))
        .play()
        .await;
    assert_eq!(played.verdict(), Verdict::Passed);
    assert!(played.lines().contains(&"applied".to_owned()));
    assert_eq!(played.outcome.summary.created, 4);
    played.assert_nothing_left();
}

#[tokio::test(start_paused = true)]
async fn a_stage_that_fails_after_a_good_one_fails_the_run() {
    let played = Scene::of(&chain()).on("accept", Script::exits(7).complains("no such todo")).play().await;
    assert_eq!(played.verdict(), Verdict::Failed);
    assert!(played.outcome_of("migrate", "run").succeeded());
    let Failure::StageFailed { code: 7, log, .. } = played.failure("accept", "run") else {
        panic!("{:?}", played.outcome.steps)
    };
    assert_eq!(log, &["no such todo"]);
    played.assert_nothing_left();
}

#[tokio::test(start_paused = true)]
async fn what_never_ran_is_not_green_and_names_the_first_cause() {
    let played = Scene::of(&chain()).on("migrate", Script::exits(1)).play().await;
    assert_eq!(played.verdict(), Verdict::Failed);
    let StepOutcome::Skipped { because } = played.outcome_of("accept", "run") else {
        panic!("{:?}", played.outcome.steps)
    };
    assert_eq!(played.plan.node(played.plan.step(*because).node).name, "migrate");
    played.assert_nothing_left();
}

#[tokio::test(start_paused = true)]
async fn a_run_that_goes_on_does_what_does_not_depend_on_the_failure() {
    let pipeline = Sample::new("demo").stage("a", &[]).stage("b", &["a"]).stage("c", &[]).build();
    let mut scene = Scene::of(&pipeline).on("a", Script::exits(1)).on("c", Script::exits(0).after(MS(5_000)));
    scene.options.keep_going = true;
    let played = scene.play().await;
    assert_eq!(played.verdict(), Verdict::Failed);
    assert!(matches!(played.outcome_of("b", "run"), StepOutcome::Skipped { .. }));
    assert!(played.outcome_of("c", "run").succeeded());
    played.assert_nothing_left();
}

#[tokio::test(start_paused = true)]
async fn a_stage_that_may_fail_does_not_fail_the_run_and_is_told() {
    let pipeline =
        Sample::new("demo").stage_with("lint", &[], |lint| lint.allow_failure = true).stage("test", &["lint"]).build();
    let played = Scene::of(&pipeline).on("lint", Script::exits(2)).play().await;
    assert_eq!(played.verdict(), Verdict::Passed);
    assert!(matches!(played.failure("lint", "run"), Failure::StageFailed { code: 2, .. }));
    assert!(played.outcome_of("test", "run").succeeded());
    played.assert_nothing_left();
}

#[tokio::test(start_paused = true)]
async fn a_process_without_memory_fails_a_stage_where_that_is_asked_for() {
    for (oom, verdict) in [(Oom::Fail, Verdict::Failed), (Oom::Warn, Verdict::Passed)] {
        let pipeline = Sample::new("demo").stage_with("unit", &[], |unit| unit.oom = oom).build();
        let script = Script::exits(0).after(MS(500)).out_of_memory().complains("a worker is gone");
        let played = Scene::of(&pipeline).on("unit", script).play().await;
        assert_eq!(played.verdict(), verdict);
        if oom == Oom::Fail {
            let Failure::OutOfMemory { code: 0, log } = played.failure("unit", "run") else {
                panic!("{:?}", played.outcome.steps)
            };
            assert_eq!(log, &["a worker is gone"]);
        }
        played.assert_nothing_left();
    }
}

#[tokio::test(start_paused = true)]
async fn the_run_s_own_time_out_ends_it() {
    let pipeline = Sample::new("demo").stage("long", &[]).build();
    let mut scene = Scene::of(&pipeline).on("long", Script::exits(0).after(MS(600_000)));
    scene.options.timeout = Some(MS(5_000));
    let played = scene.play().await;
    assert_eq!(played.verdict(), Verdict::TimedOut);
    assert!(played.outcome.summary.took < MS(6_000));
    played.assert_nothing_left();
}

#[tokio::test(start_paused = true)]
async fn secrets_are_seen_nowhere() {
    let pipeline = Sample::new("demo").stage("leaky", &[]).build();
    let mut scene = Scene::of(&pipeline).on("leaky", Script::exits(1).says("token is hunter2hunter2!"));
    scene.options.secrets.insert("token".into(), "hunter2hunter2".to_owned());
    let played = scene.play().await;
    let everything = format!("{:?}{:?}", played.events, played.outcome);
    assert!(!everything.contains("hunter2"), "{everything}");
    assert_eq!(played.lines(), ["token is ***!"]);
}
