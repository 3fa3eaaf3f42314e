use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::mpsc;
use tokio::task::JoinSet;

use super::cancel::Cancel;
use super::doorway::{Doorway, Through};
use super::end::{Done, End};
use super::facts::Facts;
use super::failures::Failures;
use super::index::Index;
use super::ledger::Ledger;
use super::output::{Evidence, Logs};
use super::scheduler::Input;
use super::teller::Teller;
use super::turnstiles::{Passed, Turnstiles};
use super::{Identity, Options};
use crate::engine::{ContainerId, Engine, EngineInfo, ImageFacts};
use crate::event::{EngineTrouble, Event, Failure, StepOutcome, TestCase};
use crate::model::{Container, EnvValue, Hole, ImageUse, Name, Scope, Text};
use crate::plan::{Keep, Node, NodeId, Plan, Step, StepId};
use crate::probe::readiness;

/// All that the operations of one run share.
pub(super) struct Session {
    pub(super) plan: Arc<Plan>,
    pub(super) engine: Arc<dyn Engine>,
    pub(super) info: EngineInfo,
    pub(super) options: Options,
    pub(super) index: Index,
    pub(super) facts: Facts,
    pub(super) ledger: Ledger,
    pub(super) teller: Arc<Teller>,
    pub(super) logs: Logs,
    pub(super) evidence: Evidence,
    /// Tasks that watch services; they end with the run.
    pub(super) watchers: Mutex<JoinSet<()>>,
    /// Who may be at work with services that tests disturb.
    pub(super) turnstiles: Turnstiles,
    /// Who may begin or end a container.
    pub(super) doorway: Doorway,
    /// How many tests have failed so far, and whether that is as many as may.
    pub(super) failures: Failures,
    /// Where to tell what happens outside of any step: the death of a service.
    pub(super) inputs: mpsc::Sender<Input>,
}

/// One step that was begun.
#[derive(Clone)]
pub(super) struct Task {
    /// The run.
    pub(super) session: Arc<Session>,
    /// Which.
    pub(super) step: StepId,
    /// The word to break off.
    pub(super) cancel: Cancel,
    /// Values of holes that only a part of the step knows: what a test has captured.
    pub(super) known: Arc<HashMap<Hole, String>>,
}

impl std::ops::Deref for Task {
    type Target = Session;

    fn deref(&self) -> &Session {
        &self.session
    }
}

impl Task {
    /// The step itself.
    pub(super) fn step(&self) -> &Step {
        self.session.plan.step(self.step)
    }

    /// What it is about.
    pub(super) fn node(&self) -> &Node {
        self.session.plan.node(self.step().node)
    }

    /// The container of its node, which a step before it has made.
    pub(super) fn container(&self) -> Done<ContainerId> {
        self.session.facts.container(self.step().node).ok_or_else(|| lost("container", &self.node().name))
    }

    /// A text with its holes filled.
    pub(super) fn fill(&self, text: &Text) -> Done<String> {
        text.fill(self).map_err(|hole| {
            let message = format!("`{{{{{hole}}}}}` has no value yet");
            Failure::Engine { operation: format!("fill `{text}`"), message, trouble: EngineTrouble::Refused }.into()
        })
    }

    /// A text that may not be there, with its holes filled.
    pub(super) fn fill_any(&self, text: &Option<Text>) -> Done<Option<String>> {
        text.as_ref().map(|text| self.fill(text)).transpose()
    }

    /// Texts by key, with their holes filled.
    pub(super) fn fill_all<'a>(
        &self,
        texts: impl IntoIterator<Item = (&'a String, &'a Text)>,
    ) -> Done<Vec<(String, String)>> {
        texts.into_iter().map(|(key, text)| Ok((key.clone(), self.fill(text)?))).collect()
    }

    /// The value of a variable.
    pub(super) fn value_of(&self, value: &EnvValue) -> Done<String> {
        match value {
            EnvValue::Text(text) => self.fill(text),
            EnvValue::Secret(name) => {
                let secret = self.options.secrets.get(&name.value).cloned();
                secret.ok_or_else(|| lost("value of secret", name.value.as_str()))
            }
        }
    }

    /// Waits until one more container may begin; what is to break off waits no longer.
    pub(super) async fn to_begin(&self) -> Done<Through<'_>> {
        tokio::select! {
            biased;
            _ = self.cancel.requested() => Err(End::Cancelled),
            through = self.session.doorway.pass() => Ok(through),
        }
    }

    /// Something that the user should know about its node.
    pub(super) async fn warn(&self, message: String) {
        self.session.teller.tell(Event::Warning { node: Some(self.step().node), message }).await;
    }
}

impl Session {
    /// Waits for a place with services that tests disturb: beside others that look at them too, or alone with those that it disturbs.
    pub(super) async fn claim(&self, uses: &[NodeId], disturbs: &[NodeId], held: &[NodeId]) -> Passed {
        self.turnstiles.pass(uses, disturbs, held).await
    }

    /// A test has ended.
    pub(super) fn noticed(&self, case: &TestCase) {
        if case.status.is_failure() {
            self.failures.one_more();
        }
    }

    /// Whose run it is.
    pub(super) fn identity(&self) -> &Identity {
        &self.options.identity
    }

    /// Does something beside the steps, at most until the end of the run.
    pub(super) fn watch(&self, watcher: impl Future<Output = ()> + Send + 'static) {
        self.watchers.lock().unwrap_or_else(PoisonError::into_inner).spawn(watcher);
    }

    /// Ends all watchers.
    pub(super) fn stop_watching(&self) {
        self.watchers.lock().unwrap_or_else(PoisonError::into_inner).abort_all();
    }

    /// A path of the pipeline on this machine.
    pub(super) fn path(&self, relative: &Path) -> PathBuf {
        // Component by component, so that `./app` and `.` leave no trace in what people read.
        let mut path = self.options.root.clone();
        for component in relative.components() {
            match component {
                std::path::Component::CurDir => {}
                std::path::Component::ParentDir if path.parent().is_some() => {
                    path.pop();
                }
                other => path.push(other),
            }
        }
        path
    }

    /// The image that a container runs, which a step before has provided.
    pub(super) fn image_of(&self, container: &Container) -> Done<ImageFacts> {
        let platform = container.platform.as_ref().map(|platform| platform.value.as_str());
        self.image(&container.image.value, platform)
    }

    /// An image that a step before has provided, for a platform where it is told apart by that.
    pub(super) fn image(&self, image: &ImageUse, platform: Option<&str>) -> Done<ImageFacts> {
        let facts = self.index.image(image, platform).and_then(|node| self.facts.image(node));
        facts.ok_or_else(|| lost("image", &image.to_string()))
    }

    /// Where a port of a service is reached from here, as the user would: where it is published, else at its own address.
    pub(super) fn reach(&self, service: &Name, port: u16) -> Option<SocketAddr> {
        let (node, _) = self.index.service(service)?;
        let state = self.facts.service(node)?.state;
        let mut published = state.ports.iter().filter(|published| published.container == port);
        published
            .find_map(|published| self.info.reached(published))
            .or_else(|| readiness::endpoint(&self.info, &state, port).map(|endpoint| endpoint.address))
    }

    /// Whether what a node made stays on purpose: it was made, and its removal came up and was not needed. A removal that found
    /// nothing to remove is not needed either; what turns up later of a create that failed does not stay.
    pub(super) fn stays(&self, outcomes: &[StepOutcome], node: NodeId) -> bool {
        if self.plan.keep == Keep::Nothing {
            return false;
        }
        let made = self.plan.steps.iter().filter(|step| step.node == node).find(|step| step.undo.is_some());
        made.is_some_and(|made| {
            let removal = made.undo.map(|removal| &outcomes[removal.index()]);
            outcomes[made.id.index()].succeeded() && matches!(removal, Some(StepOutcome::NotNeeded))
        })
    }

    /// The port of a service that is meant where none is named: the first one published, else the first that somebody goes to.
    fn main_port(&self, service: &Name) -> Option<u16> {
        let (_, declared) = self.index.service(service)?;
        declared.ports.first().map(|port| port.container.value).or_else(|| self.index.reached(service).next())
    }
}

/// The values of holes: its own, and those that the run knows.
impl Scope for Task {
    fn value(&self, hole: &Hole) -> Option<String> {
        self.known.get(hole).cloned().or_else(|| self.session.value(hole))
    }
}

/// The values of holes, as far as the run knows them.
impl Scope for Session {
    fn value(&self, hole: &Hole) -> Option<String> {
        match hole {
            Hole::Param(name) => self.plan.values.get(name.as_str()).map(str::to_owned),
            Hole::PipelineName => Some(self.identity().pipeline.to_string()),
            Hole::RunId => Some(self.identity().run.clone()),
            Hole::ImageDigest(name) => self.image(&ImageUse::Declared(name.clone()), None).ok().map(|facts| facts.id.0),
            Hole::Url(service) => {
                let address = self.reach(service, self.main_port(service)?)?;
                Some(format!("http://{address}"))
            }
            Hole::Host(service) => Some(self.reach(service, self.main_port(service)?)?.ip().to_string()),
            Hole::Port(service, port) => Some(self.reach(service, *port)?.port().to_string()),
            Hole::InternalUrl(service) => Some(format!("http://{service}:{}", self.main_port(service)?)),
            Hole::Capture(_) | Hole::Row(_) => None,
        }
    }
}

/// Something that a step before was to have made is not there: the plan's order rules that out, so it is told and not assumed.
pub(super) fn lost(what: &str, name: &str) -> super::end::End {
    let message = format!("the {what} of `{name}` is not there");
    Failure::Engine { operation: format!("use the {what} of `{name}`"), message, trouble: EngineTrouble::Refused }
        .into()
}
