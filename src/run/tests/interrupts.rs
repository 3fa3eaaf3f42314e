//! Signals at every moment.

use std::time::Duration;

use super::scene::{MS, Scene};
use crate::engine::fake::{Fault, Operation as Call, Script};
use crate::event::Verdict;
use crate::model::sample::{Sample, artifact, graceful, mount};

/// Ctrl-C at every moment of a run: it ends as interrupted (or had passed already), and nothing is left.
#[tokio::test(start_paused = true)]
async fn ctrl_c_at_any_moment_leaves_nothing() {
    let pipeline = Sample::new("demo")
        .volume("data")
        .service_with("db", &[], |db| {
            db.container.mounts = vec![mount("data", "/data")];
            db.container.stop = graceful(Duration::from_secs(5));
        })
        .stage_with("migrate", &["db"], |migrate| migrate.artifacts = vec![artifact("/out")])
        .service("app", &["db", "migrate"])
        .stage("accept", &["app"])
        .build();
    for moment in (0..4_000).step_by(37) {
        let played = Scene::of(&pipeline)
            .on("db", slow(Script::runs()).ready_after(MS(500)).stops_in(MS(300)))
            .on("migrate", slow(Script::exits(0)).after(MS(400)).file("/out", "x"))
            .on("app", slow(Script::runs()).ready_after(MS(300)))
            .on("accept", slow(Script::exits(0)).after(MS(400)))
            .signal_at(MS(moment))
            .play()
            .await;
        let verdict = played.verdict();
        assert!(matches!(verdict, Verdict::Interrupted { signal: 2 } | Verdict::Passed), "at {moment} ms: {verdict:?}");
        assert!(verdict != Verdict::Passed || moment > 2_000, "at {moment} ms: passed");
        played.assert_nothing_left();
    }
}

/// A second Ctrl-C kills what the first one asked to stop.
#[tokio::test(start_paused = true)]
async fn a_second_ctrl_c_waits_for_nothing() {
    let pipeline = Sample::new("demo")
        .service_with("db", &[], |db| db.container.stop = graceful(Duration::from_secs(300)))
        .stage("long", &["db"])
        .build();
    let played = Scene::of(&pipeline)
        .on("db", Script::runs().ignores_stop())
        .on("long", Script::exits(0).after(MS(600_000)))
        .signal_at(MS(5_000))
        .signal_at(MS(1_000))
        .play()
        .await;
    assert_eq!(played.verdict(), Verdict::Interrupted { signal: 2 });
    assert!(played.outcome.summary.took < MS(7_000), "{:?}", played.outcome.summary.took);
    played.assert_nothing_left();
}

#[tokio::test(start_paused = true)]
async fn a_third_ctrl_c_leaves_at_once_and_says_what_is_left() {
    let pipeline = Sample::new("demo").stage("long", &[]).build();
    let scene = Scene::of(&pipeline).on("long", Script::exits(0).after(MS(600_000)));
    scene.fake.inject(Fault::on(Call::Kill).hangs());
    scene.fake.inject(Fault::on(Call::RemoveContainer).hangs());
    let played = scene.signal_at(MS(1_000)).signal_at(MS(1_000)).signal_at(MS(1_000)).play().await;
    assert_eq!(played.verdict(), Verdict::Interrupted { signal: 2 });
    assert!(played.outcome.summary.took < MS(4_000), "{:?}", played.outcome.summary.took);
    assert_eq!(played.outcome.summary.left.len(), 2, "{:?}", played.outcome.summary.left);
}

fn slow(script: Script) -> Script {
    script.create_takes(MS(60)).start_takes(MS(250))
}
