//! What somebody else has under a name of ours is not touched.

use super::scene::Scene;
use crate::engine::{ContainerSpec, Engine, ImageId, VolumeSpec};
use crate::event::{Failure, Verdict};
use crate::model::Pipeline;
use crate::model::sample::{Sample, mount};
use crate::plan::Keep;

/// A stage that writes into a volume.
fn with_data() -> Pipeline {
    Sample::new("demo")
        .volume("data")
        .stage_with("work", &[], |work| {
            if let Some(container) = &mut work.container {
                container.mounts = vec![mount("data", "/data")];
            }
        })
        .build()
}

/// A container that has the name of the stage's.
fn of_a_stranger() -> ContainerSpec {
    let image = ImageId("busybox:1.35".to_owned());
    ContainerSpec { name: "demo-r1-work".to_owned(), image, ..ContainerSpec::default() }
}

#[tokio::test(start_paused = true)]
async fn a_name_that_a_stranger_has_is_left_to_him() {
    let scene = Scene::of(&with_data());
    scene.fake.create_container(of_a_stranger()).await.expect("the name is free");
    let volume = VolumeSpec { name: "demo-r1-data".to_owned(), ..VolumeSpec::default() };
    scene.fake.create_volume(volume).await.expect("the name is free");

    let played = scene.play().await;
    assert_eq!(played.verdict(), Verdict::Passed);
    let there: Vec<String> = played.fake.ledger().objects.into_iter().map(|object| object.name).collect();
    assert_eq!(there, ["demo-r1-work", "demo-r1-data"], "what the stranger made, and nothing else");
    let made: Vec<String> =
        played.fake.transcript().lines().filter(|line| line.contains("create-")).map(str::to_owned).collect();
    assert_eq!(played.outcome.summary.created, 3, "{made:?}");
}

#[tokio::test(start_paused = true)]
async fn what_stays_is_told_by_the_name_that_it_has() {
    let scene = Scene::keeping(&Sample::new("demo").stage("work", &[]).build(), Keep::Everything);
    scene.fake.create_container(of_a_stranger()).await.expect("the name is free");
    let played = scene.play().await;
    let told: Vec<&str> = played.outcome.summary.containers.iter().map(|(_, name)| name.as_str()).collect();
    assert_eq!(told, ["demo-r1-work-2"]);
}

#[tokio::test(start_paused = true)]
async fn where_strangers_have_all_names_it_is_told() {
    let scene = Scene::of(&with_data());
    let names = ["demo-r1-data", "demo-r1-data-2", "demo-r1-data-3", "demo-r1-data-4"];
    for name in names {
        let volume = VolumeSpec { name: name.to_owned(), ..VolumeSpec::default() };
        scene.fake.create_volume(volume).await.expect("the name is free");
    }
    let played = scene.play().await;
    assert_eq!(played.verdict(), Verdict::Failed);
    assert!(
        matches!(played.failure("data", "create"), Failure::NameTaken { kind: "volume", name, .. } if name == names[0]),
        "{:?}",
        played.outcome.steps
    );
    let there: Vec<String> = played.fake.ledger().objects.into_iter().map(|object| object.name).collect();
    assert_eq!(there, names, "what the strangers made, and nothing else");
}
