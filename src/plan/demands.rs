use std::collections::BTreeSet;

use super::{Operation, Plan, holes};
use crate::model::{
    Acceptance, Build, Container, EnvOrText, EnvValue, FileContent, HealthTest, Hole, Image, ImageSource, Name, Text,
};

/// What a plan takes from outside: only these params and secrets are looked up, and only their commands are run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Demands {
    /// Params whose values are wanted.
    pub params: BTreeSet<Name>,
    /// Secrets whose values are wanted.
    pub secrets: BTreeSet<Name>,
}

impl Plan {
    /// What its steps take from outside.
    pub fn demands(&self) -> Demands {
        let mut demands = Demands::default();
        for step in &self.steps {
            demands.operation(&step.operation);
        }
        demands
    }
}

impl Demands {
    fn operation(&mut self, operation: &Operation) {
        match operation {
            Operation::ProvideImage(image) | Operation::Push(image) => self.image(image),
            Operation::CreateNetwork(network) => {
                self.texts(network.external.iter().chain(&network.driver));
                self.texts(network.driver_opts.values().chain(network.labels.values()));
            }
            Operation::CreateVolume(volume) => {
                self.texts(volume.external.iter().chain(&volume.driver));
                self.texts(volume.driver_opts.values().chain(volume.labels.values()));
            }
            Operation::CreateService(service) => self.container(&service.container),
            Operation::RunStage(stage) => self.texts(stage.inputs.iter().flat_map(|input| [&input.path, &input.at])),
            Operation::CreateStage(stage) => self.container_of(stage.container.as_ref()),
            Operation::CreateBats(bats) => self.container(&bats.container),
            Operation::CreateTool(tests) => self.container(&tests.container),
            Operation::AwaitReady { healthcheck, .. } => match &healthcheck.test {
                HealthTest::Shell(script) => self.text(script),
                HealthTest::Command(words) => self.texts(words),
                HealthTest::Http { path, body_contains, .. } => self.texts([path].into_iter().chain(body_contains)),
                HealthTest::Log { pattern } => self.text(pattern),
                HealthTest::Tcp { .. } | HealthTest::Image(_) | HealthTest::None => {}
            },
            Operation::Collect { artifacts, .. } => {
                for artifact in artifacts {
                    self.texts([&artifact.path].into_iter().chain(&artifact.to));
                }
            }
            Operation::RunTests(acceptance) | Operation::BeginTests(acceptance) | Operation::EndTests(acceptance) => {
                self.acceptance(acceptance)
            }
            Operation::Pull { .. }
            | Operation::CreateRunNetwork
            | Operation::StartService(_)
            | Operation::AwaitExit(_)
            | Operation::Skip { .. }
            | Operation::Milestone
            | Operation::RunBats(_)
            | Operation::RunTool(_)
            | Operation::StopService(_)
            | Operation::RemoveContainer
            | Operation::RemoveNetwork
            | Operation::RemoveVolume => {}
        }
    }

    fn image(&mut self, image: &Image) {
        self.texts(&image.tags);
        if let ImageSource::Build(build) = &image.source {
            self.build(build);
        }
    }

    fn build(&mut self, build: &Build) {
        self.texts(build.args.values().chain(build.labels.values()));
        self.texts([&build.inline, &build.target, &build.platform].into_iter().flatten().chain(&build.cache_from));
        for value in build.secrets.values() {
            self.value(value);
        }
    }

    fn container_of(&mut self, container: Option<&Container>) {
        if let Some(container) = container {
            self.container(container);
        }
    }

    fn container(&mut self, container: &Container) {
        self.holes(holes::of_container(container));
        for value in container.env.values() {
            self.value(value);
        }
        for file in &container.files {
            if let FileContent::Secret(name) = &file.content {
                self.secrets.insert(name.value.clone());
            }
        }
    }

    fn acceptance(&mut self, acceptance: &Acceptance) {
        acceptance.values(&mut |value| match value {
            EnvOrText::Text(text) => self.text(text),
            EnvOrText::Env(value) => self.value(value),
            EnvOrText::Container(container) => self.container(container),
        });
    }

    fn value(&mut self, value: &EnvValue) {
        match value {
            EnvValue::Text(text) => self.text(text),
            EnvValue::Secret(name) => drop(self.secrets.insert(name.value.clone())),
        }
    }

    fn text(&mut self, text: &Text) {
        self.holes(text.holes());
    }

    fn texts<'a>(&mut self, texts: impl IntoIterator<Item = &'a Text>) {
        for text in texts {
            self.text(text);
        }
    }

    fn holes<'a>(&mut self, holes: impl Iterator<Item = &'a Hole>) {
        let params = holes.filter_map(|hole| match hole {
            Hole::Param(name) => Some(name.clone()),
            _ => None,
        });
        self.params.extend(params);
    }
}
