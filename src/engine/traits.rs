use std::path::Path;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use tokio::sync::mpsc::Sender;
use tokio::sync::watch;

use super::{
    Archive, BuildProgress, BuildRequest, Built, Chunk, Contact, ContainerId, ContainerSpec, ContainerState,
    EngineError, EngineInfo, ExecOutput, ExecRequest, ImageFacts, ImageId, NetworkId, NetworkSpec, Object,
    OfferedImage, Pieces, PublishedPort, PullProgress, Running, Usage, VolumeSpec,
};

/// What an engine answers.
pub type Result<T> = std::result::Result<T, EngineError>;

/// A container engine.
///
/// Laws that every occupant keeps, held by one contract suite:
/// - a create that answers has made exactly one object, and a create whose future is dropped may have made it all the same,
///   so callers never drop one;
/// - removing what is gone already succeeds; stopping what has ended or is gone already succeeds, and so does a signal to what has ended;
/// - contact that is lost is waited for, so long as the engine's patience lasts; what could be asked again was asked again, and what
///   streams was taken up where it broke off, before an error is answered;
/// - an end that nobody saw is no end: where a container ended while the engine was away, its exit is answered as `Lost`;
/// - progress and output go to bounded channels: a slow reader slows the engine and grows no memory; a closed channel is no error.
#[async_trait]
pub trait Engine: Send + Sync {
    /// Who is there; also the proof that somebody is.
    async fn info(&self) -> Result<EngineInfo>;
    /// Whether it can be reached, as that changes.
    fn contact(&self) -> watch::Receiver<Contact>;
    /// Makes sure that it is there now, and waits for its return where it is not; answers how often contact was lost so far.
    async fn confirm(&self) -> Result<u32>;

    /// The image that `reference` (or id) names on this engine; `None` where there is none.
    async fn image(&self, reference: &str) -> Result<Option<ImageFacts>>;
    /// What its registry has under `reference`, with the credentials of Docker's own configuration; nothing is taken. `None` where the
    /// registry has no such image.
    async fn offered(&self, reference: &str) -> Result<Option<OfferedImage>>;
    /// Takes an image from its registry, for `platform` (the engine's own where there is none), with the credentials of Docker's own
    /// configuration.
    async fn pull(&self, reference: &str, platform: Option<&str>, progress: Sender<PullProgress>) -> Result<ImageId>;
    /// Publishes an image that has this tag here; answers the digest that the registry gave it.
    async fn push(&self, reference: &str, progress: Sender<PullProgress>) -> Result<String>;
    /// Gives an image one more name.
    async fn tag(&self, image: &ImageId, reference: &str) -> Result<()>;
    /// Makes an image of the tar of a root file system, labelled; a new one each time, without a name.
    async fn import(&self, tar: &Path, labels: &[(String, String)]) -> Result<ImageId>;
    /// Reads the archive of `docker save`; answers the image that it names (the last, where there are several).
    async fn load(&self, archive: &Path) -> Result<ImageId>;
    /// Builds an image. Builds of one engine value share one session, so that a Dockerfile stage runs once.
    async fn build(&self, request: BuildRequest, progress: Sender<BuildProgress>) -> Result<Built>;
    /// Removes an image (by id or reference) with the untagged images below it.
    async fn remove_image(&self, reference: &str) -> Result<()>;

    /// Makes a network.
    async fn create_network(&self, spec: NetworkSpec) -> Result<NetworkId>;
    /// Removes a network.
    async fn remove_network(&self, network: &NetworkId) -> Result<()>;
    /// Takes all containers out of a network, whoever's they are; they run on. One that is gone already has none.
    async fn vacate_network(&self, network: &NetworkId) -> Result<()>;
    /// Makes a volume; answers its name, which is its identity.
    async fn create_volume(&self, spec: VolumeSpec) -> Result<String>;
    /// Removes a volume.
    async fn remove_volume(&self, name: &str) -> Result<()>;
    /// Whether a network (by name or id) exists, and its id.
    async fn network(&self, name: &str) -> Result<Option<NetworkId>>;
    /// Whether a volume of this name exists.
    async fn has_volume(&self, name: &str) -> Result<bool>;

    /// Makes a container, with its networks, not started.
    async fn create_container(&self, spec: ContainerSpec) -> Result<ContainerId>;
    /// Starts a container. Output is attached and the exit subscribed to before the process begins, so nothing is missed.
    /// The channel closes after the last byte; [`Running::exit`] answers after that.
    async fn start(&self, container: &ContainerId, output: Sender<Chunk>) -> Result<Running>;
    /// Gives the process of a running container all that it reads, and its end; for one that was made to be fed. What has ended reads
    /// nothing, and that is no error.
    async fn feed(&self, container: &ContainerId, input: Bytes) -> Result<()>;
    /// Runs a command in a running container and waits for it, at most for the request's time-out.
    async fn exec(&self, container: &ContainerId, request: ExecRequest) -> Result<ExecOutput>;
    /// What the container is doing.
    async fn inspect(&self, container: &ContainerId) -> Result<ContainerState>;
    /// What a running container uses. It takes about a second.
    async fn usage(&self, container: &ContainerId) -> Result<Usage>;
    /// Sends the stop signal, waits for the end at most `grace`, then kills. Answers whether it ended by itself.
    async fn stop(&self, container: &ContainerId, signal: Option<&str>, grace: Duration) -> Result<bool>;
    /// Sends a signal.
    async fn kill(&self, container: &ContainerId, signal: &str) -> Result<()>;
    /// Freezes all processes of a running container; `Conflict` where it is frozen already, or does not run.
    async fn pause(&self, container: &ContainerId) -> Result<()>;
    /// Lets the processes of a frozen container go on; `Conflict` where it is not frozen.
    async fn unpause(&self, container: &ContainerId) -> Result<()>;
    /// Takes a container out of a network; it runs on. One that is not in it, is out of it already.
    async fn leave_network(&self, container: &ContainerId, network: &NetworkId) -> Result<()>;
    /// Puts a container into a network, under these names besides its own. Its addresses and ports may be others than before.
    async fn join_network(&self, container: &ContainerId, network: &NetworkId, names: &[String]) -> Result<()>;
    /// Kills and removes a container with its anonymous volumes.
    async fn remove_container(&self, container: &ContainerId) -> Result<()>;
    /// What stands at `path` in a container, running or not, as a tar. `NotFound` where nothing is there.
    async fn copy_out(&self, container: &ContainerId, path: &str) -> Result<Archive>;
    /// Unpacks a tar into the directory `path` of a container, running or not.
    async fn copy_in(&self, container: &ContainerId, path: &str, tar: Bytes) -> Result<()>;
    /// The same for a tar as it comes. It is asked for once: what has been unpacked of one that breaks off is known to nobody.
    async fn pour_in(&self, container: &ContainerId, path: &str, tar: Pieces) -> Result<()>;
    /// The output kept by the engine: the last `tail` lines (all: `None`), then what comes where `follow`; ends with the container.
    async fn logs(&self, container: &ContainerId, tail: Option<u32>, follow: bool, output: Sender<Chunk>)
    -> Result<()>;

    /// Everything that carries this label (with this value, where one is given).
    async fn list(&self, label: &str, value: Option<&str>) -> Result<Vec<Object>>;
    /// Fills in the sizes of containers and volumes, as far as the engine knows them: what a container has written, what a volume holds.
    /// It may take seconds.
    async fn measure(&self, objects: &mut [Object]) -> Result<()>;
    /// The ports that running containers hold on the host, with the container's name.
    async fn published_ports(&self) -> Result<Vec<(String, PublishedPort)>>;
}
