//! Pipelines made by hand, for tests of the rooms behind this one.

use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use indexmap::IndexMap;

use super::{
    Acceptance, Artifact, ArtifactOn, Command, Container, Gate, Header, HealthTest, Healthcheck, Image, ImageReference,
    ImageUse, Mount, Need, NeedKind, Oom, Pipeline, Port, Runnable, Service, Stage, Stop, Target, Test, Text, Volume,
    VolumeMount,
};
use crate::source::{Span, Spanned};

/// A pipeline in the making; runnables are told before those that need them.
#[derive(Debug, Clone)]
pub struct Sample(Pipeline);

impl Sample {
    /// An empty pipeline of this name.
    pub fn new(name: &str) -> Self {
        Sample(Pipeline {
            header: Header {
                name: name.into(),
                description: None,
                default: Vec::new(),
                parallel: None,
                timeout: None,
                concurrency: None,
                labels: IndexMap::new(),
                span: None,
            },
            params: IndexMap::new(),
            secrets: IndexMap::new(),
            images: IndexMap::new(),
            volumes: IndexMap::new(),
            networks: IndexMap::new(),
            runnables: IndexMap::new(),
            instances: IndexMap::new(),
            references: Vec::new(),
        })
    }

    /// A stage that runs `true`, with the default gates on `needs`.
    pub fn stage(self, name: &str, needs: &[&str]) -> Self {
        self.stage_with(name, needs, |_| {})
    }

    /// A stage, changed.
    pub fn stage_with(self, name: &str, needs: &[&str], change: impl FnOnce(&mut Stage)) -> Self {
        let mut stage = Stage {
            name: at(name.into()),
            host: name.into(),
            instance: None,
            container: Some(container("true")),
            needs: self.needs(needs),
            artifacts: Vec::new(),
            inputs: Vec::new(),
            conditions: Vec::new(),
            retry: None,
            always: false,
            allow_failure: false,
            expect_exit: vec![0],
            report: None,
            oom: Oom::Warn,
            span: Span::default(),
        };
        change(&mut stage);
        self.add(Runnable::Stage(stage))
    }

    /// A service that sleeps and is healthy when `true` runs in it.
    pub fn service(self, name: &str, needs: &[&str]) -> Self {
        self.service_with(name, needs, |_| {})
    }

    /// A service, changed.
    pub fn service_with(self, name: &str, needs: &[&str], change: impl FnOnce(&mut Service)) -> Self {
        let mut service = Service {
            name: at(name.into()),
            container: container("sleep"),
            needs: self.needs(needs),
            healthcheck: Some(healthcheck(HealthTest::Command(vec![text("true")]))),
            ports: Vec::new(),
            keep: false,
            restart: None,
            span: Span::default(),
        };
        change(&mut service);
        self.add(Runnable::Service(service))
    }

    /// An acceptance of one empty test against port 80 of `target`.
    pub fn acceptance(self, name: &str, target: &str) -> Self {
        self.acceptance_with(name, target, |_| {})
    }

    /// An acceptance, changed.
    pub fn acceptance_with(self, name: &str, target: &str, change: impl FnOnce(&mut Acceptance)) -> Self {
        let mut needs = self.needs(&[target]);
        needs[0].kind = NeedKind::Target;
        let test = Test {
            name: at("it answers".to_owned()),
            tags: Vec::new(),
            steps: Vec::new(),
            rows: None,
            skip: None,
            only: false,
            retry: 0,
            timeout: None,
            span: Span::default(),
        };
        let mut acceptance = Acceptance {
            name: at(name.into()),
            needs,
            target: Some(Target { service: at(target.into()), port: 80 }),
            before_all: Vec::new(),
            after_all: Vec::new(),
            setup: Vec::new(),
            teardown: Vec::new(),
            tests: vec![test],
            bats: Vec::new(),
            foreign: None,
            parallel: 1,
            timeout: None,
            span: Span::default(),
        };
        change(&mut acceptance);
        self.add(Runnable::Acceptance(acceptance))
    }

    /// A declared image.
    pub fn image(mut self, image: Image) -> Self {
        self.0.images.insert(image.name.value.clone(), image);
        self
    }

    /// A volume of the run.
    pub fn volume(mut self, name: &str) -> Self {
        let volume = Volume {
            name: at(name.into()),
            external: None,
            driver: None,
            driver_opts: IndexMap::new(),
            labels: IndexMap::new(),
            span: Span::default(),
        };
        self.0.volumes.insert(name.into(), volume);
        self
    }

    /// Of all runs on an engine that give this name, one at a time.
    pub fn concurrency(mut self, name: &str) -> Self {
        self.0.header.concurrency = Some(at(name.into()));
        self
    }

    /// The pipeline.
    pub fn build(self) -> Pipeline {
        self.0
    }

    fn needs(&self, names: &[&str]) -> Vec<Need> {
        names
            .iter()
            .map(|name| {
                let gate = match &self.0.runnables[*name] {
                    Runnable::Service(service) if service.healthcheck.is_some() => Gate::Healthy,
                    Runnable::Service(_) => Gate::Started,
                    Runnable::Stage(_) | Runnable::Acceptance(_) => Gate::Succeeded,
                };
                need(name, gate)
            })
            .collect()
    }

    fn add(mut self, runnable: Runnable) -> Self {
        self.0.runnables.insert(runnable.name().value.clone(), runnable);
        self
    }
}

/// A need of `on`.
pub fn need(on: &str, gate: Gate) -> Need {
    Need { on: on.into(), gate, kind: NeedKind::Needs, span: Span::default() }
}

/// A value that stands nowhere.
pub fn at<T>(value: T) -> Spanned<T> {
    Spanned::new(value, Span::default())
}

/// A text that stands nowhere.
pub fn text(text: &str) -> Text {
    Text::literal(text, Span::default())
}

/// A reference to an image.
pub fn reference(reference: &str) -> ImageReference {
    ImageReference::parse(reference).expect("a sample names real images")
}

/// The whole of `path` in the container, collected whatever the exit code.
pub fn artifact(path: &str) -> Artifact {
    Artifact { path: text(path), to: None, report: None, on: ArtifactOn::Always, span: Span::default() }
}

/// A port of a container, published on this port of the host.
pub fn port(container: u16, host: Option<u16>) -> Port {
    Port {
        container: at(container),
        host: host.map(at),
        protocol: Default::default(),
        bind: IpAddr::V4(Ipv4Addr::LOCALHOST),
    }
}

/// The volume `volume` at `target`.
pub fn mount(volume: &str, target: &str) -> Mount {
    Mount::Volume(VolumeMount { volume: at(volume.into()), target: text(target), read_only: false })
}

/// A stop that its author asked for.
pub fn graceful(grace: Duration) -> Stop {
    Stop { signal: None, grace: Some(at(grace)) }
}

/// A healthcheck of one second's interval, one second's time-out and ten retries.
pub fn healthcheck(test: HealthTest) -> Healthcheck {
    Healthcheck {
        test,
        interval: Duration::from_secs(1),
        timeout: Duration::from_secs(1),
        retries: 10,
        start_period: Duration::ZERO,
        start_interval: None,
        successes: 1,
        stable: None,
        span: Span::default(),
    }
}

/// A container of `busybox:1.35` that runs `command`.
pub fn container(command: &str) -> Container {
    Container {
        image: at(ImageUse::Reference(reference("busybox:1.35"))),
        command: Some(Command::Exec { words: command.split_whitespace().map(text).collect(), span: Span::default() }),
        entrypoint: None,
        env: IndexMap::new(),
        workdir: None,
        user: None,
        mounts: Vec::new(),
        networks: Vec::new(),
        isolated: false,
        hostname: None,
        init: false,
        read_only: false,
        stop: Stop { signal: None, grace: None },
        labels: IndexMap::new(),
        timeout: None,
        limits: super::Limits::default(),
        privileges: super::Privileges::default(),
        dns: super::Dns::default(),
        files: Vec::new(),
        platform: None,
        pull: None,
        tty: false,
    }
}
