use serde_json::Value;

use super::line::line;
use super::{Looker, Seen, Standing, Unseen, asks};
use crate::engine::{ContainerState, ContainerStatus, ErrorKind, ExecRequest, Usage};
use crate::event::Exchange;
use crate::model::{Fact, Name, Probe, Query};
use crate::probe::judge::{Observed, Shortfall, Subject, milliseconds, unanswered};

/// Where a container of control groups of version 2 finds the most memory that it has used.
const PEAK: &str = "/sys/fs/cgroup/memory.peak";

/// A service's container as the engine and the run see it.
struct Container {
    standing: Standing,
    state: ContainerState,
    health: String,
    ip: Option<String>,
    peak_memory: Observed,
}

/// What a container uses.
struct Used {
    usage: Usage,
    peak_memory: Observed,
}

impl Looker<'_> {
    pub(super) async fn container(&self, probe: &Probe, name: &Name) -> Result<Seen, Unseen> {
        let standing = self.service(name)?;
        let state = match self.site().engine().inspect(&standing.container).await {
            Ok(state) => state,
            Err(error) => return Err(self.explain(name, &standing, error).await),
        };
        let runs = state.status == ContainerStatus::Running;
        let health = match (&*state.health, runs && asks(probe, Fact::Health)) {
            ("", true) => match self.site().health(name).await {
                Some(true) => "healthy",
                Some(false) => "unhealthy",
                None => "none",
            },
            ("", false) => "none",
            (health, _) => health,
        };
        let health = health.to_owned();
        let network = self.site().network();
        let own = state.networks.iter().find(|joined| Some(&joined.network) == network.as_ref());
        let ip = own.and_then(|joined| joined.addresses.first()).map(ToString::to_string);
        let peak_memory = match asks(probe, Fact::PeakMemory) {
            true if runs => {
                let usage = self.usage(name, &standing).await?;
                self.peak(&standing, &usage).await?
            }
            true => Observed::Broken(format!("`{name}` is {}, and is not measured", word(state.status))),
            false => Observed::Absent,
        };
        let request = line(["docker", "inspect", &standing.name]);
        let response = format!(
            "state {}, exit code {}, restarts {}, health {health}{}",
            word(state.status),
            state.exit_code,
            standing.restarts,
            if state.oom_killed { ", out of memory" } else { "" },
        );
        let found = Box::new(Container { standing, state, health, ip, peak_memory });
        Ok(Seen { found, evidence: Exchange { request, response: Some(response) } })
    }

    pub(super) async fn stats(&self, probe: &Probe, name: &Name) -> Result<Seen, Unseen> {
        let standing = self.service(name)?;
        let usage = self.usage(name, &standing).await?;
        let peak_memory = match asks(probe, Fact::PeakMemory) {
            true => self.peak(&standing, &usage).await?,
            false => Observed::Absent,
        };
        let request = line(["docker", "stats", "--no-stream", &standing.name]);
        let response = format!("memory {} bytes, cpu {:.1} %, {} processes", usage.memory, usage.cpu, usage.pids);
        Ok(Seen {
            found: Box::new(Used { usage, peak_memory }),
            evidence: Exchange { request, response: Some(response) },
        })
    }

    async fn usage(&self, name: &Name, standing: &Standing) -> Result<Usage, Unseen> {
        let engine = self.site().engine();
        let state = engine.inspect(&standing.container).await;
        if let Ok(ContainerState { status: ContainerStatus::Running | ContainerStatus::Paused, .. }) = &state {
            match engine.usage(&standing.container).await {
                Ok(usage) => return Ok(usage),
                Err(error) => return Err(self.explain(name, standing, error).await),
            }
        }
        let gone = crate::engine::EngineError::new(ErrorKind::Conflict, "measure a container", "it does not run");
        Err(self.explain(name, standing, state.err().unwrap_or(gone)).await)
    }

    /// The most memory so far: what the engine says, else what the container's own control group does.
    async fn peak(&self, standing: &Standing, usage: &Usage) -> Result<Observed, Unseen> {
        if let Some(peak) = usage.peak_memory {
            return Ok(Observed::Number(peak as f64));
        }
        let command = vec!["cat".to_owned(), PEAK.to_owned()];
        let request = ExecRequest { command, timeout: super::TIMEOUT, apart: Some(1024), ..ExecRequest::default() };
        let told = match self.site().engine().exec(&standing.container, request).await {
            Ok(told) => told,
            Err(error) if error.is_of_engine() && !matches!(error.kind, ErrorKind::TimedOut) => {
                return Err(Unseen::Engine(error));
            }
            Err(_) => Default::default(),
        };
        let number = String::from_utf8_lossy(&told.stdout).trim().parse::<f64>();
        let unknown =
            "this engine does not tell it, and neither does the container itself (by `cat` and a kernel of 5.19)";
        Ok(number.map_or_else(|_| Observed::Broken(unknown.to_owned()), Observed::Number))
    }
}

pub(super) fn word(status: ContainerStatus) -> &'static str {
    match status {
        ContainerStatus::Created => "created",
        ContainerStatus::Running => "running",
        ContainerStatus::Paused => "paused",
        ContainerStatus::Restarting => "restarting",
        ContainerStatus::Exited => "exited",
        ContainerStatus::Dead => "dead",
    }
}

impl Subject for Container {
    fn observe(&self, query: &Query<String>) -> Observed {
        let ended = matches!(self.state.status, ContainerStatus::Exited | ContainerStatus::Dead);
        match query {
            Query::Fact(Fact::State) => Observed::Text(word(self.state.status).to_owned()),
            Query::Fact(Fact::Health) => Observed::Text(self.health.clone()),
            Query::Fact(Fact::Restarts) => Observed::Number(f64::from(self.standing.restarts)),
            Query::Fact(Fact::OomKilled) => Observed::Json(Value::from(self.state.oom_killed)),
            Query::Fact(Fact::ExitCode) if ended => Observed::Number(self.state.exit_code as f64),
            Query::Fact(Fact::ExitCode) => Observed::Absent,
            Query::Fact(Fact::StartedIn) => self.standing.started_in.map_or(Observed::Absent, milliseconds),
            Query::Fact(Fact::Ip) => self.ip.clone().map_or(Observed::Absent, Observed::Text),
            Query::Fact(Fact::PeakMemory) => self.peak_memory.clone(),
            query => unanswered(query),
        }
    }

    /// A container may be in any state.
    fn shortfall(&self) -> Option<Shortfall> {
        None
    }
}

impl Subject for Used {
    fn observe(&self, query: &Query<String>) -> Observed {
        let Usage { memory, cpu, pids, received, sent, .. } = self.usage;
        match query {
            Query::Fact(Fact::Memory) => Observed::Number(memory as f64),
            Query::Fact(Fact::PeakMemory) => self.peak_memory.clone(),
            Query::Fact(Fact::Cpu) => Observed::Number((cpu * 10.0).round() / 10.0),
            Query::Fact(Fact::Pids) => Observed::Number(pids as f64),
            Query::Fact(Fact::Received) => Observed::Number(received as f64),
            Query::Fact(Fact::Sent) => Observed::Number(sent as f64),
            query => unanswered(query),
        }
    }

    fn shortfall(&self) -> Option<Shortfall> {
        None
    }
}
