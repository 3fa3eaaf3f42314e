//! What each probe but `http` looks at, one file a probe. Each answers a subject to be asked, or why there is none.

mod container;
mod dns;
mod exec;
mod file;
mod image;
mod line;
mod logs;
mod redis;
mod sql;
mod tcp;
mod variables;

#[cfg(test)]
mod scene;

use std::time::Duration;

use self::exec::out_of_time;
pub use self::line::line as shell_line;
use super::captures::Captures;
use super::site::{Site, Standing, Written};
use super::suite::Suite;
use crate::engine::{ContainerStatus, EngineError, ErrorKind};
use crate::event::Exchange;
use crate::model::{EnvValue, Fact, Look, Name, Probe, Query, Text};
use crate::probe::judge::Subject;

/// How long a look may take whose author cannot say so.
const TIMEOUT: Duration = Duration::from_secs(30);

/// What a look found.
pub struct Seen {
    /// To be asked.
    pub found: Box<dyn Subject>,
    /// How anybody can look at the same, and what there is to see.
    pub evidence: Exchange,
}

/// Why a look found nothing that could be asked.
#[derive(Debug)]
pub enum Unseen {
    /// There is nothing: the test fails.
    Nothing {
        /// What was wanted: `an end within 10s`.
        wanted: String,
        /// What there is instead.
        why: String,
        /// How it was looked at, where it was.
        evidence: Option<Exchange>,
    },
    /// The engine is to blame: no test is judged by that.
    Engine(EngineError),
}

impl Unseen {
    /// A command that has not ended in its time.
    pub fn out_of_time(limit: Duration, line: String) -> Self {
        out_of_time(limit, line)
    }

    /// A failure of the test.
    pub fn nothing(wanted: impl Into<String>, why: impl Into<String>) -> Self {
        Unseen::Nothing { wanted: wanted.into(), why: why.into(), evidence: None }
    }
}

/// Someone who looks, in the middle of a test.
pub(super) struct Looker<'a> {
    pub suite: &'a Suite<'a>,
    pub captures: &'a Captures<'a>,
    /// What services had written when the test began.
    pub written: &'a Written,
}

impl Looker<'_> {
    pub async fn look(&self, probe: &Probe) -> Result<Seen, Unseen> {
        match &probe.look {
            Look::Tcp(look) => self.tcp(probe, look).await,
            Look::Exec(look) => self.exec(look).await,
            Look::Logs { service, since } => self.logs(&service.value, *since).await,
            Look::Run(look) => self.run(look).await,
            Look::Sql(look) => self.sql(look).await,
            Look::File { place, path } => self.file(probe, place, path).await,
            Look::Container(service) => self.container(probe, &service.value).await,
            Look::Stats(service) => self.stats(probe, &service.value).await,
            Look::Image(image) => self.image(&image.value).await,
            Look::Redis { service, words, timeout } => self.redis(&service.value, words, *timeout).await,
            Look::Dns { name, record, timeout } => self.dns(name, *record, *timeout).await,
            Look::Http(_) => Err(Unseen::nothing("a probe of the run's services", "`http` goes over the network")),
        }
    }

    fn site(&self) -> &dyn Site {
        self.suite.site
    }

    fn fill(&self, text: &Text) -> Result<String, Unseen> {
        let filled = text.fill(self.captures);
        filled.map_err(|hole| Unseen::nothing("a value", format!("`{{{{{hole}}}}}` has no value")))
    }

    fn fill_any(&self, text: Option<&Text>) -> Result<Option<String>, Unseen> {
        text.map(|text| self.fill(text)).transpose()
    }

    fn fill_all<'t>(&self, texts: impl IntoIterator<Item = &'t Text>) -> Result<Vec<String>, Unseen> {
        texts.into_iter().map(|text| self.fill(text)).collect()
    }

    fn value(&self, value: &EnvValue) -> Result<String, Unseen> {
        match value {
            EnvValue::Text(text) => self.fill(text),
            EnvValue::Secret(name) => {
                let secret = self.site().secret(&name.value);
                secret.ok_or_else(|| Unseen::nothing("a value", format!("the secret `{}` has no value", name.value)))
            }
        }
    }

    fn service(&self, name: &Name) -> Result<Standing, Unseen> {
        let standing = self.site().service(name);
        standing.ok_or_else(|| Unseen::nothing("a service that is up", format!("`{name}` was not started")))
    }

    /// An error of the engine while looking at a service: what became of the service, where that is why.
    async fn explain(&self, name: &Name, standing: &Standing, error: EngineError) -> Unseen {
        if error.is_of_engine() {
            return Unseen::Engine(error);
        }
        let wanted = "a service that is up";
        let state = match self.site().engine().inspect(&standing.container).await {
            Ok(state) => state,
            Err(error) if matches!(error.kind, ErrorKind::NotFound) => {
                return Unseen::nothing(wanted, format!("the container of `{name}` is gone"));
            }
            Err(error) => return Unseen::Engine(error),
        };
        match state.status {
            ContainerStatus::Exited | ContainerStatus::Dead if state.oom_killed => Unseen::nothing(
                wanted,
                format!("`{name}` ran out of memory and ended with exit code {}", state.exit_code),
            ),
            ContainerStatus::Exited | ContainerStatus::Dead => {
                Unseen::nothing(wanted, format!("`{name}` ended with exit code {}", state.exit_code))
            }
            ContainerStatus::Paused => Unseen::nothing(wanted, format!("`{name}` is paused")),
            ContainerStatus::Restarting => Unseen::nothing(wanted, format!("`{name}` is being started again")),
            ContainerStatus::Created => Unseen::nothing(wanted, format!("`{name}` is not started")),
            ContainerStatus::Running => Unseen::nothing("an answer", error.message),
        }
    }
}

/// Whether a probe asks for a fact.
fn asks(probe: &Probe, fact: Fact) -> bool {
    let checked = probe.checks.iter().map(|check| &check.query);
    checked.chain(probe.captures.iter().map(|capture| &capture.query)).any(|query| *query == Query::Fact(fact))
}
