//! What stays on purpose.

use std::sync::Arc;

use super::scene::{Scene, chain};
use crate::engine::fake::Script;
use crate::event::Verdict;
use crate::model::sample::Sample;
use crate::plan::{Goal, Keep, plan};

#[tokio::test(start_paused = true)]
async fn the_environment_stays_where_it_was_asked_for() {
    let kept = Scene::keeping(&chain(), Keep::Everything).play().await;
    assert_eq!(kept.verdict(), Verdict::Passed);
    let summary = &kept.outcome.summary;
    assert_eq!((summary.created, summary.removed, summary.kept, summary.left.len()), (4, 0, 4, 0));
    assert!(!kept.fake.ledger().is_empty());

    let passed = Scene::keeping(&chain(), Keep::OnFailure).play().await;
    passed.assert_nothing_left();
    let failed = Scene::keeping(&chain(), Keep::OnFailure).on("accept", Script::exits(1)).play().await;
    assert!(failed.outcome.summary.kept >= 3, "{:?}", failed.outcome.summary);
    assert!(failed.outcome.summary.left.is_empty());
}

#[tokio::test(start_paused = true)]
async fn services_stay_up_where_everything_passed_and_only_there() {
    let pipeline =
        Sample::new("demo").service("db", &[]).stage("migrate", &["db"]).service("app", &["db", "migrate"]).build();
    let goal = |keep| Goal { targets: vec!["app".into()], keep, ..Goal::default() };
    let mut scene = Scene::of(&pipeline);
    scene.plan = Arc::new(plan(&pipeline, &goal(Keep::Services)));
    let played = scene.play().await;
    assert_eq!(played.verdict(), Verdict::Passed);
    let summary = &played.outcome.summary;
    assert_eq!((summary.created, summary.removed, summary.kept), (4, 1, 3), "the stage's container alone goes");

    let mut scene = Scene::of(&pipeline).on("migrate", Script::exits(1));
    scene.plan = Arc::new(plan(&pipeline, &goal(Keep::Services)));
    let played = scene.play().await;
    assert_eq!(played.verdict(), Verdict::Failed);
    played.assert_nothing_left();
}
