//! What the fake promises beyond the contract that every engine keeps.

use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::timeout;

use super::{Fake, Fault, Operation, Outcome, Script, Trade};
use crate::engine::{
    ContainerId, ContainerSpec, ContainerStatus, Engine, ErrorKind, ExecRequest, Exit, HealthSpec, ImageId, labels,
};

const IMAGE: &str = "busybox:1.35";

fn spec(name: &str) -> ContainerSpec {
    ContainerSpec {
        name: format!("run-{name}"),
        image: ImageId(IMAGE.into()),
        entrypoint: None,
        command: None,
        env: vec![],
        workdir: None,
        user: None,
        hostname: None,
        networks: vec![],
        mounts: vec![],
        ports: vec![],
        init: true,
        read_only: false,
        stop_signal: None,
        health: HealthSpec::Image,
        labels: vec![(labels::NODE.into(), name.into())],
        ..ContainerSpec::default()
    }
}

fn fake() -> Fake {
    let fake = Fake::new();
    fake.with_image(IMAGE);
    fake
}

fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

/// Creates and starts a container, and lets its output go by.
async fn start(fake: &Fake, name: &str) -> (ContainerId, crate::engine::Running) {
    let id = fake.create_container(spec(name)).await.expect("a container");
    let (sender, mut receiver) = mpsc::channel(4);
    tokio::spawn(async move { while receiver.recv().await.is_some() {} });
    let running = fake.start(&id, sender).await.expect("a start");
    (id, running)
}

#[tokio::test(start_paused = true)]
async fn time_is_virtual_and_exact() {
    let fake = fake();
    fake.on("migrate", Script::exits(7).after(seconds(3600)).create_takes(seconds(1)).start_takes(seconds(2)));
    let (_, running) = start(&fake, "migrate").await;
    assert_eq!(running.exit.await.expect("an exit"), Exit { code: 7, oom_killed: false });
    assert_eq!(fake.now().as_secs(), 3603);
    assert_eq!(fake.transcript(), "0.000 create-container migrate\n1.000 start migrate\n");
}

#[tokio::test(start_paused = true)]
async fn scripts_under_one_key_serve_one_container_after_the_other() {
    let fake = fake();
    fake.on("flaky", Script::exits(1));
    fake.on("flaky", Script::exits(0));
    let mut codes = Vec::new();
    for _ in 0..3 {
        let (id, running) = start(&fake, "flaky").await;
        codes.push(running.exit.await.expect("an exit").code);
        fake.remove_container(&id).await.expect("a removal");
    }
    assert_eq!(codes, [1, 0, 0]);
}

#[tokio::test(start_paused = true)]
async fn commands_answer_by_readiness_or_by_attempt() {
    let fake = fake();
    fake.on("db", Script::runs().ready_after(seconds(3)).answers("flaky", [(1, "a"), (0, "b")]));
    let (id, _running) = start(&fake, "db").await;
    let ask = |word: &str| {
        let request = ExecRequest { command: vec![word.into()], timeout: seconds(1), ..ExecRequest::default() };
        let (fake, id) = (fake.clone(), id.clone());
        async move { fake.exec(&id, request).await.expect("an answer").code }
    };
    assert_eq!(ask("ready").await, 1);
    tokio::time::sleep(seconds(3)).await;
    assert_eq!(ask("ready").await, 0);
    assert_eq!([ask("flaky").await, ask("flaky").await, ask("flaky").await], [1, 0, 0]);
}

#[tokio::test(start_paused = true)]
async fn a_fault_strikes_the_call_that_it_means() {
    let fake = fake();
    fake.inject(Fault::on(Operation::CreateContainer).of("b").nth(2).fails(ErrorKind::NoSpace, "no space left"));
    fake.inject(Fault::on(Operation::Inspect).hangs());
    let id = fake.create_container(spec("a")).await.expect("another object");
    let first = fake.create_container(spec("b")).await.expect("the first call");
    fake.remove_container(&first).await.expect("a removal");
    let error = fake.create_container(spec("b")).await.expect_err("the second call");
    assert!(matches!(error.kind, ErrorKind::NoSpace));
    assert_eq!(fake.ledger().to_string(), "container run-a (created)\n");
    assert!(timeout(seconds(600), fake.inspect(&id)).await.is_err(), "no answer, ever");
}

#[tokio::test(start_paused = true)]
async fn an_effect_without_an_answer_leaves_the_object() {
    let fake = fake();
    fake.inject(Fault::on(Operation::CreateContainer).after_effect().fails(ErrorKind::Protocol, "connection reset"));
    fake.create_container(spec("a")).await.expect_err("no answer");
    assert_eq!(fake.ledger().objects.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_dropped_create_has_created_and_is_told() {
    let fake = fake();
    fake.on("slow", Script::runs().create_takes(seconds(10)));
    assert!(timeout(seconds(1), fake.create_container(spec("slow"))).await.is_err());
    assert_eq!(fake.ledger().objects.len(), 1);
    assert_eq!(fake.dropped_creates().len(), 1);
    assert_eq!(fake.calls()[0].outcome, Outcome::Dropped);
}

#[tokio::test(start_paused = true)]
async fn a_dropped_start_starts_all_the_same() {
    let fake = fake();
    fake.on("slow", Script::runs().start_takes(seconds(10)));
    let id = fake.create_container(spec("slow")).await.expect("a container");
    assert!(timeout(seconds(1), fake.start(&id, mpsc::channel(1).0)).await.is_err());
    assert_eq!(fake.inspect(&id).await.expect("a state").status, ContainerStatus::Running);
}

#[tokio::test(start_paused = true)]
async fn the_same_build_has_the_same_id_and_failures_are_scripted() {
    let fake = fake();
    let request = |target: &str| crate::engine::BuildRequest {
        context: "/src".into(),
        target: Some(target.into()),
        tags: vec![format!("todo:{target}")],
        ..Default::default()
    };
    let build = |target: &'static str| {
        let (fake, request) = (fake.clone(), request(target));
        async move { fake.build(request, mpsc::channel(8).0).await }
    };
    let first = build("release").await.expect("an image").image;
    assert_eq!(build("release").await.expect("an image").image, first);
    assert_ne!(build("test").await.expect("an image").image, first);
    assert_eq!(fake.image("todo:release").await.expect("an answer").expect("an image").id, first);
    let failure = crate::engine::BuildFailure { exit_code: Some(2), ..Default::default() };
    fake.on_build("broken", Trade::breaks(failure).takes(seconds(5)));
    let error = build("broken").await.expect_err("a failure");
    assert!(matches!(error.kind, ErrorKind::BuildFailed(failure) if failure.exit_code == Some(2)));
}

#[tokio::test(start_paused = true)]
async fn pulls_know_what_the_registry_has() {
    let fake = fake();
    fake.in_registry("mariadb:10.11");
    fake.on_pull("private:1", Trade::fails(ErrorKind::AuthRequired, "denied"));
    let pull = |reference: &'static str| {
        let fake = fake.clone();
        async move { fake.pull(reference, None, mpsc::channel(8).0).await }
    };
    let id = pull("mariadb:10.11").await.expect("an image");
    assert_eq!(fake.image("mariadb:10.11").await.expect("an answer").expect("an image").id, id);
    assert!(matches!(pull("private:1").await.expect_err("denied").kind, ErrorKind::AuthRequired));
    assert!(matches!(pull("ghost:1").await.expect_err("unknown").kind, ErrorKind::NotFound));
    assert!(fake.ledger().objects.is_empty(), "what is pulled is nobody's");
}
