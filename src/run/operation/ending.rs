use std::time::Duration;

use crate::engine::{ContainerId, ErrorKind, Exit};
use crate::event::{Event, Failure};
use crate::model::Stop;
use crate::run::end::{Done, End, engine_failure};
use crate::run::output::Pump;
use crate::run::scheduler::CancelHow;
use crate::run::session::Task;

/// How long a process may take to go once it has been killed, before the engine is held to be broken.
const LAST_BREATH: Duration = Duration::from_secs(20);
/// The same where the whole run is to end, and somebody waits for that.
const SHORT_BREATH: Duration = Duration::from_secs(1);

/// Brings a running container to its end: as its author asks, else at once; and at once as soon as that is wanted.
pub(super) async fn bring_to_end(task: &Task, container: &ContainerId, stop: &Stop, how: CancelHow) -> Done {
    if stop.is_asked() && how == CancelHow::Gracefully {
        let signal = stop.signal.as_ref().map(|signal| signal.value.as_str());
        tokio::select! {
            stopped = task.engine.stop(container, signal, stop.grace_or_default()) => {
                if !stopped? {
                    tell_ignored(task, stop).await;
                }
                return Ok(());
            }
            () = task.cancel.killed() => {}
        }
    }
    match task.engine.kill(container, "SIGKILL").await {
        // It has ended by itself, or is gone.
        Err(error) if matches!(error.kind, ErrorKind::Conflict | ErrorKind::NotFound) => Ok(()),
        killed => Ok(killed?),
    }
}

/// Waits until a process that was brought to its end has ended, and all that it wrote was told.
pub(super) async fn last_breath(task: &Task, exit: impl Future<Output = crate::engine::Result<Exit>>, pump: Pump) {
    let patience = if task.cancel.is_requested() { SHORT_BREATH } else { LAST_BREATH };
    let breath = async {
        // Whether and how it ended is of no interest any more; the container is removed by force.
        let _ = exit.await;
        pump.drained().await;
    };
    let _ = tokio::time::timeout(patience, breath).await;
}

/// Waits until a service's process has ended, with any code.
pub(super) async fn await_exit(task: &Task) -> Done {
    let up = task.facts.service(task.step().node).ok_or(End::Cancelled)?;
    tokio::select! {
        ended = up.ended() => match ended {
            Ok(_) => Ok(()),
            Err(failure) => Err(End::Failed(failure)),
        },
        _ = task.cancel.requested() => Err(End::Cancelled),
    }
}

/// What keeps a container's process from beginning.
pub(super) fn cannot_start(error: crate::engine::EngineError) -> Failure {
    match error.kind {
        ErrorKind::CannotStart => Failure::CannotStart { message: error.message },
        ErrorKind::PortTaken(port) => Failure::PortTaken { port, span: None, holder: None },
        _ => engine_failure(error),
    }
}

async fn tell_ignored(task: &Task, stop: &Stop) {
    let signal = stop.signal.as_ref().map_or("SIGTERM", |signal| signal.value.as_str()).to_owned();
    let span = stop.asked_at().unwrap_or(task.node().origin);
    task.teller
        .tell(Event::SignalIgnored { node: task.step().node, signal, grace: stop.grace_or_default(), span })
        .await;
}
