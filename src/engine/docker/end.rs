use std::time::Duration;

use bollard::query_parameters::InspectContainerOptions;
use hyper::Method;
use serde::Deserialize;
use tokio::time::{Instant, timeout};

use super::Docker;
use super::error::within;
use super::line::Tries;
use super::transport::Lines;
use crate::engine::{ContainerId, ContainerState, ContainerStatus, EngineError, ErrorKind, Result};

/// How long a wait may lag behind what an inspection says.
const LAG: Duration = Duration::from_secs(1);
/// A daemon that takes longer than this to answer a greeting may have been started meanwhile: a service manager holds the socket.
const PROMPT: Duration = Duration::from_millis(250);
/// How many events fill a daemon's memory, which has room for 256 and is empty when it starts; those of the last moment may not be told.
const MEMORY: usize = 200;
/// What the daemon says of a process whose exit code it does not know.
const UNKNOWN: i64 = 255;

/// What a wait answers.
#[derive(Deserialize)]
struct Waited {
    #[serde(rename = "StatusCode")]
    code: i64,
    #[serde(rename = "Error")]
    error: Option<WaitFailure>,
}

#[derive(Deserialize)]
struct WaitFailure {
    #[serde(rename = "Message", default)]
    message: String,
}

/// One of the events that a daemon remembers.
#[derive(Deserialize)]
struct Remembered {
    #[serde(rename = "Action", default)]
    action: String,
    #[serde(rename = "Actor", default)]
    actor: Actor,
}

#[derive(Deserialize, Default)]
struct Actor {
    #[serde(rename = "ID", default)]
    id: String,
}

/// What a daemon remembers of a container's start.
#[derive(Debug, PartialEq, Eq)]
enum Memory {
    /// It is the daemon that started it.
    Started,
    /// It remembers the time and no such start: another one did.
    Another,
    /// It may have forgotten.
    Unclear,
}

/// How the ends of containers come to be known. State, not news, decides: the answer of a wait, and at every break and every heartbeat an
/// inspection; events, which the daemon may drop, are not relied on. And an end counts only where the daemon that tells of it is the one that
/// saw it: one that stops takes its containers with it and calls that their exit.
impl Docker {
    /// Subscribes to an end of the container. The subscription holds when this answers.
    pub(super) async fn wait(&self, id: &ContainerId, condition: &str) -> Result<Lines> {
        let path = format!("/containers/{id}/wait");
        self.road.call(&of(id), Method::POST, &path, &[("condition", condition)]).await
    }

    /// The exit code of a process that runs, by `wait`; where that breaks, it is looked up or taken up again. `seen` is how often contact
    /// had been lost when the process was last known to run.
    ///
    /// # Errors
    /// `Lost` where the process ended while the engine was away and nobody saw how; `NotFound` where the container is gone.
    pub(super) async fn exit_code(&self, id: &ContainerId, mut wait: Lines, mut seen: u32) -> Result<i64> {
        let mut tries = Tries::default();
        loop {
            let broken = match self.await_end(id, &mut wait, &mut seen).await {
                Ok(code) => return self.witnessed(id, code, seen).await,
                Err(error) if matches!(error.kind, ErrorKind::NotFound | ErrorKind::Lost) => return Err(error),
                Err(error) => error,
            };
            self.line.regain(&of(id), broken, &mut tries).await?;
            match self.glance(id, &mut seen).await? {
                state if has_ended(&state) => return self.witnessed(id, state.exit_code, seen).await,
                state if state.status == ContainerStatus::Created => return Err(unseen(id)),
                _ => {}
            }
            let (operation, limit) = (of(id), self.line.patience.ask);
            wait = self.line.ask(&operation, limit, || self.wait(id, "not-running")).await?;
        }
    }

    /// The answer of a wait, with a look at the container now and then, lest the answer was lost on its way.
    async fn await_end(&self, id: &ContainerId, wait: &mut Lines, seen: &mut u32) -> Result<i64> {
        loop {
            match timeout(self.line.patience.heartbeat, answer(id, wait)).await {
                Ok(code) => return code,
                Err(_) => {
                    let state = self.glance(id, seen).await?;
                    if has_ended(&state) {
                        let late = timeout(LAG, answer(id, wait)).await;
                        return Ok(late.ok().and_then(Result::ok).unwrap_or(state.exit_code));
                    }
                }
            }
        }
    }

    /// Looks at the container; one that runs was not harmed by what came before.
    async fn glance(&self, id: &ContainerId, seen: &mut u32) -> Result<ContainerState> {
        let losses = self.line.losses();
        let state = self.look_at(id).await?;
        if matches!(state.status, ContainerStatus::Running | ContainerStatus::Paused) {
            *seen = losses;
        }
        Ok(state)
    }

    /// The exit code, where it may be believed.
    async fn witnessed(&self, id: &ContainerId, code: i64, seen: u32) -> Result<i64> {
        let began = Instant::now();
        self.line.confirm().await?;
        let lost = self.line.losses() != seen;
        if !lost && began.elapsed() < PROMPT {
            return Ok(code);
        }
        match self.memory_of(id).await? {
            Memory::Started => Ok(code),
            Memory::Unclear if !lost => Ok(code),
            // Where containers outlive the daemon, they ended by themselves.
            _ if code != UNKNOWN && self.keeps_containers().await? => Ok(code),
            _ => Err(unseen(id)),
        }
    }

    /// Whether the daemon that answers now is the one that started the container.
    async fn memory_of(&self, id: &ContainerId) -> Result<Memory> {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        let until = format!("{}.{:09}", now.as_secs(), now.subsec_nanos());
        let operation = "read what the engine remembers";
        let read = || async {
            let query = [("since", "0"), ("until", until.as_str())];
            let mut events = self.road.call(operation, Method::GET, "/events", &query).await?;
            let (mut count, mut started) = (0, false);
            while let Some(event) = events.next::<Remembered>().await? {
                count += 1;
                started |= event.action == "start" && event.actor.id == id.0;
            }
            Ok::<_, EngineError>(match (started, count >= MEMORY) {
                (true, _) => Memory::Started,
                (false, true) => Memory::Unclear,
                (false, false) => Memory::Another,
            })
        };
        self.line.ask(operation, self.line.patience.ask, read).await
    }

    /// Whether containers outlive the daemon.
    async fn keeps_containers(&self) -> Result<bool> {
        let info = self.line.ask("ask the engine who it is", self.line.patience.ask, || self.api.info()).await?;
        Ok(info.live_restore_enabled.unwrap_or_default())
    }

    /// The signal that the container or its image wants to be stopped with.
    pub(super) async fn stop_signal(&self, id: &ContainerId) -> Result<String> {
        let ask = || self.api.inspect_container(&id.0, None::<InspectContainerOptions>);
        let config = self.line.ask("inspect container", self.line.patience.ask, ask).await?.config;
        let signal = config.and_then(|config| config.stop_signal).filter(|signal| !signal.is_empty());
        Ok(signal.unwrap_or_else(|| "SIGTERM".into()))
    }

    /// Waits until a container that somebody else removes is gone.
    pub(super) async fn await_removal(&self, id: &ContainerId) -> Result<()> {
        let gone = || async { self.wait(id, "removed").await?.next::<Waited>().await.map(drop) };
        within(&of(id), self.line.patience.change, gone()).await
    }
}

async fn answer(id: &ContainerId, wait: &mut Lines) -> Result<i64> {
    match wait.next::<Waited>().await? {
        Some(Waited { code, error: None }) => Ok(code),
        Some(Waited { code, error: Some(failure) }) if failure.message.is_empty() => Ok(code),
        Some(Waited { error: Some(failure), .. }) => {
            Err(EngineError::new(ErrorKind::Protocol, of(id), failure.message))
        }
        None => Err(EngineError::new(ErrorKind::Broken, of(id), "the engine broke off the wait")),
    }
}

fn has_ended(state: &ContainerState) -> bool {
    matches!(state.status, ContainerStatus::Exited | ContainerStatus::Dead)
}

fn unseen(id: &ContainerId) -> EngineError {
    let message = "the container ended while the engine was away, and nobody saw how";
    EngineError::new(ErrorKind::Lost, of(id), message)
}

fn of(id: &ContainerId) -> String {
    format!("wait for container `{id}`")
}
