//! A place of its own on the real daemon for every test.

use std::panic::{AssertUnwindSafe, resume_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use pipe::engine::docker::Docker;
use pipe::engine::{ContainerId, ContainerSpec, Engine, NetworkId, ObjectKind, Stream};

use crate::contract::stage::{Act, LABEL, Stage};
use crate::daemon::{docker, wanted};

static STAGES: AtomicU32 = AtomicU32::new(0);

/// A place of its own on the real daemon, that must be empty at the end.
pub struct DockerStage {
    pub docker: Arc<Docker>,
    word: String,
}

impl DockerStage {
    /// Tries `law` in a place of its own, where live tests are wanted. Whatever happens, what it made is removed; a law that holds has left
    /// nothing that its label does not tell.
    pub async fn hold(law: impl for<'a> FnOnce(&'a DockerStage) -> BoxFuture<'a, ()>) {
        if !wanted() {
            return;
        }
        let docker = Docker::from_environment().await.expect("a daemon");
        let number = STAGES.fetch_add(1, Ordering::Relaxed);
        let stage =
            DockerStage { docker: Arc::new(docker), word: format!("law-{}-{number}x", crate::daemon::process()) };
        let result = AssertUnwindSafe(law(&stage)).catch_unwind().await;
        stage.clean().await;
        if let Err(panic) = result {
            resume_unwind(panic);
        }
    }

    async fn clean(&self) {
        let mut left = self.docker.list(LABEL, Some(&self.word)).await.expect("a list");
        left.sort_by_key(|object| object.kind);
        for object in left {
            let removed = match object.kind {
                ObjectKind::Container => self.docker.remove_container(&ContainerId(object.id)).await,
                ObjectKind::Network => self.docker.remove_network(&NetworkId(object.id)).await,
                ObjectKind::Volume => self.docker.remove_volume(&object.id).await,
                ObjectKind::Image => self.docker.remove_image(&object.id).await,
            };
            removed.expect("a removal");
        }
        let left = self.docker.list(LABEL, Some(&self.word)).await.expect("a list");
        assert!(left.is_empty(), "{left:?}");
        // Names given to images that are not ours to label.
        for name in docker(&["images", "--format", "{{.Repository}}:{{.Tag}}"]).lines() {
            if name.contains(&self.word) {
                self.docker.remove_image(name).await.expect("a removal");
            }
        }
    }
}

impl Stage for DockerStage {
    fn engine(&self) -> Arc<dyn Engine> {
        self.docker.clone()
    }

    fn image(&self) -> String {
        "busybox:1.35".into()
    }

    fn word(&self) -> &str {
        &self.word
    }

    fn cast(&self, spec: ContainerSpec, act: Act) -> ContainerSpec {
        let script = match act {
            Act::Ends(code) => format!("exit {code}"),
            Act::Writes(pieces) => pieces.iter().map(write).collect(),
            Act::Floods(lines) => format!("yes 0123456789 | head -n {lines}"),
            Act::Runs | Act::RunsSlowly => "trap 'exit 3' TERM; echo ready; sleep 1000 & wait".into(),
            Act::Stubborn => "trap '' TERM; echo ready; while :; do sleep 1; done".into(),
            Act::Leaves(path, data) => {
                let data = write(&(Stream::Stdout, data.to_vec()));
                format!("mkdir -p $(dirname {path}); ({data}) > {path}")
            }
            // An init process would start, and end with code 127 for what it cannot find.
            Act::CannotStart => {
                return ContainerSpec { init: false, command: Some(vec!["/no/such/program".into()]), ..spec };
            }
        };
        ContainerSpec { command: Some(vec!["sh".into(), "-c".into(), script]), ..spec }
    }
}

/// The words of a shell that write a piece.
fn write((stream, data): &(Stream, Vec<u8>)) -> String {
    let octal: String = data.iter().map(|byte| format!("\\{byte:03o}")).collect();
    match stream {
        Stream::Stdout => format!("printf '{octal}';"),
        Stream::Stderr => format!("printf '{octal}' >&2;"),
    }
}
