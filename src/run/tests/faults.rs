//! An engine that fails.

use std::time::Duration;

use super::scene::{Scene, chain};
use crate::engine::ErrorKind;
use crate::engine::fake::{Fault, Operation as Call, Outcome as CallOutcome, Script};
use crate::event::Verdict;
use crate::model::sample::{Sample, artifact, graceful, mount};

#[tokio::test(start_paused = true)]
async fn an_engine_that_is_not_there_is_the_engine_s_failure() {
    let scene = Scene::of(&chain());
    scene.fake.inject(Fault::on(Call::Info).fails(ErrorKind::Unreachable(Vec::new()), "no such socket"));
    let played = scene.play().await;
    assert_eq!(played.verdict(), Verdict::EngineFailed);
    played.assert_nothing_left();
}

/// Each call of the engine fails once, before or after it had its effect: the run ends, says so where it matters, and leaves nothing.
#[tokio::test(start_paused = true)]
async fn whatever_call_fails_nothing_is_left() {
    let pipeline = Sample::new("demo")
        .volume("data")
        .service_with("db", &[], |db| {
            db.container.mounts = vec![mount("data", "/data")];
            db.container.stop = graceful(Duration::from_secs(5));
        })
        .stage_with("migrate", &["db"], |migrate| migrate.artifacts = vec![artifact("/out")])
        .stage("accept", &["migrate", "db"])
        .build();
    let calls = [
        Call::Image,
        Call::CreateNetwork,
        Call::CreateVolume,
        Call::CreateContainer,
        Call::Start,
        Call::Inspect,
        Call::CopyOut,
        Call::Stop,
        Call::RemoveContainer,
        Call::RemoveNetwork,
        Call::RemoveVolume,
    ];
    let home = tempfile::tempdir().expect("a place");
    for call in calls {
        for (nth, after_effect) in [(1, false), (1, true), (2, false), (2, true), (3, false), (3, true)] {
            let mut scene = Scene::of(&pipeline).on("migrate", Script::exits(0).file("/out", "x"));
            scene.options.root = home.path().to_owned();
            let fault = Fault::on(call).nth(nth).fails(ErrorKind::Protocol, "connection reset");
            scene.fake.inject(if after_effect { fault.after_effect() } else { fault });
            let played = scene.play().await;
            let struck = played.fake.calls().iter().any(|call| matches!(&call.outcome, CallOutcome::Failed(_)));
            let takes_back =
                matches!(call, Call::Stop | Call::RemoveContainer | Call::RemoveNetwork | Call::RemoveVolume);
            let title = format!("{call} {nth} {after_effect}: {}", played.fake.transcript());
            assert_eq!(played.verdict() == Verdict::Passed, !struck || takes_back, "{title}");
            assert_eq!(played.fake.ledger().to_string(), "", "{title}");
            assert!(played.outcome.summary.left.is_empty(), "{title}");
        }
    }
}

/// A busy engine keeps the endpoint of a container that is gone for seconds; what is in a network of ours is taken out of it.
#[tokio::test(start_paused = true)]
async fn a_network_that_is_let_go_of_late_is_removed_all_the_same() {
    let scene = Scene::of(&chain());
    for nth in 1..=16 {
        let fault = Fault::on(Call::RemoveNetwork).nth(nth);
        scene.fake.inject(fault.fails(ErrorKind::Conflict, "network has active endpoints"));
    }
    let played = scene.play().await;
    assert_eq!(played.verdict(), Verdict::Passed);
    played.assert_nothing_left();
    let vacated = played.fake.calls().iter().filter(|call| call.operation == Call::VacateNetwork).count();
    assert_eq!(vacated, 8, "{}", played.fake.transcript());
}
