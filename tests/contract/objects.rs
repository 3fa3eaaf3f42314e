use pipe::engine::{
    ContainerId, ContainerStatus, ErrorKind, ImageId, MountSpec, NetworkId, NetworkSpec, Object, ObjectKind, VolumeSpec,
};
use tokio::sync::mpsc;

use super::stage::{Act, LABEL, Stage, assert_kind};

fn network(stage: &dyn Stage) -> NetworkSpec {
    NetworkSpec { name: stage.name("net"), labels: stage.labels(), ..NetworkSpec::default() }
}

fn volume(stage: &dyn Stage) -> VolumeSpec {
    VolumeSpec { name: stage.name("vol"), labels: stage.labels(), ..VolumeSpec::default() }
}

pub async fn unknown_objects_are_not_found(stage: &dyn Stage) {
    let engine = stage.engine();
    let nobody = ContainerId("no-such-container".into());
    assert!(engine.image("pipe.test/no-such-image:1").await.expect("an answer").is_none());
    assert!(engine.network("no-such-network").await.expect("an answer").is_none());
    assert!(!engine.has_volume("no-such-volume").await.expect("an answer"));
    assert_kind!(engine.inspect(&nobody).await, ErrorKind::NotFound);
    assert_kind!(engine.start(&nobody, mpsc::channel(1).0).await, ErrorKind::NotFound);
    assert_kind!(engine.kill(&nobody, "SIGKILL").await, ErrorKind::NotFound);
    let missing = ImageId("pipe.test/no-such-image:1".into());
    assert_kind!(engine.tag(&missing, "pipe.test/other:1").await, ErrorKind::NotFound);
    let mut spec = stage.spec("orphan", Act::Ends(0));
    spec.image = missing;
    assert_kind!(engine.create_container(spec).await, ErrorKind::NotFound);
}

pub async fn removing_unknown_objects_succeeds(stage: &dyn Stage) {
    let engine = stage.engine();
    engine.remove_container(&ContainerId("no-such-container".into())).await.expect("nothing to do");
    engine.remove_network(&NetworkId("no-such-network".into())).await.expect("nothing to do");
    engine.remove_volume("no-such-volume").await.expect("nothing to do");
    engine.remove_image("pipe.test/no-such-image:1").await.expect("nothing to do");
}

pub async fn objects_are_listed_by_label(stage: &dyn Stage) {
    let engine = stage.engine();
    let id = stage.create("listed", Act::Ends(0)).await;
    let net = engine.create_network(network(stage)).await.expect("a network");
    engine.create_volume(volume(stage)).await.expect("a volume");
    let mut found = engine.list(LABEL, Some(stage.word())).await.expect("a list");
    found.sort_by_key(|object| object.kind);
    let told: Vec<_> = found.iter().map(|it| (it.kind, it.id.clone(), it.name.clone())).collect();
    let expected = vec![
        (ObjectKind::Container, id.0, stage.name("listed")),
        (ObjectKind::Network, net.0, stage.name("net")),
        (ObjectKind::Volume, stage.name("vol"), stage.name("vol")),
    ];
    assert_eq!(told, expected);
    assert!(found.iter().all(|object| object.label(LABEL) == Some(stage.word())));
    assert_eq!(found[0].status, "created");
    let of_any_value = engine.list(LABEL, None).await.expect("a list");
    let ids = |objects: &[Object]| objects.iter().map(|object| object.id.clone()).collect::<Vec<_>>();
    assert!(ids(&found).iter().all(|id| ids(&of_any_value).contains(id)));
    assert!(engine.list(LABEL, Some("nobody has this value")).await.expect("a list").is_empty());
}

pub async fn two_networks_may_have_one_name(stage: &dyn Stage) {
    let engine = stage.engine();
    let first = engine.create_network(network(stage)).await.expect("a network");
    let found = engine.network(&stage.name("net")).await.expect("an answer");
    assert_eq!(found, Some(first.clone()));
    assert_eq!(engine.network(&first.0).await.expect("an answer"), found);
    let second = engine.create_network(network(stage)).await.expect("a network");
    assert_ne!(first, second);
    engine.remove_network(&first).await.expect("a removal");
    assert_eq!(engine.network(&stage.name("net")).await.expect("an answer"), Some(second));
}

pub async fn a_network_in_use_stays(stage: &dyn Stage) {
    let engine = stage.engine();
    let net = engine.create_network(network(stage)).await.expect("a network");
    let mut spec = stage.spec("member", Act::Runs);
    spec.networks = vec![(net.clone(), vec!["member".into()])];
    let id = engine.create_container(spec).await.expect("a container");
    let _started = stage.start_made(&id).await.expect("a start");
    assert_eq!(engine.inspect(&id).await.expect("a state").addresses.len(), 1);
    assert_kind!(engine.remove_network(&net).await, ErrorKind::Conflict);
    engine.remove_container(&id).await.expect("a removal");
    engine.remove_network(&net).await.expect("a removal");
    assert_eq!(engine.network(&net.0).await.expect("an answer"), None);
}

pub async fn a_network_is_vacated_and_its_members_run_on(stage: &dyn Stage) {
    let engine = stage.engine();
    let net = engine.create_network(network(stage)).await.expect("a network");
    let mut spec = stage.spec("member", Act::Runs);
    spec.networks = vec![(net.clone(), vec!["member".into()])];
    let id = engine.create_container(spec).await.expect("a container");
    let _started = stage.start_made(&id).await.expect("a start");
    engine.vacate_network(&net).await.expect("an answer");
    engine.remove_network(&net).await.expect("a removal");
    assert_eq!(engine.inspect(&id).await.expect("a state").status, ContainerStatus::Running);
    engine.vacate_network(&net).await.expect("what is gone has no members");
    engine.remove_container(&id).await.expect("a removal");
}

pub async fn a_volume_is_made_once_and_stays_while_in_use(stage: &dyn Stage) {
    let engine = stage.engine();
    assert_eq!(engine.create_volume(volume(stage)).await.expect("a volume"), stage.name("vol"));
    engine.create_volume(VolumeSpec { labels: vec![], ..volume(stage) }).await.expect("the same volume");
    let labelled = engine.list(LABEL, Some(stage.word())).await.expect("a list");
    assert_eq!(labelled.len(), 1, "the first one's labels stay");
    let mut spec = stage.spec("user", Act::Ends(0));
    spec.mounts = vec![MountSpec::Volume { name: stage.name("vol"), target: "/data".into(), read_only: false }];
    let id = engine.create_container(spec).await.expect("a container");
    assert_kind!(engine.remove_volume(&stage.name("vol")).await, ErrorKind::Conflict);
    engine.remove_container(&id).await.expect("a removal");
    engine.remove_volume(&stage.name("vol")).await.expect("a removal");
    assert!(!engine.has_volume(&stage.name("vol")).await.expect("an answer"));
}

pub async fn an_image_has_as_many_names_as_it_is_given(stage: &dyn Stage) {
    let engine = stage.engine();
    let image = engine.image(&stage.image()).await.expect("an answer").expect("an image");
    let by_id = engine.image(&image.id.0).await.expect("an answer").expect("an image");
    assert_eq!(by_id.id, image.id);
    let name = format!("pipe.test/{}:1", stage.word());
    engine.tag(&image.id, &name).await.expect("a name");
    assert_eq!(engine.image(&name).await.expect("an answer").expect("an image").id, image.id);
    engine.remove_image(&name).await.expect("a removal");
    assert!(engine.image(&name).await.expect("an answer").is_none());
    assert!(engine.image(&stage.image()).await.expect("an answer").is_some(), "only the one name goes");
}

pub async fn what_no_registry_has_is_not_offered(stage: &dyn Stage) {
    let engine = stage.engine();
    let image = engine.image(&stage.image()).await.expect("an answer").expect("an image");
    let offered = engine.offered("pipe.invalid/no-such-image:1").await;
    assert!(!matches!(offered, Ok(Some(_))), "{offered:?}");
    assert!(image.platform.contains('/'), "{}", image.platform);
}

pub async fn the_engine_says_who_it_is(stage: &dyn Stage) {
    let info = stage.engine().info().await.expect("an answer");
    assert!(info.cpus > 0);
    assert!(info.api_version.starts_with("1."), "{}", info.api_version);
    assert!(info.address.contains("://"), "{}", info.address);
    assert!(info.platform.split('/').count() >= 2, "{}", info.platform);
}

pub async fn a_container_leaves_a_network_and_comes_back(stage: &dyn Stage) {
    let engine = stage.engine();
    let net = engine.create_network(network(stage)).await.expect("a network");
    let mut spec = stage.spec("wanderer", Act::Runs);
    spec.networks = vec![(net.clone(), vec!["member".into()])];
    let id = engine.create_container(spec).await.expect("a container");
    stage.start_made(&id).await.expect("a start").ready().await;
    let networks = || async { engine.inspect(&id).await.expect("a state").networks };
    engine.leave_network(&id, &net).await.expect("it is in there");
    assert_eq!(networks().await, []);
    engine.leave_network(&id, &net).await.expect("nothing to do");
    engine.join_network(&id, &net, &["member".to_owned()]).await.expect("it is there");
    let joined = networks().await;
    assert_eq!(joined.iter().map(|joined| &joined.network).collect::<Vec<_>>(), [&net]);
    assert!(joined[0].names.contains(&"member".to_owned()), "{joined:?}");
    engine.remove_container(&id).await.expect("a removal");
    engine.remove_network(&net).await.expect("a removal");
}
