use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::future::{BoxFuture, join_all};
use tokio::sync::{oneshot, watch};
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::fresh::{self, Trouble};
use super::resting;
use super::unwell;
use crate::engine::{ContainerStatus, Engine, EngineError, ImageId, NetworkId, Stream};
use crate::event::{Failure, Mishap, ServiceLog};
use crate::model::{FilePlace, Hole, ImageUse, Name, RunLook};
use crate::plan::NodeId;
use crate::probe::{Endpoint, Fresh, Incident, Lines, Marks, Resting, Site, Standing, Unseen, Written, readiness};
use crate::run::end::{End, engine_failure};
use crate::run::facts::Mischance;
use crate::run::session::Task;

/// How long the news of a process's end may take that the engine knows of, and how often it is looked for.
const NEWS: Duration = Duration::from_secs(2);
const AGAIN: Duration = Duration::from_millis(20);
/// The same for an end that the engine itself may not know of yet: on a busy machine it hears late.
const LATE_NEWS: Duration = Duration::from_secs(6);

/// The services of the run, for the probes of a suite.
pub(super) struct Ground<'a> {
    task: &'a Task,
    broken: watch::Sender<Option<Box<Failure>>>,
    /// Containers that are made for a probe alone.
    fresh: Mutex<JoinSet<()>>,
    numbers: AtomicUsize,
    /// Nothing came of a wait for news.
    gave_up: AtomicBool,
}

impl<'a> Ground<'a> {
    pub(super) fn of(task: &'a Task) -> Self {
        let fresh = Mutex::new(JoinSet::new());
        Ground {
            task,
            broken: watch::Sender::new(None),
            fresh,
            numbers: AtomicUsize::new(1),
            gave_up: AtomicBool::new(false),
        }
    }

    /// Waits until all that was made for probes is gone again.
    pub(super) async fn settle(&self) {
        let mut fresh = std::mem::take(&mut *self.fresh.lock().unwrap_or_else(PoisonError::into_inner));
        while fresh.join_next().await.is_some() {}
    }

    /// Does something whose future must not be dropped.
    fn begin(&self, work: impl Future<Output = ()> + Send + 'static) {
        self.fresh.lock().unwrap_or_else(PoisonError::into_inner).spawn(work);
    }

    /// What came of it. Where the engine is to blame or the run is to end, nothing does any more.
    async fn told<T>(&self, told: oneshot::Receiver<Result<T, Trouble>>, wanted: &str) -> Result<T, Unseen> {
        match told.await {
            Ok(Ok(found)) => return Ok(found),
            Ok(Err(Trouble::Test(unseen))) => return Err(unseen),
            Ok(Err(Trouble::Run(End::Failed(failure)))) => self.breaks(failure),
            // The run is to end.
            Ok(Err(Trouble::Run(_))) => {}
            // The work has panicked, which the books are told of.
            Err(_) => {
                self.task.ledger.doubt();
                return Err(Unseen::nothing(wanted, "pipe itself failed here; please report this"));
            }
        }
        std::future::pending().await
    }

    fn breaks(&self, failure: Box<Failure>) {
        self.broken.send_if_modified(|broken| broken.is_none().then(|| *broken = Some(failure)).is_some());
    }

    /// Waits until it is known here where a service's process has ended, as the engine knows already.
    async fn heard(&self, node: NodeId) {
        let (Some(up), Some(container)) = (self.task.facts.service(node), self.task.facts.container(node)) else {
            return;
        };
        if up.ended.borrow().is_some() {
            return;
        }
        let known = self.task.facts.incidents().len();
        let state = self.task.engine.inspect(&container).await;
        if !state.is_ok_and(|state| matches!(state.status, ContainerStatus::Exited | ContainerStatus::Dead)) {
            return;
        }
        let news = until(|| self.task.facts.incidents().len() > known);
        // Whoever fails shall not wait for long to be told.
        let _ = tokio::time::timeout(NEWS, news).await;
    }

    /// Waits for the end of a service that something got no answer for: connections break before the engine itself knows why. Once that
    /// was in vain, nobody is kept waiting again.
    async fn await_news(&self, since: Instant) {
        let is_known =
            || lost(self.task).is_some() || self.task.facts.incidents().iter().any(|incident| incident.at >= since);
        let news = until(is_known);
        if !self.gave_up.load(Ordering::Relaxed) && tokio::time::timeout(LATE_NEWS, news).await.is_err() {
            self.gave_up.store(true, Ordering::Relaxed);
        }
    }

    /// Waits until a probe has found the engine to blame.
    pub(super) async fn broken(&self) -> Failure {
        let mut broken = self.broken.subscribe();
        let failure = broken.wait_for(Option::is_some).await.map(|failure| failure.clone());
        match failure {
            Ok(Some(failure)) => *failure,
            // The sender is our own.
            Ok(None) | Err(_) => std::future::pending().await,
        }
    }
}

/// Waits until something is known.
async fn until(is_known: impl Fn() -> bool) {
    while !is_known() {
        tokio::time::sleep(AGAIN).await;
    }
}

/// Why nothing more can be tested: a service that the step needs has ended for good, and no test meant that.
pub(super) fn lost(task: &Task) -> Option<String> {
    let incidents = task.facts.incidents();
    let gone = |node: &NodeId| {
        let (up, last) = (task.facts.service(*node)?, incidents.iter().rev().find(|last| last.node == *node)?);
        match last.mishap {
            Mishap::Ended { code, oom_killed } if last.at > up.since && !task.facts.is_disturbed(*node) => {
                Some((task.plan.node(*node).name.clone(), code, oom_killed))
            }
            _ => None,
        }
    };
    let (name, code, oom_killed) = task.step().uses.iter().find_map(gone)?;
    let how = if oom_killed { ", killed for want of memory" } else { "" };
    Some(format!("`{name}` has ended with exit code {code}{how}"))
}

impl Site for Ground<'_> {
    fn engine(&self) -> &dyn Engine {
        &*self.task.engine
    }

    fn service(&self, name: &Name) -> Option<Standing> {
        let (node, _) = self.task.index.service(name)?;
        Some(Standing {
            container: self.task.facts.container(node)?,
            name: self.task.identity().object_name(self.task.plan.node(node), false),
            restarts: self.task.facts.service(node).map_or(0, |up| up.starts),
            started_in: self.task.facts.ready_after(node),
        })
    }

    fn endpoint(&self, name: &Name, port: u16) -> Option<Endpoint> {
        let (node, _) = self.task.index.service(name)?;
        readiness::endpoint(&self.task.info, &self.task.facts.service(node)?.state, port)
    }

    fn health<'a>(&'a self, name: &'a Name) -> BoxFuture<'a, Option<bool>> {
        Box::pin(async {
            let (node, _) = self.task.index.service(name)?;
            unwell::look(self.task, node).await.map(|attempt| attempt.passed)
        })
    }

    fn network(&self) -> Option<NetworkId> {
        self.task.facts.network(self.task.index.run_network()?)
    }

    fn services(&self) -> Vec<Name> {
        let mut services: Vec<Name> = self.task.index.services().map(|(name, _)| name.clone()).collect();
        services.sort();
        services
    }

    fn environment(&self, name: &Name) -> Vec<(String, String)> {
        let Some((_, service)) = self.task.index.service(name) else { return Vec::new() };
        let image = self.task.image_of(&service.container).ok();
        let mut environment: Vec<(String, String)> = image.map(|facts| facts.config.env).unwrap_or_default();
        for (key, value) in &service.container.env {
            environment.extend(self.task.value_of(value).ok().map(|value| (key.clone(), value)));
        }
        environment
    }

    fn image_name(&self, name: &Name) -> String {
        let service = self.task.index.service(name);
        service.map(|(_, service)| service.container.image.value.to_string()).unwrap_or_default()
    }

    fn image(&self, image: &ImageUse) -> Option<ImageId> {
        self.task.image(image, None).ok().map(|facts| facts.id)
    }

    fn secret(&self, name: &Name) -> Option<String> {
        self.task.options.secrets.get(name).cloned()
    }

    fn written(&self) -> Written {
        let mut written = Written::default();
        for (name, node) in self.task.index.services() {
            let (stdout, stderr) = self.task.facts.tail(node).written();
            written.set(name.clone(), Lines { stdout, stderr });
        }
        written
    }

    fn marks(&self) -> Marks {
        let mut marks = Marks::default();
        for (name, node) in self.task.index.services() {
            marks.set(name.clone(), self.task.facts.tail(node).mark());
        }
        marks
    }

    fn since(&self, marks: &Marks) -> Vec<ServiceLog> {
        let mut nodes: Vec<(&Name, NodeId)> = self.task.index.services().collect();
        nodes.sort();
        let log = |(name, node): (&Name, NodeId)| {
            let tail = self.task.facts.tail(node);
            let (before, lines) = tail.since(marks.of(name));
            let logs = self.task.logs.of_node(self.task.plan.node(node));
            let (stdout, stderr) = tail.written();
            let streams = [(stdout, Stream::Stdout), (stderr, Stream::Stderr)];
            let files = streams.into_iter().filter(|(ends, _)| *ends > 0).filter_map(|(_, stream)| logs.path(stream));
            ServiceLog { service: name.to_string(), before, lines, files: files.collect() }
        };
        nodes.into_iter().map(log).collect()
    }

    fn incidents(&self, unanswered: Option<Instant>) -> BoxFuture<'_, Vec<Incident>> {
        Box::pin(async move {
            let settling = self.task.index.services().map(|(_, node)| self.heard(node));
            join_all(settling).await;
            if let Some(since) = unanswered {
                self.await_news(since).await;
            }
            let named = |node: NodeId| self.task.index.services().find(|(_, own)| *own == node).map(|(name, _)| name);
            let ends = self.task.facts.incidents().into_iter();
            ends.filter_map(|Mischance { node, at, mishap }| {
                let is_over = self.task.facts.service(node).is_some_and(|up| up.ended.borrow().is_none());
                Some(Incident { service: named(node)?.clone(), at, mishap, is_over })
            })
            .collect()
        })
    }

    fn lost(&self) -> Option<String> {
        lost(self.task)
    }

    fn keep(&self, name: &str, text: &str) -> Option<PathBuf> {
        self.task.evidence.keep(name, text)
    }

    fn run<'a>(&'a self, look: &'a RunLook, known: HashMap<Hole, String>) -> BoxFuture<'a, Result<Fresh, Unseen>> {
        Box::pin(async move {
            let (answer, told) = oneshot::channel();
            let task = Task { known: Arc::new(known), ..self.task.clone() };
            let number = self.numbers.fetch_add(1, Ordering::Relaxed);
            self.begin(fresh::run(task, look.clone(), number, answer));
            self.told(told, "a command that is run").await
        })
    }

    fn at_rest<'a>(&'a self, place: &'a FilePlace) -> BoxFuture<'a, Result<Resting, Unseen>> {
        Box::pin(async move {
            let (answer, told) = oneshot::channel();
            let number = self.numbers.fetch_add(1, Ordering::Relaxed);
            self.begin(resting::rest(self.task.clone(), place.clone(), number, answer));
            self.told(told, "a container to look into").await
        })
    }

    fn hide(&self, value: &str) {
        self.task.teller.hide(value);
    }

    fn engine_failed(&self, error: EngineError) {
        self.breaks(Box::new(engine_failure(error)));
    }
}
