use std::time::Duration;

use futures_util::future::BoxFuture;
use tokio::time::{Instant, timeout};

use super::{ready, start};
use crate::engine::{ContainerId, ContainerStatus, EngineError};
use crate::event::Failure;
use crate::model::{Action, ActionKind, HealthTest, Name, Service};
use crate::plan::{NodeId, Operation};
use crate::probe::{Acted, Actor, Claim, Unable};
use crate::run::end::End;
use crate::run::facts::Up;
use crate::run::session::Task;

/// How long the news of a process's end may take, once the engine says that it has ended.
const NEWS: Duration = Duration::from_secs(20);
/// How long a service that its own restart policy starts again may take to be up.
const AGAIN: Duration = Duration::from_secs(120);

/// Does to services what the tests of a suite ask for.
pub(super) struct Hands<'a> {
    task: &'a Task,
}

impl<'a> Hands<'a> {
    pub(super) fn of(task: &'a Task) -> Self {
        Hands { task }
    }

    fn patient(&self, name: &Name) -> Result<Patient, Unable> {
        let because = || Unable::Because(format!("`{name}` is no service of this run"));
        let (node, service) = self.task.index.service(name).ok_or_else(because)?;
        let container = self.task.facts.container(node).ok_or_else(because)?;
        let up = self.task.facts.service(node).ok_or_else(because)?;
        let at = |starts: bool| {
            let fits = |operation: &Operation| match operation {
                Operation::StartService(_) => starts,
                Operation::AwaitReady { .. } => !starts,
                _ => false,
            };
            let step = self.task.plan.steps.iter().find(|step| step.node == node && fits(&step.operation))?;
            Some(Task { step: step.id, ..self.task.clone() })
        };
        let task = at(true).ok_or_else(because)?;
        Ok(Patient { node, service: service.as_ref().clone(), container, up, awaiting: at(false), task })
    }

    async fn do_it(&self, action: &Action) -> Result<Acted, Unable> {
        let patient = self.patient(&action.service.value)?;
        let engine = &self.task.engine;
        self.task.facts.disturb(patient.node);
        match &action.kind {
            ActionKind::Stop(grace) => return patient.stop(*grace).await,
            ActionKind::Start => patient.start().await?,
            ActionKind::Kill(signal) => engine.kill(&patient.container, signal).await.map_err(unable)?,
            ActionKind::Pause => engine.pause(&patient.container).await.map_err(unable)?,
            ActionKind::Unpause => engine.unpause(&patient.container).await.map_err(unable)?,
            ActionKind::Restart(grace) => {
                patient.stop(*grace).await?;
                self.patient(&action.service.value)?.start().await?;
            }
            ActionKind::Disconnect(network) => patient.leave(network.as_ref().map(|network| &network.value)).await?,
            ActionKind::Connect(network) => patient.join(network.as_ref().map(|network| &network.value)).await?,
        }
        Ok(Acted::Done)
    }

    async fn make_good(&self, name: &Name) -> Result<(), Unable> {
        let patient = self.patient(name)?;
        if !self.task.facts.is_disturbed(patient.node) {
            return Ok(());
        }
        let engine = &self.task.engine;
        if engine.inspect(&patient.container).await.map_err(unable)?.status == ContainerStatus::Paused {
            engine.unpause(&patient.container).await.map_err(unable)?;
        }
        for network in patient.task.facts.left(patient.node) {
            engine.join_network(&patient.container, &network.0, &network.1).await.map_err(unable)?;
            patient.task.facts.is_back(patient.node, &network.0);
        }
        patient.start().await?;
        self.task.facts.undisturb(patient.node);
        // It may have ended while that was still told to nobody.
        match self.task.facts.service(patient.node).and_then(|up| up.ended.borrow().clone()) {
            Some(_) => Err(Unable::Because("it ended as soon as it was up again".to_owned())),
            None => Ok(()),
        }
    }
}

impl Actor for Hands<'_> {
    fn claim<'b>(&'b self, disturbs: &'b [Name], held: &'b [Name]) -> BoxFuture<'b, Claim> {
        let node = |name: &Name| self.task.index.service(name).map(|(node, _)| node);
        let disturbs: Vec<NodeId> = disturbs.iter().filter_map(node).collect();
        let held: Vec<NodeId> = held.iter().filter_map(node).collect();
        Box::pin(async move {
            let claim: Claim = Box::new(self.task.session.claim(&self.task.step().uses, &disturbs, &held).await);
            claim
        })
    }

    fn act<'b>(&'b self, action: &'b Action) -> BoxFuture<'b, Result<Acted, Unable>> {
        Box::pin(self.do_it(action))
    }

    fn restore<'b>(&'b self, service: &'b Name) -> BoxFuture<'b, Result<(), Unable>> {
        Box::pin(self.make_good(service))
    }
}

/// A service that something is done to.
struct Patient {
    node: NodeId,
    service: Service,
    container: ContainerId,
    up: Up,
    /// As the step that starts it.
    task: Task,
    /// As the step that awaits its readiness, where there is one.
    awaiting: Option<Task>,
}

impl Patient {
    /// Stops it, as a run would at its end; nothing starts it again but a step that says so.
    async fn stop(&self, grace: Option<Duration>) -> Result<Acted, Unable> {
        let task = &self.task;
        task.facts.hold_down(self.node, true);
        let stop = &self.service.container.stop;
        let signal = stop.signal.as_ref().map(|signal| signal.value.as_str());
        let began = Instant::now();
        let grace = grace.unwrap_or_else(|| stop.grace_or_default());
        let by_itself = task.engine.stop(&self.container, signal, grace).await.map_err(unable)?;
        let took = began.elapsed();
        match timeout(NEWS, self.up.ended()).await {
            Ok(Ok(exit)) => Ok(Acted::Ended { code: exit.code, took, killed: !by_itself }),
            Ok(Err(failure)) => Err(because(*failure)),
            Err(_) => Err(Unable::Because(format!("nothing is known of its end after {NEWS:?}"))),
        }
    }

    /// Starts it where it is not up, looks where it is now, and waits until it is ready.
    async fn start(&self) -> Result<(), Unable> {
        let task = &self.task;
        task.facts.hold_down(self.node, false);
        if self.has_ended().await? {
            Box::pin(start::start_again(task, &self.service, &self.up)).await.map_err(ended)?;
        } else {
            task.facts.look_again(self.node, task.engine.inspect(&self.container).await.map_err(unable)?);
        }
        let check = self.service.healthcheck.as_ref().filter(|check| !matches!(check.test, HealthTest::None));
        if let (Some(check), Some(task)) = (check, &self.awaiting) {
            Box::pin(ready::ready(task, &self.service, check)).await.map_err(ended)?;
        }
        Ok(())
    }

    /// Whether it has ended for good. One that its own policy starts again is waited for.
    async fn has_ended(&self) -> Result<bool, Unable> {
        if self.up.ended.borrow().is_some() {
            return Ok(true);
        }
        let state = self.task.engine.inspect(&self.container).await.map_err(unable)?;
        if matches!(state.status, ContainerStatus::Running | ContainerStatus::Paused) {
            return Ok(false);
        }
        let settled = async {
            tokio::select! {
                _ = self.up.ended() => true,
                () = self.up.is_outdated() => false,
            }
        };
        let waited = timeout(AGAIN, settled).await;
        waited.map_err(|_| Unable::Because(format!("it was not started again within {AGAIN:?}")))
    }

    async fn leave(&self, network: Option<&Name>) -> Result<(), Unable> {
        let task = &self.task;
        let (id, names) = self.network(network)?;
        if task.facts.left(self.node).iter().any(|(left, _)| *left == id) {
            return Err(Unable::Because("it is not in that network".to_owned()));
        }
        task.engine.leave_network(&self.container, &id).await.map_err(unable)?;
        task.facts.leaves(self.node, id, names);
        Ok(())
    }

    async fn join(&self, network: Option<&Name>) -> Result<(), Unable> {
        let task = &self.task;
        let (id, names) = self.network(network)?;
        if !task.facts.left(self.node).iter().any(|(left, _)| *left == id) {
            return Err(Unable::Because("it is in that network already".to_owned()));
        }
        task.engine.join_network(&self.container, &id, &names).await.map_err(unable)?;
        task.facts.is_back(self.node, &id);
        task.facts.look_again(self.node, task.engine.inspect(&self.container).await.map_err(unable)?);
        Ok(())
    }

    /// A network that it is declared to be in, with what it is called there.
    fn network(&self, wanted: Option<&Name>) -> Result<(crate::engine::NetworkId, Vec<String>), Unable> {
        let task = &self.task;
        let node = match wanted {
            None => task.index.run_network(),
            Some(name) => task.index.network(name),
        };
        let id = node.and_then(|node| task.facts.network(node));
        let own = Some(self.service.name.value.as_str());
        let networks = super::container::networks(task, &self.service.container, own).map_err(ended)?;
        let found = networks.into_iter().find(|(network, _)| Some(network) == id.as_ref());
        found.ok_or_else(|| Unable::Because("it is declared to be in no such network".to_owned()))
    }
}

fn unable(error: EngineError) -> Unable {
    if error.is_of_engine() { Unable::Engine(error) } else { Unable::Because(error.message) }
}

fn ended(end: End) -> Unable {
    match end {
        End::Failed(failure) => because(*failure),
        End::Cancelled | End::NotNeeded => Unable::Because("it was broken off".to_owned()),
    }
}

/// A failure of a service in a line.
fn because(failure: Failure) -> Unable {
    Unable::Because(match failure {
        Failure::ServiceExited { code, oom_killed: true, .. } => {
            format!("it ended with exit code {code}, killed for want of memory")
        }
        Failure::ServiceExited { code, log, .. } => match log.last() {
            Some(line) => format!("it ended with exit code {code}; its last line is “{line}”"),
            None => format!("it ended with exit code {code}"),
        },
        Failure::NotReady { waited, tries, attempts, .. } => {
            let said = attempts.last().map(|attempt| attempt.output.trim()).filter(|said| !said.is_empty());
            let said = said.map_or_else(String::new, |said| format!(", the last one: {said}"));
            format!("it was not ready within {waited:.1?}; {tries} tries{said}")
        }
        Failure::CannotStart { message } | Failure::Engine { message, .. } => message,
        Failure::PortTaken { port, .. } => format!("its port {port} is taken"),
        _ => "it does not come up".to_owned(),
    })
}
