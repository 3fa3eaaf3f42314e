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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::engine::Engine;
    use crate::engine::fake::Script;
    use crate::model::Look;
    use crate::probe::acceptance::look::scene::{Scene, web};
    use crate::probe::judge::Observed;

    fn used() -> Usage {
        Usage { memory: 7, peak_memory: Some(9), cpu: 12.34, pids: 3, received: 10, sent: 20 }
    }

    #[tokio::test]
    async fn each_question_is_answered_by_what_the_engine_and_the_run_know() {
        let mut scene = Scene::of(Script::runs().uses(used())).await;
        scene.healthy = Some(true);
        let seen = scene.sees(Look::Container(web()), &[Fact::Health, Fact::PeakMemory]).await;
        assert_eq!(seen.fact(Fact::State), Observed::Text("running".into()));
        assert_eq!(seen.fact(Fact::Health), Observed::Text("healthy".into()));
        assert_eq!(seen.fact(Fact::Restarts), Observed::Number(2.0));
        assert_eq!(seen.fact(Fact::OomKilled), Observed::Json(false.into()));
        assert_eq!(seen.fact(Fact::ExitCode), Observed::Absent, "it has not ended");
        assert_eq!(seen.fact(Fact::StartedIn), Observed::Number(1500.0));
        assert_eq!(seen.fact(Fact::Ip), Observed::Text("172.30.0.2".into()));
        assert_eq!(seen.fact(Fact::PeakMemory), Observed::Number(9.0));
        assert!(matches!(seen.fact(Fact::Exit), Observed::Broken(_)), "a container has no `exit`");
        assert!(seen.found.shortfall().is_none());
        assert_eq!(seen.evidence.response.as_deref(), Some("state running, exit code 0, restarts 2, health healthy"));
    }

    #[tokio::test]
    async fn health_is_that_of_the_healthcheck_where_the_engine_runs_none() {
        for (healthy, word) in [(Some(true), "healthy"), (Some(false), "unhealthy"), (None, "none")] {
            let mut scene = Scene::of(Script::runs()).await;
            scene.healthy = healthy;
            let seen = scene.sees(Look::Container(web()), &[Fact::Health]).await;
            assert_eq!(seen.fact(Fact::Health), Observed::Text(word.into()));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn one_that_has_ended_says_how_and_is_not_measured() {
        let scene = Scene::of(Script::exits(137).out_of_memory()).await;
        tokio::time::sleep(Duration::from_millis(1)).await;
        let seen = scene.sees(Look::Container(web()), &[Fact::PeakMemory]).await;
        assert_eq!(seen.fact(Fact::State), Observed::Text("exited".into()));
        assert_eq!(seen.fact(Fact::ExitCode), Observed::Number(137.0));
        assert_eq!(seen.fact(Fact::OomKilled), Observed::Json(true.into()));
        assert_eq!(seen.fact(Fact::Health), Observed::Text("none".into()));
        assert_eq!(seen.fact(Fact::PeakMemory), Observed::Broken("`web` is exited, and is not measured".into()));
        let missed = scene.misses(Look::Stats(web())).await;
        assert_eq!(missed.1, "`web` ran out of memory and ended with exit code 137");
    }

    #[tokio::test]
    async fn what_is_frozen_is_paused_and_is_measured() {
        let scene = Scene::of(Script::runs().uses(used())).await;
        scene.fake.pause(&scene.container).await.expect("it runs");
        let seen = scene.sees(Look::Container(web()), &[]).await;
        assert_eq!(seen.fact(Fact::State), Observed::Text("paused".into()));
        let stats = scene.sees(Look::Stats(web()), &[]).await;
        assert_eq!(stats.fact(Fact::Memory), Observed::Number(7.0));
    }

    #[tokio::test]
    async fn each_question_is_answered_by_what_the_engine_measures() {
        let scene = Scene::of(Script::runs().uses(used())).await;
        let seen = scene.sees(Look::Stats(web()), &[Fact::PeakMemory]).await;
        assert_eq!(seen.fact(Fact::Memory), Observed::Number(7.0));
        assert_eq!(seen.fact(Fact::PeakMemory), Observed::Number(9.0));
        assert_eq!(seen.fact(Fact::Cpu), Observed::Number(12.3));
        assert_eq!(seen.fact(Fact::Pids), Observed::Number(3.0));
        assert_eq!(seen.fact(Fact::Received), Observed::Number(10.0));
        assert_eq!(seen.fact(Fact::Sent), Observed::Number(20.0));
        assert!(matches!(seen.fact(Fact::State), Observed::Broken(_)), "no measurement has one");
        assert!(seen.found.shortfall().is_none());
        assert_eq!(seen.evidence.request, "docker stats --no-stream demo-web");
        assert_eq!(seen.evidence.response.as_deref(), Some("memory 7 bytes, cpu 12.3 %, 3 processes"));
    }

    #[tokio::test]
    async fn the_most_memory_is_asked_of_the_container_where_the_engine_does_not_tell_it() {
        let silent = || Script::runs().uses(Usage { peak_memory: None, ..used() });
        let scene = Scene::of(silent().answers("cat /sys/fs/cgroup/memory.peak", [(0, "4096\n")])).await;
        let seen = scene.sees(Look::Stats(web()), &[Fact::PeakMemory]).await;
        assert_eq!(seen.fact(Fact::PeakMemory), Observed::Number(4096.0));
        let scene = Scene::of(silent().refuses("cat", 127, "no such program")).await;
        let seen = scene.sees(Look::Stats(web()), &[Fact::PeakMemory]).await;
        assert!(matches!(seen.fact(Fact::PeakMemory), Observed::Broken(why) if why.contains("does not tell it")));
        let seen = scene.sees(Look::Stats(web()), &[]).await;
        assert_eq!(seen.fact(Fact::PeakMemory), Observed::Absent, "nobody asked");
    }
}
