use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{OnceCell, watch};
use tokio::time::Instant;

use super::output::Tail;
use crate::engine::{ContainerId, ContainerState, Exit, ImageFacts, NetworkId};
use crate::event::{Failure, Mishap};
use crate::plan::NodeId;
use crate::probe::Captured;

/// What steps made and learned, for the steps after them.
#[derive(Debug, Default)]
pub(super) struct Facts {
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    images: HashMap<NodeId, ImageFacts>,
    networks: HashMap<NodeId, NetworkId>,
    volumes: HashMap<NodeId, String>,
    containers: HashMap<NodeId, ContainerId>,
    services: HashMap<NodeId, Up>,
    ready: HashMap<NodeId, Duration>,
    passed: HashSet<NodeId>,
    retired: HashSet<NodeId>,
    disturbed: HashMap<NodeId, Disturbance>,
    tails: HashMap<NodeId, Tail>,
    bases: HashMap<(String, bool), Arc<OnceCell<()>>>,
    volume_locks: HashMap<String, Arc<tokio::sync::Mutex<()>>>,
    caches: HashSet<String>,
    captured: HashMap<NodeId, HashMap<String, Captured>>,
    incidents: Vec<Mischance>,
}

/// The end of a service's process that came by itself.
#[derive(Debug, Clone)]
pub(super) struct Mischance {
    /// Whose.
    pub(super) node: NodeId,
    /// When it was known.
    pub(super) at: Instant,
    /// How.
    pub(super) mishap: Mishap,
}

/// How many are remembered: a service may come up and end for hours.
const REMEMBERED: usize = 200;

/// What a test has done to a service.
#[derive(Debug, Default)]
struct Disturbance {
    /// Nothing starts it again by itself.
    down: bool,
    /// Networks that it was taken off, with what it is called there.
    left: Vec<(NetworkId, Vec<String>)>,
}

/// A service whose process has begun.
#[derive(Debug, Clone)]
pub(super) struct Up {
    /// When.
    pub(super) since: Instant,
    /// How it looked right after: its addresses and its ports on the host.
    pub(super) state: ContainerState,
    /// The first line of its output that its healthcheck looks out for, where it looks for one.
    pub(super) line: Option<watch::Receiver<Option<String>>>,
    /// How often it was started again.
    pub(super) starts: u32,
    /// The same, as it comes to be more.
    pub(super) restarted: watch::Receiver<u32>,
    /// How it ended, once it has and all that it wrote has been told.
    pub(super) ended: watch::Receiver<Option<Ended>>,
}

/// How a service's process ended: its code, or that nobody knows.
pub(super) type Ended = Result<Exit, Box<Failure>>;

impl Up {
    /// Waits until the process has ended.
    pub(super) async fn ended(&self) -> Ended {
        let mut ended = self.ended.clone();
        let end = ended.wait_for(Option::is_some).await.map(|end| end.clone().expect("is some"));
        match end {
            Ok(end) => end,
            // The watcher is gone with the run.
            Err(_) => std::future::pending().await,
        }
    }
}

impl Up {
    /// Waits until the process was started again, so that this is no longer how it looks.
    pub(super) async fn is_outdated(&self) {
        let mut restarted = self.restarted.clone();
        if restarted.wait_for(|starts| *starts > self.starts).await.is_err() {
            // It never will be.
            std::future::pending::<()>().await;
        }
    }
}

impl Facts {
    /// An image is there.
    pub(super) fn image_is(&self, node: NodeId, facts: ImageFacts) {
        self.lock().images.insert(node, facts);
    }

    /// What is known of a node's image.
    pub(super) fn image(&self, node: NodeId) -> Option<ImageFacts> {
        self.lock().images.get(&node).cloned()
    }

    /// A network is there.
    pub(super) fn network_is(&self, node: NodeId, network: NetworkId) {
        self.lock().networks.insert(node, network);
    }

    /// The network of a node.
    pub(super) fn network(&self, node: NodeId) -> Option<NetworkId> {
        self.lock().networks.get(&node).cloned()
    }

    /// A volume is there.
    pub(super) fn volume_is(&self, node: NodeId, volume: String) {
        self.lock().volumes.insert(node, volume);
    }

    /// The volume of a node, by its name on the engine.
    pub(super) fn volume(&self, node: NodeId) -> Option<String> {
        self.lock().volumes.get(&node).cloned()
    }

    /// A container is there.
    pub(super) fn container_is(&self, node: NodeId, container: ContainerId) {
        self.lock().containers.insert(node, container);
    }

    /// The container of a node is gone.
    pub(super) fn container_is_gone(&self, node: NodeId) {
        self.lock().containers.remove(&node);
    }

    /// The container of a node.
    pub(super) fn container(&self, node: NodeId) -> Option<ContainerId> {
        self.lock().containers.get(&node).cloned()
    }

    /// A service's process has begun.
    pub(super) fn service_is_up(&self, node: NodeId, up: Up) {
        self.lock().services.insert(node, up);
    }

    /// A service whose process has begun.
    pub(super) fn service(&self, node: NodeId) -> Option<Up> {
        self.lock().services.get(&node).cloned()
    }

    /// A service's process has ended.
    pub(super) fn has_ended(&self, node: NodeId, mishap: Mishap) {
        let mut inner = self.lock();
        if inner.incidents.len() == REMEMBERED {
            inner.incidents.remove(0);
        }
        inner.incidents.push(Mischance { node, at: Instant::now(), mishap });
    }

    /// The ends of services so far, oldest first.
    pub(super) fn incidents(&self) -> Vec<Mischance> {
        self.lock().incidents.clone()
    }

    /// A service was ready so long after its start.
    pub(super) fn service_is_ready(&self, node: NodeId, after: Duration) {
        self.lock().ready.insert(node, after);
    }

    /// How long a service took from its start until it was ready.
    pub(super) fn ready_after(&self, node: NodeId) -> Option<Duration> {
        self.lock().ready.get(&node).copied()
    }

    /// A service is now like this: its ports and addresses may be others than before.
    pub(super) fn look_again(&self, node: NodeId, state: ContainerState) {
        if let Some(up) = self.lock().services.get_mut(&node) {
            up.state = state;
        }
    }

    /// A test does something to a service: its end is no failure until it is restored.
    pub(super) fn disturb(&self, node: NodeId) {
        self.lock().disturbed.entry(node).or_default();
    }

    /// A service is what it was.
    pub(super) fn undisturb(&self, node: NodeId) {
        self.lock().disturbed.remove(&node);
    }

    /// Whether a test has done something to a service that is not made good.
    pub(super) fn is_disturbed(&self, node: NodeId) -> bool {
        self.lock().disturbed.contains_key(&node)
    }

    /// Whether a service that is disturbed is to stay down when it has ended.
    pub(super) fn hold_down(&self, node: NodeId, down: bool) {
        if let Some(disturbance) = self.lock().disturbed.get_mut(&node) {
            disturbance.down = down;
        }
    }

    /// Whether a service is not to be started again by itself.
    pub(super) fn is_down(&self, node: NodeId) -> bool {
        let inner = self.lock();
        inner.retired.contains(&node) || inner.disturbed.get(&node).is_some_and(|it| it.down)
    }

    /// A service was taken off a network.
    pub(super) fn leaves(&self, node: NodeId, network: NetworkId, names: Vec<String>) {
        if let Some(disturbance) = self.lock().disturbed.get_mut(&node) {
            disturbance.left.push((network, names));
        }
    }

    /// A service was put back on a network.
    pub(super) fn is_back(&self, node: NodeId, network: &NetworkId) {
        if let Some(disturbance) = self.lock().disturbed.get_mut(&node) {
            disturbance.left.retain(|(left, _)| left != network);
        }
    }

    /// The networks that a service was taken off.
    pub(super) fn left(&self, node: NodeId) -> Vec<(NetworkId, Vec<String>)> {
        self.lock().disturbed.get(&node).map(|it| it.left.clone()).unwrap_or_default()
    }

    /// A service is brought to its end, and is not to be started again.
    pub(super) fn retire(&self, node: NodeId) {
        self.lock().retired.insert(node);
    }

    /// Whether a service is being brought to its end by the run itself.
    pub(super) fn is_retired(&self, node: NodeId) -> bool {
        self.lock().retired.contains(&node)
    }

    /// A stage ended well.
    pub(super) fn passes(&self, node: NodeId) {
        self.lock().passed.insert(node);
    }

    /// Whether a stage ended well.
    pub(super) fn has_passed(&self, node: NodeId) -> bool {
        self.lock().passed.contains(&node)
    }

    /// The last lines that a node wrote.
    pub(super) fn tail(&self, node: NodeId) -> Tail {
        self.lock().tails.entry(node).or_default().clone()
    }

    /// Filled once a base image of builds was seen to: looked for anew, or only had.
    pub(super) fn base(&self, reference: &str, anew: bool) -> Arc<OnceCell<()>> {
        self.lock().bases.entry((reference.to_owned(), anew)).or_default().clone()
    }

    /// Held while a container that mounts this volume is made: the engine fills a new volume then, and must not do so twice at once.
    pub(super) fn volume_lock(&self, volume: &str) -> Arc<tokio::sync::Mutex<()>> {
        self.lock().volume_locks.entry(volume.to_owned()).or_default().clone()
    }

    /// The volume of a cache was looked at, and is one.
    pub(super) fn cache_is_known(&self, volume: &str) {
        self.lock().caches.insert(volume.to_owned());
    }

    /// Whether that has been done.
    pub(super) fn is_known_cache(&self, volume: &str) -> bool {
        self.lock().caches.contains(volume)
    }

    /// Steps before all tests of an acceptance have captured these values.
    pub(super) fn captures(&self, node: NodeId, captured: HashMap<String, Captured>) {
        self.lock().captured.insert(node, captured);
    }

    /// What steps before all tests of an acceptance have captured.
    pub(super) fn captured(&self, node: NodeId) -> HashMap<String, Captured> {
        self.lock().captured.get(&node).cloned().unwrap_or_default()
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
