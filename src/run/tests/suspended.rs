//! A process that is stopped and goes on: what it could not see does not count against what it waited for.

use std::time::Duration;

use tokio::time::{advance, sleep};

use super::scene::{Played, Scene, chain};
use crate::engine::fake::Script;
use crate::event::{Failure, Verdict};
use crate::model::sample::Sample;
use crate::source::Spanned;

const S: fn(u64) -> Duration = Duration::from_secs;

/// Plays a scene whose process is stopped ten seconds after its beginning, for so long; what the engine has goes on.
async fn stopped(scene: Scene, long: Duration) -> Played {
    let stop = async {
        sleep(S(10)).await;
        advance(long).await;
    };
    tokio::join!(scene.play(), stop).0
}

#[tokio::test(start_paused = true)]
async fn a_stage_has_its_whole_time() {
    let pipeline = || {
        let limit = |stage: &mut crate::model::Stage| {
            let container = stage.container.as_mut().expect("a sample has one");
            container.timeout = Some(Spanned::new(S(30), Default::default()));
        };
        Sample::new("demo").stage_with("work", &[], limit).build()
    };
    let played = stopped(Scene::of(&pipeline()).on("work", Script::exits(0).after(S(320))), S(300)).await;
    assert_eq!(played.verdict(), Verdict::Passed);
    assert!(played.outcome.summary.took < S(60), "{:?}", played.outcome.summary.took);

    let played = stopped(Scene::of(&pipeline()).on("work", Script::exits(0).after(S(600))), S(300)).await;
    assert!(matches!(played.failure("work", "run"), Failure::TimedOut { .. }), "it is not spared its limit");
    assert!((S(28)..S(45)).contains(&played.outcome.summary.took), "{:?}", played.outcome.summary.took);
    played.assert_nothing_left();
}

#[tokio::test(start_paused = true)]
async fn a_run_has_its_whole_time() {
    for (work, verdict) in [(S(320), Verdict::Passed), (S(600), Verdict::TimedOut)] {
        let pipeline = Sample::new("demo").stage("work", &[]).build();
        let mut scene = Scene::of(&pipeline).on("work", Script::exits(0).after(work));
        scene.options.timeout = Some(S(40));
        let played = stopped(scene, S(300)).await;
        assert_eq!(played.verdict(), verdict);
        assert!(played.outcome.summary.took < S(60), "{:?}", played.outcome.summary.took);
        played.assert_nothing_left();
    }
}

/// The container did not go on, as on a laptop that was closed: it comes to be ready afterwards.
#[tokio::test(start_paused = true)]
async fn a_service_has_its_whole_time_to_become_ready() {
    for (ready, verdict) in [(S(610), Verdict::Passed), (S(3_000), Verdict::Failed)] {
        let played = stopped(Scene::of(&chain()).on("db", Script::runs().ready_after(ready)), S(600)).await;
        assert_eq!(played.verdict(), verdict, "{ready:?}");
        played.assert_nothing_left();
    }
}
