use futures_util::future::BoxFuture;
use regex::{Regex, RegexBuilder};
use tokio::sync::watch;
use tokio::time::Instant;

use super::ending::cannot_start;
use crate::engine::{ContainerId, Exit, Result};
use crate::event::{EngineTrouble, Event, Failure, Mishap};
use crate::model::{HealthTest, Healthcheck, Service};
use crate::plan::NodeId;
use crate::run::end::{Done, End, engine_failure};
use crate::run::facts::{Ended, Up};
use crate::run::output::{LineWatch, Pump};
use crate::run::scheduler::Input;
use crate::run::session::{Session, Task};

/// The most memory that an expression may compile to, in bytes; as `pipe check` has it.
const LARGEST_REGEX: usize = 1 << 20;

/// Starts a service's container; done when its process is up. From then on its output is told and its end is watched.
pub(super) async fn start(task: &Task, service: &Service) -> Done {
    bring_up(task, service, 0).await
}

/// Starts a service anew that has ended and was to; how often it was started again by its own policy is still counted.
pub(super) async fn start_again(task: &Task, service: &Service, before: &Up) -> Done {
    bring_up(task, service, before.starts).await
}

async fn bring_up(task: &Task, service: &Service, starts: u32) -> Done {
    let container = task.container()?;
    let process = launch(task, service, &container).await?;
    let (ended, watched) = watch::channel(None);
    let (again, restarted) = watch::channel(starts);
    let (line, since) = (process.line.clone(), Instant::now());
    // Whatever becomes of the rest of this step, the end of the process is known from here on.
    let announce = Announce { ended, again, since, before: starts };
    task.watch(watch_end(task.clone(), service.clone(), process, announce));
    let state = task.engine.inspect(&container).await?;
    let up = Up { since, state, line, starts, restarted, ended: watched };
    tell_ports(task, service, &up).await;
    task.facts.service_is_up(task.step().node, up);
    Ok(())
}

/// A service's process that has begun.
struct Process {
    exit: BoxFuture<'static, Result<Exit>>,
    pump: Pump,
    line: Option<FirstLine>,
}

/// The first line of the output that the healthcheck looks out for.
type FirstLine = watch::Receiver<Option<String>>;

async fn launch(task: &Task, service: &Service, container: &ContainerId) -> Done<Process> {
    let ((output, pump), line) = match wanted_line(task, service)? {
        Some(pattern) => {
            let (watch, line) = LineWatch::new(pattern);
            (Pump::watched(task, watch), Some(line))
        }
        None => (Pump::new(task), None),
    };
    let through = task.to_begin().await?;
    let running = task.engine.start(container, output).await.map_err(|error| match cannot_start(error) {
        Failure::PortTaken { port, .. } => {
            let asked = service.ports.iter().filter_map(|asked| asked.host.as_ref());
            let span = asked.filter(|host| host.value == port).map(|host| host.span).next();
            Failure::PortTaken { port, span, holder: None }
        }
        failure => failure,
    })?;
    drop(through);
    Ok(Process { exit: running.exit, pump, line })
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
            let Some(url) = task.info.url(published) else { continue };
            task.teller.tell(Event::Published { node: task.step().node, port: published.container, url }).await;
        }
    }
}

/// Where it is told what becomes of a service's process.
struct Announce {
    ended: watch::Sender<Option<Ended>>,
    again: watch::Sender<u32>,
    since: Instant,
    /// How often it had been started again before.
    before: u32,
}

/// Waits for the end of a service's process, starts it again where its author wants that, and lets everybody know of its last end:
/// those that wait for it, and the scheduler, which knows whether anybody needed it.
async fn watch_end(task: Task, service: Service, mut process: Process, announce: Announce) {
    let node = task.step().node;
    let mut starts = 0;
    let end = loop {
        let end = process.exit.await;
        remember(&task, &service, &end, starts + 1);
        process.pump.drained().await;
        match begin_again(&task, &service, &end, starts + 1).await {
            Some(next) => process = next,
            None => break end,
        }
        starts += 1;
        if is_up_again(&task, process.line.clone(), &announce, announce.before + starts).await.is_err() {
            // It has ended already, or the engine is gone: its exit tells.
            continue;
        }
    };
    let end: Ended = end.map_err(|error| Box::new(engine_failure(error)));
    let failure = match &end {
        Ok(exit) => Box::new(exited(&task.session, node, *exit, true)),
        Err(failure) => failure.clone(),
    };
    // The scheduler hears of it first, so that no step that waits for the end, or fails for it, comes before its cause.
    // A test that ends a service means to; and the run may be over.
    if !task.facts.is_disturbed(node) {
        let _ = task.inputs.send(Input::ServiceDied { node, failure }).await;
    }
    announce.ended.send_replace(Some(end));
}

/// Notes how a process has ended, so that a test which fails for it can tell.
fn remember(task: &Task, service: &Service, end: &Result<Exit>, n: u32) {
    let (node, Ok(Exit { code, oom_killed })) = (task.step().node, end) else { return };
    // One that nobody needs any more is no cause of anything.
    if task.facts.is_retired(node) {
        return;
    }
    let (code, oom_killed) = (*code, *oom_killed);
    let begins_again = service.restart.and_then(|restart| restart.pause(n, code)).is_some();
    let mishap = match begins_again && !task.facts.is_down(node) {
        true => Mishap::StartedAgain { code, oom_killed },
        false => Mishap::Ended { code, oom_killed },
    };
    task.facts.has_ended(node, mishap);
}

/// Starts a service that has ended for the `n`-th time again, where its author wants that and nobody wants it to end.
async fn begin_again(task: &Task, service: &Service, end: &Result<Exit>, n: u32) -> Option<Process> {
    let (Some(restart), Ok(exit)) = (service.restart, end) else { return None };
    let node = task.step().node;
    let pause = restart.pause(n, exit.code).filter(|_| !task.facts.is_down(node))?;
    let name = &task.node().name;
    task.warn(format!("`{name}` ended with exit code {}, and is started again ({n} of {})", exit.code, restart.max))
        .await;
    tokio::time::sleep(pause).await;
    if task.facts.is_down(node) {
        return None;
    }
    let container = task.container().ok()?;
    launch(task, service, &container).await.ok()
}

/// Lets those that wait for the service know where it is now.
async fn is_up_again(task: &Task, line: Option<FirstLine>, announce: &Announce, starts: u32) -> Done {
    let state = task.engine.inspect(&task.container()?).await?;
    let up = Up {
        since: announce.since,
        state,
        line,
        starts,
        restarted: announce.again.subscribe(),
        ended: announce.ended.subscribe(),
    };
    task.facts.service_is_up(task.step().node, up);
    announce.again.send_replace(starts);
    Ok(())
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
    Failure::Engine { operation: format!("reach `{name}`"), message, trouble: EngineTrouble::Refused }.into()
}
