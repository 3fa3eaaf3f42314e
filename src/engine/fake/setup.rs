use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::world::{ImageRecord, NetworkRecord, VolumeRecord, World, normal};
use super::{Call, Fault, Ledger, Operation, Outcome, Script, Trade};
use crate::engine::{
    EngineError, ErrorKind, ImageConfig, ImageFacts, ImageId, NetworkId, NetworkSpec, Object, ObjectKind,
    PublishedPort, VolumeSpec,
};

/// An engine in memory. Clones share one world: keep one to script and to look, give the other away.
///
/// ```
/// use std::time::Duration;
/// use pipe::engine::fake::{Fake, Script};
///
/// let fake = Fake::new();
/// fake.with_image("mariadb:10.11");
/// fake.on("db", Script::runs().ready_after(Duration::from_secs(3)));
/// fake.on("migrate", Script::exits(7));
/// assert!(fake.ledger().is_empty());
/// ```
///
/// Scripts are found by the container's name, then by its node label, then by its image's reference. What has none runs for ever where its
/// kind label says `service`, and else ends at once with code 0. Several scripts under one key serve one container after the other.
/// The fake must be made inside a tokio runtime's clock, paused or not.
#[derive(Clone)]
pub struct Fake {
    world: Arc<Mutex<World>>,
}

impl Default for Fake {
    fn default() -> Self {
        Fake::new()
    }
}

impl std::fmt::Debug for Fake {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Fake")
    }
}

impl Fake {
    /// An engine that holds nothing, with an empty registry and four processors.
    pub fn new() -> Self {
        Fake { world: Arc::new(Mutex::new(World::new())) }
    }

    /// An image is there under this reference.
    pub fn with_image(&self, reference: &str) -> ImageId {
        self.with_image_facts(reference, |_| ())
    }

    /// The same, with facts that matter to the test.
    pub fn with_image_facts(&self, reference: &str, change: impl FnOnce(&mut ImageFacts)) -> ImageId {
        let mut facts = facts(image_id(reference));
        change(&mut facts);
        let id = facts.id.clone();
        let references = vec![normal(reference)];
        self.lock().images.push(ImageRecord { facts, references, labels: Vec::new(), made: false });
        id
    }

    /// A network is there, made by somebody else.
    pub fn with_network(&self, name: &str) -> NetworkId {
        let mut world = self.lock();
        let id = format!("network-{}", world.number());
        let spec = NetworkSpec { name: name.to_owned(), ..NetworkSpec::default() };
        world.networks.insert(id.clone(), NetworkRecord { spec, made: false });
        NetworkId(id)
    }

    /// A volume is there, made by somebody else.
    pub fn with_volume(&self, name: &str) {
        let spec = VolumeSpec { name: name.to_owned(), ..VolumeSpec::default() };
        self.lock().volumes.insert(name.to_owned(), VolumeRecord { spec, made: false });
    }

    /// A process of the host holds this port.
    pub fn with_port_taken(&self, port: u16) {
        self.lock().ports_taken.insert(port);
    }

    /// A container of somebody else holds this port; it is told by [`published_ports`](crate::engine::Engine::published_ports).
    pub fn with_port_published(&self, container: &str, port: PublishedPort) {
        self.lock().ports_published.push((container.to_owned(), port));
    }

    /// The engine speaks this version of the API.
    pub fn with_api_version(&self, version: &str) {
        self.lock().api_version = version.to_owned();
    }

    /// The engine's machine has so many processors.
    pub fn with_cpus(&self, cpus: usize) {
        self.lock().cpus = cpus;
    }

    /// The registry has this reference.
    pub fn in_registry(&self, reference: &str) {
        self.lock().registry.insert(normal(reference));
    }

    /// The registry has this reference for these platforms alone.
    pub fn in_registry_for(&self, reference: &str, platforms: &[&str]) {
        let mut world = self.lock();
        world.registry.insert(normal(reference));
        let platforms = platforms.iter().map(|&platform| platform.to_owned()).collect();
        world.registry_platforms.insert(normal(reference), platforms);
    }

    /// Whatever is pulled is there to be pulled.
    pub fn registry_has_everything(&self) {
        self.lock().registry_has_everything = true;
    }

    /// What the next container of this name, node or image does.
    pub fn on(&self, key: &str, script: Script) {
        self.lock().scripts.entry(key.to_owned()).or_default().add(script);
    }

    /// What the next pull of this reference does. One that succeeds needs no entry in the registry.
    pub fn on_pull(&self, reference: &str, trade: Trade) {
        self.lock().pulls.entry(normal(reference)).or_default().add(trade);
    }

    /// What the next push of this reference does.
    pub fn on_push(&self, reference: &str, trade: Trade) {
        self.lock().pushes.entry(normal(reference)).or_default().add(trade);
    }

    /// What the next build of this node, tag or target does; one without a script succeeds at once.
    pub fn on_build(&self, key: &str, trade: Trade) {
        self.lock().builds.entry(key.to_owned()).or_default().add(trade);
    }

    /// The engine itself fails.
    pub fn inject(&self, fault: Fault) {
        self.lock().faults.push(fault);
    }

    /// What calls have made and not removed.
    pub fn ledger(&self) -> Ledger {
        Ledger { objects: self.objects(true) }
    }

    /// Every call so far, in the order of their beginning.
    pub fn calls(&self) -> Vec<Call> {
        self.lock().calls.clone()
    }

    /// The calls that change something, one line each, with virtual seconds: for snapshots.
    pub fn transcript(&self) -> String {
        let looks = [
            Operation::Info,
            Operation::Image,
            Operation::Offered,
            Operation::Network,
            Operation::HasVolume,
            Operation::Inspect,
            Operation::List,
            Operation::PublishedPorts,
        ];
        let calls = self.calls().into_iter().filter(|call| !looks.contains(&call.operation));
        calls.map(|call| format!("{call}\n")).collect()
    }

    /// What processes were fed with, in order.
    pub fn fed(&self) -> Vec<Vec<u8>> {
        self.lock().fed.iter().map(|input| input.to_vec()).collect()
    }

    /// How many calls of `operation` there were.
    pub fn count(&self, operation: Operation) -> usize {
        self.lock().calls.iter().filter(|call| call.operation == operation).count()
    }

    /// Calls that make something and whose future was dropped before the answer: a breach of the law of [`Engine`](crate::engine::Engine).
    pub fn dropped_creates(&self) -> Vec<Call> {
        let calls = self.calls().into_iter();
        calls.filter(|call| call.operation.creates() && call.outcome == Outcome::Dropped).collect()
    }

    /// The time since the fake was made.
    pub fn now(&self) -> Duration {
        self.lock().now()
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Everything there is; where `made`, only what calls made.
    pub(super) fn objects(&self, made: bool) -> Vec<Object> {
        let world = self.lock();
        let containers = world.containers.iter().map(|(id, record)| Object {
            kind: ObjectKind::Container,
            id: id.clone(),
            name: record.spec.name.clone(),
            labels: record.spec.labels.clone(),
            created: 0,
            size: 0,
            status: format!("{:?}", record.status).to_lowercase(),
        });
        let networks = world.networks.iter().filter(|(_, record)| record.made || !made);
        let networks =
            networks.map(|(id, record)| plain(ObjectKind::Network, id, &record.spec.name, &record.spec.labels));
        let volumes = world.volumes.iter().filter(|(_, record)| record.made || !made);
        let volumes = volumes.map(|(name, record)| plain(ObjectKind::Volume, name, name, &record.spec.labels));
        let images = world.images.iter().filter(|record| record.made || !made).map(|record| {
            let name = record.references.first().map_or("", String::as_str);
            Object { size: record.facts.size, ..plain(ObjectKind::Image, &record.facts.id.0, name, &record.labels) }
        });
        containers.chain(networks).chain(volumes).chain(images).collect()
    }
}

/// What the fake's machine runs, and its images are for.
pub(super) const PLATFORM: &str = "linux/amd64";

/// Facts of an image about which nothing is known but its id.
pub(super) fn facts(id: ImageId) -> ImageFacts {
    ImageFacts {
        id,
        platform: PLATFORM.to_owned(),
        entrypoint: Vec::new(),
        command: vec!["sh".into()],
        stop_signal: None,
        health: None,
        exposed: Vec::new(),
        config: ImageConfig::default(),
        size: 1_000_000,
        digests: Vec::new(),
    }
}

/// The id of an image with this content: the same content has the same id.
pub(super) fn image_id(content: &str) -> ImageId {
    use sha2::{Digest, Sha256};
    let hash: String = Sha256::digest(content.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
    ImageId(format!("sha256:{hash}"))
}

pub(super) fn error(pair: &(ErrorKind, String), operation: Operation, object: &str) -> EngineError {
    EngineError::new(pair.0.clone(), format!("{operation} `{object}`"), pair.1.clone())
}

fn plain(kind: ObjectKind, id: &str, name: &str, labels: &[(String, String)]) -> Object {
    Object {
        kind,
        id: id.to_owned(),
        name: name.to_owned(),
        labels: labels.to_vec(),
        created: 0,
        size: 0,
        status: String::new(),
    }
}
