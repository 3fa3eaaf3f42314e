use std::sync::Arc;

use crate::model::{
    Acceptance, Artifact, BatsFile, ForeignTests, Healthcheck, Image, ImageReference, Network, PullPolicy, Service,
    Stage, Stop, Volume,
};

/// What a step does. Values are the model's own, holes still open; they are filled when the step begins.
#[derive(Debug, Clone)]
pub enum Operation {
    /// Makes sure that the engine has an image of a registry.
    Pull {
        /// Which.
        reference: ImageReference,
        /// For which platform; the engine's own where nobody says.
        platform: Option<String>,
        /// Whether to ask the registry.
        policy: PullPolicy,
    },
    /// Builds, imports or loads a declared image.
    ProvideImage(Arc<Image>),
    /// Makes the run's own network.
    CreateRunNetwork,
    /// Makes (or, where external, finds) a declared network.
    CreateNetwork(Arc<Network>),
    /// Makes (or, where external, finds) a declared volume.
    CreateVolume(Arc<Volume>),
    /// Makes a service's container, not started.
    CreateService(Arc<Service>),
    /// Makes a stage's container, not started.
    CreateStage(Arc<Stage>),
    /// Makes the container of a bats file, with the file in it, not started.
    CreateBats(Arc<BatsFile>),
    /// Makes the container of tests in another tool, not started.
    CreateTool(Arc<ForeignTests>),
    /// Starts a service's container; done when its process is up.
    StartService(Arc<Service>),
    /// Waits until a service is ready.
    AwaitReady {
        /// Whose.
        service: Arc<Service>,
        /// How it shows.
        healthcheck: Healthcheck,
    },
    /// Waits until a service's process has ended, with any code.
    AwaitExit(Arc<Service>),
    /// Starts a stage's container and waits for its end.
    RunStage(Arc<Stage>),
    /// A stage that is not wanted: nothing is done.
    Skip {
        /// Why not.
        reason: String,
    },
    /// A stage without a container: done at once.
    Milestone,
    /// Starts the container of a bats file and reads its results as they come.
    RunBats(Arc<BatsFile>),
    /// Starts the container of tests in another tool and reads their results as they come.
    RunTool(Arc<ForeignTests>),
    /// Copies artifacts out of the container of a stage, or of tests in another tool.
    Collect {
        /// What.
        artifacts: Vec<Artifact>,
    },
    /// Runs the tests of an acceptance, with what is around all of them unless [`Operation::BeginTests`] and [`Operation::EndTests`] do that.
    RunTests(Arc<Acceptance>),
    /// Runs what is before all tests of an acceptance, those in other tools among them.
    BeginTests(Arc<Acceptance>),
    /// Runs what is after all tests of an acceptance, those in other tools among them.
    EndTests(Arc<Acceptance>),
    /// Publishes an image under its tags.
    Push(Arc<Image>),
    /// Stops a service as its author asks; only planned where the author asks.
    StopService(Stop),
    /// Kills the node's container where it still runs, and removes it.
    RemoveContainer,
    /// Removes the node's network.
    RemoveNetwork,
    /// Removes the node's volume.
    RemoveVolume,
}

impl Operation {
    /// Whether it may be broken off in the middle. A create is never: a request that is dropped may still be carried out, and
    /// what it made would have no undo. A start is too short to be worth it.
    pub fn is_cancellable(&self) -> bool {
        match self {
            Operation::Pull { .. }
            | Operation::ProvideImage(_)
            | Operation::AwaitReady { .. }
            | Operation::AwaitExit(_)
            | Operation::RunStage(_)
            | Operation::RunBats(_)
            | Operation::RunTool(_)
            | Operation::RunTests(_)
            | Operation::BeginTests(_)
            | Operation::EndTests(_)
            | Operation::Collect { .. }
            | Operation::StopService(_)
            | Operation::Push(_) => true,
            Operation::CreateRunNetwork
            | Operation::CreateNetwork(_)
            | Operation::CreateVolume(_)
            | Operation::CreateService(_)
            | Operation::CreateStage(_)
            | Operation::CreateBats(_)
            | Operation::CreateTool(_)
            | Operation::StartService(_)
            | Operation::Skip { .. }
            | Operation::Milestone
            | Operation::RemoveContainer
            | Operation::RemoveNetwork
            | Operation::RemoveVolume => false,
        }
    }

    /// Whether it makes something that containers are made of, or a container, and starts nothing.
    pub fn provides(&self) -> bool {
        matches!(
            self,
            Operation::Pull { .. }
                | Operation::ProvideImage(_)
                | Operation::CreateRunNetwork
                | Operation::CreateNetwork(_)
                | Operation::CreateVolume(_)
                | Operation::CreateStage(_)
        )
    }

    /// Whether it runs tests.
    pub fn runs_tests(&self) -> bool {
        matches!(self, Operation::RunTests(_) | Operation::RunBats(_) | Operation::RunTool(_))
    }

    /// Whether it is begun also where the run is stopped, and is to hurry then: the steps that its author wants after all tests may wait for
    /// much.
    pub fn takes_its_time(&self) -> bool {
        matches!(self, Operation::EndTests(_))
    }

    /// The verb, for plans and screens.
    pub fn verb(&self) -> &'static str {
        match self {
            Operation::Pull { .. } => "pull",
            Operation::ProvideImage(image) => match image.source {
                crate::model::ImageSource::Build(_) => "build",
                crate::model::ImageSource::Pull { .. } => "pull",
                crate::model::ImageSource::Import(_) => "import",
                crate::model::ImageSource::Load(_) => "load",
            },
            Operation::CreateRunNetwork | Operation::CreateNetwork(_) | Operation::CreateVolume(_) => "create",
            Operation::CreateService(_) | Operation::CreateStage(_) | Operation::CreateBats(_) => "create",
            Operation::CreateTool(_) => "create",
            Operation::StartService(_) => "start",
            Operation::AwaitReady { .. } | Operation::AwaitExit(_) => "await",
            Operation::RunStage(_) => "run",
            Operation::Skip { .. } => "skip",
            Operation::Milestone => "reach",
            Operation::RunBats(_) | Operation::RunTool(_) | Operation::RunTests(_) => "test",
            Operation::BeginTests(_) => "prepare",
            Operation::EndTests(_) => "conclude",
            Operation::Collect { .. } => "collect",
            Operation::Push(_) => "push",
            Operation::StopService(_) => "stop",
            Operation::RemoveContainer | Operation::RemoveNetwork | Operation::RemoveVolume => "remove",
        }
    }
}
