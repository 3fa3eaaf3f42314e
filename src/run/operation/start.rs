use std::sync::Arc;

use futures_util::future::BoxFuture;
use regex::{Regex, RegexBuilder};
use tokio::sync::watch;
use tokio::time::Instant;

use super::ending::cannot_start;
use crate::engine::{Exit, Result};
use crate::event::{Event, Failure};
use crate::model::{HealthTest, Healthcheck, Service};
use crate::plan::NodeId;
use crate::run::end::{Done, End, engine_failure};
use crate::run::facts::{Ended, Up};
use crate::run::output::{LineWatch, Pump};
use crate::run::scheduler::Input;
use crate::run::session::{Session, Task, address};

/// The most memory that an expression may compile to, in bytes; as `pipe check` has it.
const LARGEST_REGEX: usize = 1 << 20;

/// Starts a service's container; done when its process is up. From then on its output is told and its end is watched.
pub(super) async fn start(task: &Task, service: &Service) -> Done {
    let (node, container) = (task.step().node, task.container()?);
    let (teller, tail) = (task.teller.clone(), task.facts.tail(node));
    let ((output, pump), line) = match wanted_line(task, service)? {
        Some(pattern) => {
            let (watch, line) = LineWatch::new(pattern);
            (Pump::watched(teller, node, tail, watch), Some(line))
        }
        None => (Pump::new(teller, node, tail), None),
    };
    let running = task.engine.start(&container, output).await.map_err(|error| match cannot_start(error) {
        Failure::PortTaken { port, .. } => {
            let asked = service.ports.iter().filter_map(|asked| asked.host.as_ref());
            let span = asked.filter(|host| host.value == port).map(|host| host.span).next();
            Failure::PortTaken { port, span, holder: None }
        }
        failure => failure,
    })?;
    let since = Instant::now();
    let (ended, watched) = watch::channel(None);
    task.watch(watch_end(task.session.clone(), node, running.exit, pump, ended));
    let state = task.engine.inspect(&container).await?;
    let up = Up { since, state, line, ended: watched };
    task.facts.service_is_up(node, up.clone());
    tell_ports(task, service, &up).await;
    Ok(())
}

/// What a line of the output must match for the service to be ready, where its healthcheck looks at the output.
fn wanted_line(task: &Task, service: &Service) -> Done<Option<Regex>> {
    let Some(Healthcheck { test: HealthTest::Log { pattern }, .. }) = &service.healthcheck else { return Ok(None) };
    let filled = task.fill(pattern)?;
    // `pipe check` has looked at it, except where a value from outside is in it.
    let regex = RegexBuilder::new(&filled).size_limit(LARGEST_REGEX).build();
    let refused = |error| Failure::CannotStart { message: format!("`{filled}` is no regular expression: {error}") };
    Ok(Some(regex.map_err(refused)?))
}

/// A port that the author asks for is there for him to use as soon as the process is up.
async fn tell_ports(task: &Task, service: &Service, up: &Up) {
    for published in &up.state.ports {
        if service.ports.iter().any(|port| port.container.value == published.container) {
            let url = format!("http://{}", address(published));
            task.teller.tell(Event::Published { node: task.step().node, port: published.container, url }).await;
        }
    }
}

/// Waits for the end of a service's process and lets everybody know: those that wait for it, and the scheduler, which knows
/// whether anybody needed it.
async fn watch_end(
    session: Arc<Session>,
    node: NodeId,
    exit: BoxFuture<'static, Result<Exit>>,
    pump: Pump,
    ended: watch::Sender<Option<Ended>>,
) {
    let end: Ended = exit.await.map_err(|error| Box::new(engine_failure(error)));
    pump.drained().await;
    let failure = match &end {
        Ok(exit) => Box::new(exited(&session, node, *exit, true)),
        Err(failure) => failure.clone(),
    };
    // The scheduler hears of it first, so that no step that waits for the end, or fails for it, comes before its cause.
    // The run may be over.
    let _ = session.inputs.send(Input::ServiceDied { node, failure }).await;
    ended.send_replace(Some(end));
}

/// A service's end as a failure, with what it wrote last.
pub(super) fn exited(session: &Session, node: NodeId, exit: Exit, was_ready: bool) -> Failure {
    Failure::ServiceExited {
        code: exit.code,
        oom_killed: exit.oom_killed,
        was_ready,
        log: session.facts.tail(node).lines(),
        attempts: Vec::new(),
    }
}

/// A service that a step needs is not up.
pub(super) fn not_up(name: &str) -> End {
    let message = format!("`{name}` is not up");
    Failure::Engine { operation: format!("reach `{name}`"), message, unreachable: false }.into()
}
