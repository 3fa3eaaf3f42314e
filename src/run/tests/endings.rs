//! Stages that run in the end, whatever happened.

use super::scene::{MS, Scene};
use crate::engine::fake::Script;
use crate::event::Verdict;
use crate::model::Pipeline;
use crate::model::sample::{Sample, artifact};

fn tidied() -> Pipeline {
    Sample::new("demo")
        .service("db", &[])
        .stage("work", &["db"])
        .stage_with("tidy", &["db"], |tidy| {
            tidy.always = true;
            tidy.artifacts = vec![artifact("/out")];
        })
        .build()
}

fn scene(work: Script, tidy: Script) -> Scene {
    Scene::of(&tidied())
        .on("db", Script::runs().ready_after(MS(500)))
        .on("work", work)
        .on("tidy", tidy.file("/out", "x"))
}

/// A stage that ends well after half a second.
fn short() -> Script {
    Script::exits(0).after(MS(500))
}

#[tokio::test(start_paused = true)]
async fn it_runs_after_a_failure_while_its_service_lives() {
    let played = scene(Script::exits(3), short()).play().await;
    assert_eq!(played.verdict(), Verdict::Failed);
    assert!(played.outcome_of("tidy", "run").succeeded());
    assert!(played.outcome_of("tidy", "collect").succeeded());
    played.assert_nothing_left();
}

#[tokio::test(start_paused = true)]
async fn it_runs_after_the_time_is_up() {
    let mut scene = scene(Script::exits(0).after(MS(600_000)), short());
    scene.options.timeout = Some(MS(5_000));
    let played = scene.play().await;
    assert_eq!(played.verdict(), Verdict::TimedOut);
    assert!(played.outcome_of("tidy", "run").succeeded());
    played.assert_nothing_left();
}

/// Ctrl-C at every moment: nothing is started for it, and where its service is up it runs to its end.
#[tokio::test(start_paused = true)]
async fn it_runs_after_the_first_signal_where_its_service_is_up() {
    for moment in (0..2_500).step_by(41) {
        let played = scene(Script::exits(0).after(MS(1_000)), short()).signal_at(MS(moment)).play().await;
        let ran = played.outcome_of("tidy", "run").succeeded();
        let up = played.outcome_of("db", "await").succeeded();
        assert_eq!(ran, up, "at {moment} ms");
        played.assert_nothing_left();
    }
}

#[tokio::test(start_paused = true)]
async fn a_second_signal_ends_it() {
    let scene = scene(Script::exits(0), Script::exits(0).after(MS(600_000)));
    let played = scene.signal_at(MS(1_000)).signal_at(MS(1_000)).play().await;
    assert_eq!(played.verdict(), Verdict::Interrupted { signal: 2 });
    assert!(!played.outcome_of("tidy", "run").succeeded());
    assert!(played.outcome.summary.took < MS(5_000));
    played.assert_nothing_left();
}
