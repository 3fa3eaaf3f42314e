use futures_util::future::BoxFuture;
use tokio::sync::watch;

use super::unwell;
use crate::engine::{Engine, EngineError, ImageId, NetworkId};
use crate::event::Failure;
use crate::model::{ImageUse, Name, RunLook, Scope};
use crate::probe::{Endpoint, Fresh, Lines, Site, Standing, Unseen, Written, readiness};
use crate::run::end::engine_failure;
use crate::run::session::Task;

/// The services of the run, for the probes of a suite.
pub(super) struct Ground<'a> {
    task: &'a Task,
    broken: watch::Sender<Option<EngineError>>,
}

impl<'a> Ground<'a> {
    pub(super) fn of(task: &'a Task) -> Self {
        Ground { task, broken: watch::Sender::new(None) }
    }

    /// Waits until a probe has found the engine to blame.
    pub(super) async fn broken(&self) -> Failure {
        let mut broken = self.broken.subscribe();
        match broken.wait_for(Option::is_some).await.map(|error| error.clone()) {
            Ok(Some(error)) => engine_failure(error),
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

    fn run<'a>(&'a self, _: &'a RunLook, _: &'a (dyn Scope + Sync)) -> BoxFuture<'a, Result<Fresh, Unseen>> {
        Box::pin(std::future::ready(Err(Unseen::nothing("a container of its own", "this version makes none"))))
    }

    fn hide(&self, _: &str) {}

    fn engine_failed(&self, error: EngineError) {
        self.broken.send_if_modified(|broken| broken.is_none().then(|| *broken = Some(error)).is_some());
    }
}
