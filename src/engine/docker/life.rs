use std::time::Duration;

use bollard::container::LogOutput;
use bollard::errors::Error as ApiError;
use bollard::query_parameters::{
    AttachContainerOptionsBuilder, InspectContainerOptions, KillContainerOptionsBuilder, RemoveContainerOptionsBuilder,
    StartContainerOptions,
};
use futures_util::{FutureExt, Stream, StreamExt};
use hyper::Method;
use serde::Deserialize;
use tokio::sync::mpsc::Sender;
use tokio::sync::watch;
use tokio::time::timeout;

use super::Docker;
use super::error::within;
use super::transport::Lines;
use crate::engine::{
    Chunk, ContainerId, ContainerStatus, EngineError, ErrorKind, Exit, Result, Running, Stream as Which,
};

/// How long a start may take.
const START: Duration = Duration::from_secs(60);
/// How long a removal may take.
const REMOVE: Duration = Duration::from_secs(60);
/// How long a question may take.
const ASK: Duration = Duration::from_secs(10);
/// How long a killed process may take to be gone, beyond its grace.
const KILL: Duration = Duration::from_secs(15);
/// How long output may be silent after the end of the process before it counts as complete.
const SILENCE: Duration = Duration::from_secs(10);
/// How often a broken wait is taken up again.
const WAITS: usize = 5;

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

impl Docker {
    /// Attaches and subscribes to the exit, and only when the engine has confirmed both starts the process.
    pub(super) async fn begin(&self, id: &ContainerId, output: Sender<Chunk>) -> Result<Running> {
        let operation = format!("start container `{id}`");
        let options = AttachContainerOptionsBuilder::default().stream(true).stdout(true).stderr(true).build();
        let (attached, wait) = tokio::try_join!(
            within(&operation, ASK, self.api.attach_container(&id.0, Some(options))),
            within(&operation, ASK, self.wait(id, "next-exit")),
        )?;
        let (ended, end) = watch::channel(false);
        let pump = tokio::spawn(pump(attached.output, output, end));
        let started = within(&operation, START, self.api.start_container(&id.0, None::<StartContainerOptions>)).await;
        if let Err(error) = started {
            pump.abort();
            return Err(error);
        }
        let (docker, id) = (self.clone(), id.clone());
        let exit = async move {
            let code = docker.exit_code(&id, wait).await;
            ended.send_replace(true);
            // The pump neither panics nor is aborted from here on.
            let _ = pump.await;
            let code = code?;
            let state = docker.look_at(&id).await;
            Ok(Exit { code, oom_killed: state.is_ok_and(|state| state.oom_killed) })
        };
        Ok(Running { exit: exit.boxed() })
    }

    /// Subscribes to an end of the container. The subscription holds when this answers.
    async fn wait(&self, id: &ContainerId, condition: &str) -> Result<Lines> {
        let operation = format!("wait for container `{id}`");
        let path = format!("/containers/{id}/wait");
        self.road.call(&operation, Method::POST, &path, &[("condition", condition)]).await
    }

    /// The exit code; where the subscription breaks, it is looked up and taken up again.
    async fn exit_code(&self, id: &ContainerId, mut wait: Lines) -> Result<i64> {
        let mut tries = 0;
        loop {
            let broken = match wait.next::<Waited>().await {
                Ok(Some(Waited { code, error: None })) => return Ok(code),
                Ok(Some(Waited { code, error: Some(failure) })) if failure.message.is_empty() => return Ok(code),
                Ok(Some(Waited { error: Some(failure), .. })) => lost(id, &failure.message),
                Ok(None) => lost(id, "the engine broke off the wait"),
                Err(error) => error,
            };
            loop {
                tries += 1;
                if tries > WAITS {
                    return Err(broken);
                }
                match self.look_at(id).await {
                    Ok(state) if state.status == ContainerStatus::Exited => return Ok(state.exit_code),
                    Err(error) if matches!(error.kind, ErrorKind::NotFound) => return Err(error),
                    _ => {}
                }
                match within("wait", ASK, self.wait(id, "not-running")).await {
                    Ok(again) => break wait = again,
                    Err(_) => tokio::time::sleep(Duration::from_millis(500)).await,
                }
            }
        }
    }

    /// Sends the stop signal, waits on a timer of our own (the engine's knows only whole seconds), then kills.
    pub(super) async fn end(&self, id: &ContainerId, signal: Option<&str>, grace: Duration) -> Result<bool> {
        let operation = format!("stop container `{id}`");
        let ended = match within(&operation, ASK, self.wait(id, "not-running")).await {
            Err(error) if matches!(error.kind, ErrorKind::NotFound) => return Ok(true),
            ended => ended?,
        };
        let signal = match signal {
            Some(signal) => signal.to_owned(),
            None => self.stop_signal(id).await?,
        };
        if !self.send_signal(id, &signal).await? {
            return Ok(true);
        }
        let end = self.exit_code(id, ended);
        tokio::pin!(end);
        if timeout(grace, &mut end).await.is_ok() {
            return Ok(true);
        }
        let by_itself = !self.send_signal(id, "SIGKILL").await?;
        match within(&operation, KILL, end).await {
            Err(error) if matches!(error.kind, ErrorKind::NotFound) => Ok(by_itself),
            result => result.map(|_| by_itself),
        }
    }

    /// Sends a signal.
    pub(super) async fn signal(&self, id: &ContainerId, signal: &str) -> Result<()> {
        match self.send_signal(id, signal).await? {
            true => Ok(()),
            // Ended, or gone: the difference matters to who sends a signal.
            false => self.look_at(id).await.map(|_| ()),
        }
    }

    /// Sends a signal; answers `false` where nothing runs that could take it.
    async fn send_signal(&self, id: &ContainerId, signal: &str) -> Result<bool> {
        let options = KillContainerOptionsBuilder::default().signal(signal).build();
        let operation = format!("send {signal} to container `{id}`");
        match within(&operation, KILL, self.api.kill_container(&id.0, Some(options))).await {
            Ok(()) => Ok(true),
            Err(error) if matches!(error.kind, ErrorKind::NotFound | ErrorKind::Conflict) => Ok(false),
            // Some versions answer 500 for a container that ended meanwhile.
            Err(error) if error.message.contains("is not running") => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// The signal that the container or its image wants to be stopped with.
    async fn stop_signal(&self, id: &ContainerId) -> Result<String> {
        let asked = self.api.inspect_container(&id.0, None::<InspectContainerOptions>);
        let config = within("inspect container", ASK, asked).await?.config;
        let signal = config.and_then(|config| config.stop_signal).filter(|signal| !signal.is_empty());
        Ok(signal.unwrap_or_else(|| "SIGTERM".into()))
    }

    /// Kills and removes.
    pub(super) async fn drop_container(&self, id: &ContainerId) -> Result<()> {
        let operation = format!("remove container `{id}`");
        let options = RemoveContainerOptionsBuilder::default().force(true).v(true).build();
        match within(&operation, REMOVE, self.api.remove_container(&id.0, Some(options))).await {
            Err(error) if matches!(error.kind, ErrorKind::NotFound) => Ok(()),
            // Somebody else is removing it: it is gone when that is done.
            Err(error) if error.message.contains("already in progress") => {
                let gone = async { self.wait(id, "removed").await?.next::<Waited>().await.map(|_| ()) };
                match within(&operation, REMOVE, gone).await {
                    Err(error) if matches!(error.kind, ErrorKind::NotFound) => Ok(()),
                    result => result,
                }
            }
            result => result,
        }
    }
}

/// Hands output over as it comes, until the stream ends; or, once the process has ended, until it is silent for long.
async fn pump(
    mut from: impl Stream<Item = std::result::Result<LogOutput, ApiError>> + Unpin,
    to: Sender<Chunk>,
    mut ended: watch::Receiver<bool>,
) {
    loop {
        let silent = *ended.borrow();
        let item = match silent {
            true => timeout(SILENCE, from.next()).await.ok().flatten(),
            false => tokio::select! {
                item = from.next() => item,
                // A sender that is gone has ended without a word: the stream decides alone.
                Ok(_) = ended.changed() => continue,
            },
        };
        match item {
            // A closed channel is no error: the stream is read on, so that the process is not held up.
            Some(Ok(output)) => drop(to.send(chunk(output)).await),
            Some(Err(_)) | None => return,
        }
    }
}

/// bollard's piece of output as ours.
pub(super) fn chunk(output: LogOutput) -> Chunk {
    let stream = match output {
        LogOutput::StdErr { .. } => Which::Stderr,
        LogOutput::StdOut { .. } | LogOutput::StdIn { .. } | LogOutput::Console { .. } => Which::Stdout,
    };
    Chunk { stream, data: output.into_bytes() }
}

fn lost(id: &ContainerId, message: &str) -> EngineError {
    EngineError::new(ErrorKind::Protocol, format!("wait for container `{id}`"), message)
}
