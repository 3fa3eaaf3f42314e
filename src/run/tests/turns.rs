//! Runs of which one at a time may be at work.

use std::time::Duration;

use futures_util::future::join_all;

use super::scene::{MS, Played, Scene};
use crate::engine::fake::{Fake, Fault, Operation, Script};
use crate::engine::{Engine, VolumeSpec, labels};
use crate::event::{Event, Failure, StepOutcome, Verdict};
use crate::model::Pipeline;
use crate::model::sample::Sample;
use crate::run::scheduler::simulation::search;

/// One stage, `work`, by one run at a time.
fn one_at_a_time() -> Pipeline {
    Sample::new("demo").stage("work", &[]).concurrency("staging").build()
}

/// A run of its own on an engine that others use too.
fn scene(fake: &Fake, run: &str) -> Scene {
    let mut scene = Scene::of(&one_at_a_time());
    scene.fake = fake.clone();
    scene.options.identity.run = run.to_owned();
    scene
}

fn engine() -> Fake {
    let fake = Fake::new();
    fake.with_image("busybox:1.35");
    fake
}

/// Something of a run `of` that holds the name, or draws a number.
async fn holds(fake: &Fake, of: &str, owner: &str, turn: Option<&str>) {
    let label = |key: &str, value: &str| (key.to_owned(), value.to_owned());
    let mut labels = vec![
        label(labels::RUN, of),
        label(labels::PIPELINE, "other"),
        label(labels::OWNER, owner),
        label(labels::CONCURRENCY, "staging"),
    ];
    labels.extend(turn.map(|turn| label(labels::TURN, turn)));
    let volume = VolumeSpec { name: format!("{of}.turn"), labels, ..VolumeSpec::default() };
    fake.create_volume(volume).await.expect("the fake makes it");
}

fn warnings(played: &Played) -> Vec<&str> {
    let warnings = played.events.iter().filter_map(|stamped| match &stamped.event {
        Event::Warning { message, .. } => Some(message.as_str()),
        _ => None,
    });
    warnings.collect()
}

/// Six runs come at random moments to an engine that takes its time at random: no two are at work at once, all have their turn, in
/// the order of their numbers, and nothing is left.
#[test]
fn the_laws_hold_over_runs_that_take_turns() {
    search("runs that take turns", 0..150, |dice| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build();
        runtime.map_err(|error| error.to_string())?.block_on(async {
            let fake = engine();
            for operation in [Operation::CreateVolume, Operation::RemoveVolume, Operation::List] {
                for nth in 1..12 {
                    fake.inject(Fault::on(operation).nth(nth).delays(MS(dice.below(4) * dice.below(300))));
                }
            }
            let mut runs = Vec::new();
            for run in 0..6 {
                fake.on("work", Script::exits(0).after(MS(200 + dice.below(1_500))));
                let (scene, delay) = (scene(&fake, &format!("r{run}")), MS(dice.below(800)));
                runs.push(async move {
                    tokio::time::sleep(delay).await;
                    scene.play().await
                });
            }
            let played = join_all(runs).await;
            if let Some(played) = played.iter().find(|played| played.verdict() != Verdict::Passed) {
                return Err(format!("{:?}\n{}", played.verdict(), fake.transcript()));
            }
            let of = |operation| {
                let calls = fake.calls().into_iter().filter(move |call| call.operation == operation);
                calls.map(|call| call.begin).collect::<Vec<Duration>>()
            };
            let (starts, ends) = (of(Operation::Start), of(Operation::RemoveContainer));
            // Each start but the first comes after the end of the one before.
            let overlap = starts.iter().skip(1).zip(&ends).any(|(start, end)| start < end);
            if overlap || starts.len() != 6 || !fake.ledger().is_empty() {
                return Err(format!(
                    "overlap: {overlap}, {starts:?}, {ends:?}\n{}{}",
                    fake.ledger(),
                    fake.transcript()
                ));
            }
            Ok(1)
        })
    });
}

#[tokio::test(start_paused = true)]
async fn who_waits_says_for_whom() {
    let fake = engine();
    fake.on("work", Script::exits(0).after(MS(5_000)));
    let second = async {
        tokio::time::sleep(MS(1_000)).await;
        scene(&fake, "r2").play().await
    };
    let (first, second) = tokio::join!(scene(&fake, "r1").play(), second);
    assert_eq!(first.verdict(), Verdict::Passed);
    assert_eq!(second.verdict(), Verdict::Passed);
    assert_eq!(warnings(&second), ["`staging` is held by run r1 of `demo`; this run begins when it has its turn"]);
    assert!(second.outcome.summary.took >= MS(4_000), "{:?}", second.outcome.summary.took);
    second.assert_nothing_left();
}

#[tokio::test(start_paused = true)]
async fn what_a_dead_run_holds_is_free() {
    let fake = engine();
    holds(&fake, "r8", "dead", Some("1")).await;
    holds(&fake, "r9", "dead", None).await;
    let played = scene(&fake, "r1").play().await;
    assert_eq!(played.verdict(), Verdict::Passed);
    assert!(played.outcome.summary.took < MS(1_000), "{:?}", played.outcome.summary.took);
    played.assert_nothing_left();
}

#[tokio::test(start_paused = true)]
async fn a_run_whose_time_is_up_before_its_turn_names_the_holder() {
    let fake = engine();
    holds(&fake, "r8", "here", Some("1")).await;
    let mut scene = scene(&fake, "r1");
    scene.options.timeout = Some(MS(3_000));
    let played = scene.play().await;
    assert_eq!(played.verdict(), Verdict::TimedOut);
    let failed = played.outcome.steps.iter().find_map(|outcome| match outcome {
        StepOutcome::Failed(failure) => Some(failure.as_ref()),
        _ => None,
    });
    let Some(Failure::NoTurn { name, holder, .. }) = failed else { panic!("{:?}", played.outcome.steps) };
    assert_eq!((name.as_str(), holder.as_str()), ("staging", "run r8 of `other`"));
    assert_eq!(played.fake.ledger().objects.len(), 1, "what the other run holds, and nothing else");
}

/// Whenever it comes: while the run makes its volumes, and while it waits.
#[tokio::test(start_paused = true)]
async fn a_signal_ends_the_waiting() {
    for moment in (0..1_500).step_by(97) {
        let fake = engine();
        holds(&fake, "r8", "here", Some("1")).await;
        fake.inject(Fault::on(Operation::CreateVolume).delays(MS(200)));
        let played = scene(&fake, "r1").signal_at(MS(moment)).play().await;
        assert_eq!(played.verdict(), Verdict::Interrupted { signal: 2 }, "at {moment} ms");
        assert!(played.outcome.summary.took < MS(moment + 1_000), "at {moment} ms");
        let left: Vec<String> = fake.ledger().objects.into_iter().map(|object| object.name).collect();
        assert_eq!(left, ["r8.turn"], "at {moment} ms");
        assert!(fake.dropped_creates().is_empty(), "at {moment} ms");
    }
}

#[tokio::test(start_paused = true)]
async fn an_engine_that_fails_meanwhile_is_the_engine_s_failure() {
    for operation in [Operation::CreateVolume, Operation::List] {
        let fake = engine();
        fake.inject(Fault::on(operation).nth(1).after_effect().fails(crate::engine::ErrorKind::Protocol, "reset"));
        let played = scene(&fake, "r1").play().await;
        assert_eq!(played.verdict(), Verdict::EngineFailed, "{operation}");
        played.assert_nothing_left();
    }
}
