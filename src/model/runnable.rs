use std::net::IpAddr;
use std::path::PathBuf;

use super::{
    Acceptance, ArtifactOn, Condition, Container, Healthcheck, Instance, Name, Need, Oom, OutputReport, Protocol,
    ReportKind, Restart, Retry, StageInput, Text,
};
use crate::source::{Span, Spanned};

/// What a run can be asked for: a service, a stage or an acceptance. They share one namespace.
#[derive(Debug, Clone)]
pub enum Runnable {
    /// Runs until nobody needs it.
    Service(Service),
    /// Runs to completion.
    Stage(Stage),
    /// Tests against services.
    Acceptance(Acceptance),
}

/// A long-running container.
#[derive(Debug, Clone)]
pub struct Service {
    /// Its name, where it is declared; its host name in the run's network.
    pub name: Spanned<Name>,
    /// Its container.
    pub container: Container,
    /// What must be before it starts.
    pub needs: Vec<Need>,
    /// How it shows that it is ready; `None`: started is ready.
    pub healthcheck: Option<Healthcheck>,
    /// Ports published on the host.
    pub ports: Vec<Port>,
    /// Held to the end of the run though nobody needs it any more.
    pub keep: bool,
    /// How often it is started again where it ends by itself; never where nobody says.
    pub restart: Option<Restart>,
    /// The whole node.
    pub span: Span,
}

/// A container that runs to completion; a milestone where it has none. Each instance of a matrix is one of these.
#[derive(Debug, Clone)]
pub struct Stage {
    /// Its name, where it is declared; of an instance, `unit[python=3.11]`.
    pub name: Spanned<Name>,
    /// Its host name in the run's network, and its part in the names of its objects: a DNS label that nothing else has.
    pub host: Name,
    /// Which combination of the stage's matrix it is.
    pub instance: Option<Instance>,
    /// Its container; `None` makes it a milestone: a name for what it needs.
    pub container: Option<Container>,
    /// What must be before it starts.
    pub needs: Vec<Need>,
    /// What is copied out of it.
    pub artifacts: Vec<Artifact>,
    /// How the tests are read that it writes to its standard output.
    pub report: Option<OutputReport>,
    /// What is copied into it from other stages, in order.
    pub inputs: Vec<StageInput>,
    /// It is wanted where all of these hold.
    pub conditions: Vec<Condition>,
    /// Whether and when it is run again after a failure.
    pub retry: Option<Retry>,
    /// It runs when all other work has ended, whatever happened.
    pub always: bool,
    /// Its failure is told and does not fail the run.
    pub allow_failure: bool,
    /// The exit codes that count as success; 0 alone by default.
    pub expect_exit: Vec<i64>,
    /// What a process that was killed for want of memory means where the exit code is a success.
    pub oom: Oom,
    /// The whole node.
    pub span: Span,
}

/// A port of a container, published on the host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Port {
    /// In the container.
    pub container: Spanned<u16>,
    /// On the host; `None`: a free one.
    pub host: Option<Spanned<u16>>,
    /// What is spoken there.
    pub protocol: Protocol,
    /// The host's address; 127.0.0.1 unless the author says otherwise.
    pub bind: IpAddr,
}

/// A file or directory that is copied out of a stage's container.
#[derive(Debug, Clone)]
pub struct Artifact {
    /// In the container; absolute.
    pub path: Text,
    /// On the host, relative to the pipeline's directory; `None`: the last component of `path`, in that directory.
    /// A path that ends in `/` is a directory to put it in.
    pub to: Option<Text>,
    /// Read as a report and merged.
    pub report: Option<ReportKind>,
    /// When it is collected.
    pub on: ArtifactOn,
    /// The node.
    pub span: Span,
}

impl Runnable {
    /// Its name, where it is declared.
    pub fn name(&self) -> &Spanned<Name> {
        match self {
            Runnable::Service(service) => &service.name,
            Runnable::Stage(stage) => &stage.name,
            Runnable::Acceptance(acceptance) => &acceptance.name,
        }
    }

    /// What must be before it starts.
    pub fn needs(&self) -> &[Need] {
        match self {
            Runnable::Service(service) => &service.needs,
            Runnable::Stage(stage) => &stage.needs,
            Runnable::Acceptance(acceptance) => &acceptance.needs,
        }
    }

    /// Its container, where it has one.
    pub fn container(&self) -> Option<&Container> {
        match self {
            Runnable::Service(service) => Some(&service.container),
            Runnable::Stage(stage) => stage.container.as_ref(),
            Runnable::Acceptance(_) => None,
        }
    }

    /// The whole node.
    pub fn span(&self) -> Span {
        match self {
            Runnable::Service(service) => service.span,
            Runnable::Stage(stage) => stage.span,
            Runnable::Acceptance(acceptance) => acceptance.span,
        }
    }
}

impl Artifact {
    /// The file's place under the pipeline's directory, once `path` and `to` are filled.
    pub fn destination(path: &str, to: Option<&str>) -> PathBuf {
        let last = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
        match to {
            None => PathBuf::from(last),
            Some(to) if to.ends_with('/') => PathBuf::from(to).join(last),
            Some(to) => PathBuf::from(to),
        }
    }
}
