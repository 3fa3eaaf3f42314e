use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use tokio::sync::mpsc::Sender;
use tokio::sync::watch;

use super::address::Environment;
use super::buildkit::Builder;
use super::dialer::{ApiVersion, Dialer};
use super::error::Understood;
use super::line::Line;
use super::lives::Lives;
use super::patience::Patience;
use super::transport::Transport;
use crate::engine::{
    Archive, BuildProgress, BuildRequest, Built, Chunk, Contact, ContainerId, ContainerSpec, ContainerState, Engine,
    EngineInfo, ErrorKind, ExecOutput, ExecRequest, ImageFacts, ImageId, NetworkId, NetworkSpec, Object, OfferedImage,
    Pieces, PublishedPort, PullProgress, Result, Running, Usage, VolumeSpec,
};

/// How often a daemon is greeted again that breaks the connection.
const TRIES: u32 = 3;

/// Docker's engine.
#[derive(Clone)]
pub struct Docker {
    /// Calls that bollard makes well.
    pub(super) api: bollard::Docker,
    /// Calls that it does not: those whose head must be here before something else may happen, and those whose stream tells more than
    /// bollard hands on.
    pub(super) road: Transport,
    pub(super) dialer: Dialer,
    /// Whether the daemon is there.
    pub(super) line: Line,
    /// What is known of containers that were started here.
    pub(super) lives: Arc<Lives>,
    pub(super) version: ApiVersion,
    pub(super) environment: Environment,
    pub(super) builder: Builder,
}

impl Docker {
    /// The daemon that the environment of this process names.
    ///
    /// # Errors
    /// As [`Docker::connect`].
    pub async fn from_environment() -> Result<Self> {
        Docker::connect(Environment::read()).await
    }

    /// The daemon that `environment` names. Asks it which version of the API to speak.
    ///
    /// # Errors
    /// `Unreachable` with every address tried and why it failed; `Forbidden` where this user may not open the socket.
    pub async fn connect(environment: Environment) -> Result<Self> {
        Docker::connect_with(environment, Patience::default()).await
    }

    /// The same, with as much patience as is given.
    ///
    /// # Errors
    /// As [`Docker::connect`].
    pub async fn connect_with(environment: Environment, patience: Patience) -> Result<Self> {
        let operation = "connect to the container engine";
        let dialer = Dialer::new(&environment)?;
        let mut tries = 0;
        let version = loop {
            match dialer.api_version_within(patience.ask).await.map_err(|error| error.understood(operation)) {
                Err(error) if matches!(error.kind, ErrorKind::Broken) && tries < TRIES => tries += 1,
                version => break version?,
            }
        };
        let line = Line::new(dialer.clone(), patience);
        let road = Transport::new(dialer.clone(), version);
        let api = road.api().map_err(|error| error.understood(operation))?;
        let builder = Builder::new(dialer.clone(), environment.config.clone());
        Ok(Docker { api, road, dialer, line, version, environment, builder, lives: Arc::default() })
    }
}

impl std::fmt::Debug for Docker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Docker({})", self.dialer.address())
    }
}

#[async_trait]
impl Engine for Docker {
    async fn info(&self) -> Result<EngineInfo> {
        self.who().await
    }

    fn contact(&self) -> watch::Receiver<Contact> {
        self.line.contact()
    }

    async fn confirm(&self) -> Result<u32> {
        self.line.confirm().await?;
        Ok(self.line.losses())
    }

    async fn image(&self, reference: &str) -> Result<Option<ImageFacts>> {
        self.find_image(reference).await
    }

    async fn offered(&self, reference: &str) -> Result<Option<OfferedImage>> {
        self.find_offer(reference).await
    }

    async fn pull(&self, reference: &str, platform: Option<&str>, progress: Sender<PullProgress>) -> Result<ImageId> {
        self.take(reference, platform, progress).await
    }

    async fn push(&self, reference: &str, progress: Sender<PullProgress>) -> Result<String> {
        self.publish(reference, progress).await
    }

    async fn tag(&self, image: &ImageId, reference: &str) -> Result<()> {
        self.name_image(image, reference).await
    }

    async fn import(&self, tar: &Path, labels: &[(String, String)]) -> Result<ImageId> {
        self.upload_root(tar, labels).await
    }

    async fn load(&self, archive: &Path) -> Result<ImageId> {
        self.load_archive(archive).await
    }

    async fn build(&self, request: BuildRequest, progress: Sender<BuildProgress>) -> Result<Built> {
        self.build_twice(request, progress).await
    }

    async fn remove_image(&self, reference: &str) -> Result<()> {
        self.drop_image(reference).await
    }

    async fn create_network(&self, spec: NetworkSpec) -> Result<NetworkId> {
        self.make_network(spec).await
    }

    async fn remove_network(&self, network: &NetworkId) -> Result<()> {
        self.drop_network(network).await
    }

    async fn vacate_network(&self, network: &NetworkId) -> Result<()> {
        self.empty_network(network).await
    }

    async fn create_volume(&self, spec: VolumeSpec) -> Result<String> {
        self.make_volume(spec).await
    }

    async fn remove_volume(&self, name: &str) -> Result<()> {
        self.drop_volume(name).await
    }

    async fn network(&self, name: &str) -> Result<Option<NetworkId>> {
        self.find_network(name).await
    }

    async fn has_volume(&self, name: &str) -> Result<bool> {
        self.find_volume(name).await
    }

    async fn create_container(&self, spec: ContainerSpec) -> Result<ContainerId> {
        self.make_container(spec).await
    }

    async fn start(&self, container: &ContainerId, output: Sender<Chunk>) -> Result<Running> {
        self.begin(container, output).await
    }

    async fn feed(&self, container: &ContainerId, input: Bytes) -> Result<()> {
        self.feed_process(container, input).await
    }

    async fn usage(&self, container: &ContainerId) -> Result<Usage> {
        self.used_by(container).await
    }

    async fn exec(&self, container: &ContainerId, request: ExecRequest) -> Result<ExecOutput> {
        self.run_in(container, request).await
    }

    async fn inspect(&self, container: &ContainerId) -> Result<ContainerState> {
        self.look_at(container).await
    }

    async fn stop(&self, container: &ContainerId, signal: Option<&str>, grace: Duration) -> Result<bool> {
        self.end(container, signal, grace).await
    }

    async fn kill(&self, container: &ContainerId, signal: &str) -> Result<()> {
        self.signal(container, signal).await
    }

    async fn pause(&self, container: &ContainerId) -> Result<()> {
        self.freeze(container).await
    }

    async fn unpause(&self, container: &ContainerId) -> Result<()> {
        self.thaw(container).await
    }

    async fn leave_network(&self, container: &ContainerId, network: &NetworkId) -> Result<()> {
        self.take_off(container, network).await
    }

    async fn join_network(&self, container: &ContainerId, network: &NetworkId, names: &[String]) -> Result<()> {
        self.put_on(container, network, names).await
    }

    async fn remove_container(&self, container: &ContainerId) -> Result<()> {
        self.drop_container(container).await
    }

    async fn copy_out(&self, container: &ContainerId, path: &str) -> Result<Archive> {
        self.take_out(container, path).await
    }

    async fn copy_in(&self, container: &ContainerId, path: &str, tar: Bytes) -> Result<()> {
        self.put_in(container, path, tar).await
    }

    async fn pour_in(&self, container: &ContainerId, path: &str, tar: Pieces) -> Result<()> {
        self.pour(container, path, tar).await
    }

    async fn logs(
        &self,
        container: &ContainerId,
        tail: Option<u32>,
        follow: bool,
        output: Sender<Chunk>,
    ) -> Result<()> {
        self.tell_log(container, tail, follow, output).await
    }

    async fn list(&self, label: &str, value: Option<&str>) -> Result<Vec<Object>> {
        self.labelled(label, value).await
    }

    async fn measure(&self, objects: &mut [Object]) -> Result<()> {
        self.measured(objects).await
    }

    async fn published_ports(&self) -> Result<Vec<(String, PublishedPort)>> {
        self.ports_held().await
    }
}
