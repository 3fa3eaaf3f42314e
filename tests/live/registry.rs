//! Images that go to a registry and come from one.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use pipe::engine::docker::{Docker, Environment};
use pipe::engine::{Engine, ErrorKind, PullProgress};
use tokio::sync::mpsc;

use crate::contract::stage::{Stage, assert_kind};
use crate::stage::DockerStage;

/// A setting of `tests/setup.sh`; where it is not set there is nothing to test with, which is said.
fn setting(name: &str) -> Option<String> {
    let value = std::env::var(name).ok();
    if value.is_none() {
        eprintln!("skipped: {name} is not set; tests/run.sh sets a registry up and sets it");
    }
    value
}

/// Somebody who looks at progress and keeps it.
fn audience() -> (mpsc::Sender<PullProgress>, tokio::task::JoinHandle<Vec<PullProgress>>) {
    let (sender, mut receiver) = mpsc::channel(4);
    let seen = tokio::spawn(async move {
        let mut seen = Vec::new();
        while let Some(progress) = receiver.recv().await {
            seen.push(progress);
        }
        seen
    });
    (sender, seen)
}

fn nobody() -> mpsc::Sender<PullProgress> {
    mpsc::channel(1).0
}

#[tokio::test]
async fn what_is_pushed_can_be_pulled() {
    let Some(registry) = setting("PIPE_TEST_REGISTRY") else { return };
    DockerStage::hold(|stage| {
        Box::pin(async move {
            let stage: &dyn Stage = stage;
            let engine = stage.engine();
            let image = engine.image(&stage.image()).await.expect("an answer").expect("an image");
            let reference = format!("{registry}/t-{}/app:1", stage.word());
            engine.tag(&image.id, &reference).await.expect("a name");
            let (progress, seen) = audience();
            let digest = engine.push(&reference, progress).await.expect("a push");
            assert!(digest.starts_with("sha256:"), "{digest}");
            assert!(!seen.await.expect("no panic").is_empty());
            engine.remove_image(&reference).await.expect("a removal");
            assert!(engine.image(&reference).await.expect("an answer").is_none());
            let (progress, seen) = audience();
            assert_eq!(engine.pull(&reference, None, progress).await.expect("a pull"), image.id);
            assert!(!seen.await.expect("no panic").is_empty());
            let by_digest = format!("{registry}/t-{}/app@{digest}", stage.word());
            assert_eq!(engine.pull(&by_digest, None, nobody()).await.expect("a pull"), image.id);
            engine.remove_image(&reference).await.expect("a removal");
            engine.remove_image(&by_digest).await.expect("a removal");
        })
    })
    .await;
}

#[tokio::test]
async fn what_the_registry_does_not_have_is_not_found() {
    let Some(registry) = setting("PIPE_TEST_REGISTRY") else { return };
    DockerStage::hold(|stage| {
        Box::pin(async move {
            let stage: &dyn Stage = stage;
            let engine = stage.engine();
            for reference in ["pipe/no-such-image:1", "pipe/seed:no-such-tag"] {
                let reference = format!("{registry}/{reference}");
                assert_kind!(engine.pull(&reference, None, nobody()).await, ErrorKind::NotFound);
            }
            assert_kind!(engine.push("pipe.test/never-tagged:1", nobody()).await, ErrorKind::NotFound);
        })
    })
    .await;
}

/// The daemon, with a configuration that holds these credentials.
async fn with_credentials(config: &Path, registry: &str, user: &str, password: &str) -> Docker {
    std::fs::create_dir(config).expect("a directory");
    let auth = STANDARD.encode(format!("{user}:{password}"));
    let json = serde_json::json!({ "auths": { registry: { "auth": auth } } });
    std::fs::write(config.join("config.json"), json.to_string()).expect("a file");
    let environment = Environment { config: Some(config.into()), ..Environment::read() };
    Docker::connect(environment).await.expect("a daemon")
}

#[tokio::test]
async fn a_registry_with_a_password_wants_the_right_one() {
    let Some(registry) = setting("PIPE_TEST_REGISTRY_AUTH") else { return };
    let (user, password) = (setting("PIPE_TEST_REGISTRY_USER"), setting("PIPE_TEST_REGISTRY_PASSWORD"));
    let (Some(user), Some(password)) = (user, password) else { return };
    DockerStage::hold(|stage| {
        Box::pin(async move {
            let directory = tempfile::tempdir().expect("a directory");
            let config = |name: &str| directory.path().join(name);
            let stage: &dyn Stage = stage;
            let seed = format!("{registry}/pipe/seed:1");
            let stranger = with_credentials(&config("stranger"), "elsewhere.test", &user, &password).await;
            assert_kind!(stranger.pull(&seed, None, nobody()).await, ErrorKind::AuthRequired);
            let wrong = with_credentials(&config("wrong"), &registry, &user, "wrong").await;
            assert_kind!(wrong.pull(&seed, None, nobody()).await, ErrorKind::AuthRequired);
            let friend = with_credentials(&config("friend"), &registry, &user, &password).await;
            let id = friend.pull(&seed, None, nobody()).await.expect("a pull");
            let mine = format!("{registry}/t-{}/app:1", stage.word());
            friend.tag(&id, &mine).await.expect("a name");
            assert_kind!(stranger.push(&mine, nobody()).await, ErrorKind::AuthRequired);
            friend.push(&mine, nobody()).await.expect("a push");
            friend.remove_image(&mine).await.expect("a removal");
            friend.remove_image(&seed).await.expect("a removal");
        })
    })
    .await;
}
