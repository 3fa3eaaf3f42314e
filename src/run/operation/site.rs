use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::future::BoxFuture;
use tokio::sync::{oneshot, watch};
use tokio::task::JoinSet;

use super::fresh::{self, Trouble};
use super::resting;
use super::unwell;
use crate::engine::{Engine, EngineError, ImageId, NetworkId};
use crate::event::Failure;
use crate::model::{FilePlace, Hole, ImageUse, Name, RunLook};
use crate::probe::{Endpoint, Fresh, Lines, Resting, Site, Standing, Unseen, Written, readiness};
use crate::run::end::{End, engine_failure};
use crate::run::session::Task;

/// The services of the run, for the probes of a suite.
pub(super) struct Ground<'a> {
    task: &'a Task,
    broken: watch::Sender<Option<Box<Failure>>>,
    /// Containers that are made for a probe alone.
    fresh: Mutex<JoinSet<()>>,
    numbers: AtomicUsize,
}

impl<'a> Ground<'a> {
    pub(super) fn of(task: &'a Task) -> Self {
        let fresh = Mutex::new(JoinSet::new());
        Ground { task, broken: watch::Sender::new(None), fresh, numbers: AtomicUsize::new(1) }
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
