use std::time::Duration;

use bollard::query_parameters::{KillContainerOptionsBuilder, RemoveContainerOptionsBuilder, StartContainerOptions};
use futures_util::FutureExt;
use tokio::sync::mpsc::Sender;
use tokio::sync::watch;
use tokio::time::timeout;

use super::Docker;
use super::error::within;
use super::line::Tries;
use super::output::Output;
use super::transport::Bytestream;
use crate::engine::{Chunk, ContainerId, ContainerStatus, EngineError, ErrorKind, Exit, Result, Running};

impl Docker {
    /// Attaches and subscribes to the exit, and only when the engine has confirmed both starts the process.
    pub(super) async fn begin(&self, id: &ContainerId, output: Sender<Chunk>) -> Result<Running> {
        let operation = format!("start container `{id}`");
        let terminal = self.has_terminal(id).await?;
        let patience = self.line.patience;
        let subscribe = || async { tokio::try_join!(self.attach(id), self.wait(id, "next-exit")) };
        let (attached, wait) = self.line.ask(&operation, patience.ask, subscribe).await?;
        let seen = self.line.losses();
        let (ended, end) = watch::channel(false);
        let pump = Output { docker: self.clone(), id: id.clone(), terminal, to: output };
        let pump = tokio::spawn(pump.pump(attached, end));
        if let Err(error) = self.set_going(&operation, id).await {
            pump.abort();
            return Err(error);
        }
        self.lives.begins(id);
        let (docker, id) = (self.clone(), id.clone());
        let exit = async move {
            let code = docker.exit_code(&id, wait, seen).await;
            ended.send_replace(true);
            // The pump neither panics nor is aborted from here on.
            let _ = pump.await;
            let code = code?;
            let state = docker.look_at(&id).await;
            Ok(Exit { code, oom_killed: state.is_ok_and(|state| state.oom_killed) })
        };
        Ok(Running { exit: exit.boxed() })
    }

    /// The output of a container from now on, as a connection of its own.
    pub(super) async fn attach(&self, id: &ContainerId) -> Result<Bytestream> {
        let operation = format!("attach to container `{id}`");
        let query = [("stream", "1"), ("stdout", "1"), ("stderr", "1")];
        let path = format!("/containers/{id}/attach");
        within(&operation, self.line.patience.ask, self.road.hijack(&operation, &path, &query)).await
    }

    /// Starts the process, once: where the answer is lost, it is looked up whether it was started.
    async fn set_going(&self, operation: &str, id: &ContainerId) -> Result<()> {
        let mut tries = Tries::default();
        let losses = self.line.losses();
        loop {
            let start = self.api.start_container(&id.0, None::<StartContainerOptions>);
            match within(operation, self.line.patience.change, start).await {
                Err(error) if error.is_of_contact() && !matches!(error.kind, ErrorKind::TimedOut) => {
                    self.line.regain(operation, error, &mut tries).await?;
                }
                // A daemon that is killed at a start may come back with half a container.
                Err(error) if self.line.losses() != losses => {
                    let message = format!("the engine went away in the middle of it; then: {}", error.message);
                    return Err(EngineError::new(ErrorKind::Lost, operation, message));
                }
                done => return done,
            }
            match self.look_at(id).await?.status {
                ContainerStatus::Running | ContainerStatus::Paused | ContainerStatus::Restarting => return Ok(()),
                // It was quick; unless that was an earlier process.
                ContainerStatus::Exited | ContainerStatus::Dead if !self.lives.has_begun(id) => return Ok(()),
                ContainerStatus::Created | ContainerStatus::Exited | ContainerStatus::Dead => {}
            }
        }
    }

    /// Sends the stop signal, waits on a timer of our own (the engine's knows only whole seconds), then kills.
    pub(super) async fn end(&self, id: &ContainerId, signal: Option<&str>, grace: Duration) -> Result<bool> {
        let operation = format!("stop container `{id}`");
        let patience = self.line.patience;
        let wait = || self.wait(id, "not-running");
        let wait = match self.line.ask(&operation, patience.ask, wait).await {
            Err(error) if matches!(error.kind, ErrorKind::NotFound) => return Ok(true),
            wait => wait?,
        };
        let signal = match signal {
            Some(signal) => signal.to_owned(),
            None => self.stop_signal(id).await?,
        };
        if !self.send_signal(id, &signal).await? {
            return Ok(true);
        }
        let end = self.is_over(id, wait);
        tokio::pin!(end);
        if let Ok(over) = timeout(grace, &mut end).await {
            return over.map(|()| true);
        }
        let by_itself = !self.send_signal(id, "SIGKILL").await?;
        within(&operation, patience.kill, end).await.map(|()| by_itself)
    }

    /// Waits until no process of the container runs; how it ended does not matter.
    async fn is_over(&self, id: &ContainerId, wait: super::transport::Lines) -> Result<()> {
        match self.exit_code(id, wait, self.line.losses()).await {
            Err(error) if matches!(error.kind, ErrorKind::NotFound) => Ok(()),
            // It ended while the engine was away, or the engine still is.
            Err(error) if matches!(error.kind, ErrorKind::Lost) => self.line.confirm().await,
            code => code.map(drop),
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
        let send = || self.api.kill_container(&id.0, Some(options.clone()));
        match self.line.ask(&operation, self.line.patience.kill, send).await {
            Ok(()) => Ok(true),
            Err(error) if matches!(error.kind, ErrorKind::NotFound | ErrorKind::Conflict) => Ok(false),
            // Some versions answer 500 for a container that ended meanwhile.
            Err(error) if error.message.contains("is not running") => Ok(false),
            Err(error) => Err(error),
        }
    }

    pub(super) async fn freeze(&self, id: &ContainerId) -> Result<()> {
        let operation = format!("pause container `{id}`");
        self.line.ask(&operation, self.line.patience.change, || self.api.pause_container(&id.0)).await
    }

    pub(super) async fn thaw(&self, id: &ContainerId) -> Result<()> {
        let operation = format!("unpause container `{id}`");
        let thaw = || self.api.unpause_container(&id.0);
        self.line.ask(&operation, self.line.patience.change, thaw).await.map_err(|error| {
            // The daemon has no code of its own for that.
            let conflicts = error.message.contains("is not paused");
            if conflicts { EngineError::new(ErrorKind::Conflict, operation.clone(), error.message) } else { error }
        })
    }

    /// Kills and removes.
    pub(super) async fn drop_container(&self, id: &ContainerId) -> Result<()> {
        let operation = format!("remove container `{id}`");
        let options = RemoveContainerOptionsBuilder::default().force(true).v(true).build();
        let remove = || async {
            let removed = self.api.remove_container(&id.0, Some(options.clone())).await;
            match removed.map_err(|error| super::error::Understood::understood(error, &operation)) {
                // Somebody else is removing it, maybe a call of ours whose answer was lost: it is gone when that is done.
                Err(error) if error.message.contains("already in progress") => self.await_removal(id).await,
                result => result,
            }
        };
        match self.line.ask(&operation, self.line.patience.change, remove).await {
            Err(error) if !matches!(error.kind, ErrorKind::NotFound) => Err(error),
            _ => {
                self.lives.forget(id);
                Ok(())
            }
        }
    }
}
