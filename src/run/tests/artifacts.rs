//! What is brought home.

use super::scene::Scene;
use crate::engine::fake::Script;
use crate::event::{Failure, Verdict};
use crate::model::sample::{Sample, artifact};

#[tokio::test(start_paused = true)]
async fn artifacts_come_home_also_when_the_stage_failed() {
    let home = tempfile::tempdir().expect("a place");
    for code in [0, 1] {
        let pipeline = Sample::new("demo")
            .stage_with("unit", &[], |unit| unit.artifacts = vec![artifact("/app/report.xml")])
            .build();
        let content = format!("report of {code}");
        let mut scene = Scene::of(&pipeline).on("unit", Script::exits(code).file("/app/report.xml", content.as_str()));
        scene.options.root = home.path().to_owned();
        let played = scene.play().await;
        assert_eq!(std::fs::read_to_string(home.path().join("report.xml")).expect("is there"), content);
        played.assert_nothing_left();
    }
}

#[tokio::test(start_paused = true)]
async fn an_artifact_that_is_not_there_fails_a_stage_that_passed() {
    let pipeline =
        Sample::new("demo").stage_with("unit", &[], |unit| unit.artifacts = vec![artifact("/app/report.xml")]).build();
    let played = Scene::of(&pipeline).play().await;
    assert_eq!(played.verdict(), Verdict::Failed);
    assert!(matches!(played.failure("unit", "collect"), Failure::ArtifactMissing { here: false, .. }));
    played.assert_nothing_left();
}

#[tokio::test(start_paused = true)]
async fn a_place_that_cannot_be_written_is_told_as_such() {
    let home = tempfile::tempdir().expect("a place");
    std::fs::write(home.path().join("report.xml"), "a file").expect("it can be written");
    let mut report = artifact("/app/report.xml");
    report.to = Some(crate::model::sample::text("report.xml/deep/"));
    let pipeline = Sample::new("demo").stage_with("unit", &[], |unit| unit.artifacts = vec![report.clone()]).build();
    let mut scene = Scene::of(&pipeline).on("unit", Script::exits(0).file("/app/report.xml", "new"));
    scene.options.root = home.path().to_owned();
    let played = scene.play().await;
    let failure = played.failure("unit", "collect");
    let Failure::ArtifactMissing { message, here: true, .. } = failure else { panic!("{failure:?}") };
    assert!(message.contains("report.xml/deep") && message.contains("on this machine"), "{message}");
    played.assert_nothing_left();
}
