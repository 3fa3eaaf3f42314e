use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use bytes::Bytes;
use indexmap::IndexMap;
use tokio::sync::{mpsc, watch};
use tokio::time::Instant;

use super::{Call, Fault, Script, Trade};
use crate::engine::{
    Chunk, Contact, ContainerSpec, ContainerStatus, EngineError, ErrorKind, Exit, ImageFacts, NetworkSpec,
    PublishedPort, Result, VolumeSpec, labels,
};

/// All that the fake holds. Guarded by one lock that is never held across an `await`.
pub(super) struct World {
    pub(super) begin: Instant,
    pub(super) images: Vec<ImageRecord>,
    pub(super) networks: IndexMap<String, NetworkRecord>,
    pub(super) volumes: IndexMap<String, VolumeRecord>,
    pub(super) containers: IndexMap<String, ContainerRecord>,
    pub(super) scripts: HashMap<String, Series<Script>>,
    pub(super) pulls: HashMap<String, Series<Trade>>,
    pub(super) pushes: HashMap<String, Series<Trade>>,
    pub(super) builds: HashMap<String, Series<Trade>>,
    pub(super) registry: BTreeSet<String>,
    pub(super) registry_has_everything: bool,
    /// Where it is not the one of the engine alone.
    pub(super) registry_platforms: HashMap<String, Vec<String>>,
    pub(super) ports_taken: BTreeSet<u16>,
    pub(super) ports_published: Vec<(String, PublishedPort)>,
    pub(super) faults: Vec<Fault>,
    pub(super) calls: Vec<Call>,
    pub(super) contact: watch::Sender<Contact>,
    pub(super) cpus: usize,
    pub(super) api_version: String,
    /// What processes were fed with, in order.
    pub(super) fed: Vec<Bytes>,
    made: u64,
}

pub(super) struct ImageRecord {
    pub(super) facts: ImageFacts,
    pub(super) references: Vec<String>,
    pub(super) labels: Vec<(String, String)>,
    /// Built, imported or loaded by a call, as against put there or pulled.
    pub(super) made: bool,
}

pub(super) struct NetworkRecord {
    pub(super) spec: NetworkSpec,
    pub(super) made: bool,
}

pub(super) struct VolumeRecord {
    pub(super) spec: VolumeSpec,
    pub(super) made: bool,
}

pub(super) struct ContainerRecord {
    pub(super) spec: ContainerSpec,
    pub(super) script: Arc<Script>,
    pub(super) status: ContainerStatus,
    pub(super) started: Option<Instant>,
    /// Answers of a scripted command that were given so far, by pattern.
    pub(super) attempts: HashMap<String, usize>,
    pub(super) files: BTreeMap<String, Vec<u8>>,
    pub(super) ports: Vec<PublishedPort>,
    /// All output, and how often something changed.
    pub(super) log: Vec<Chunk>,
    pub(super) changes: watch::Sender<u64>,
    /// How its process ended, from the moment on when it did.
    pub(super) ended: watch::Sender<Option<Exit>>,
    pub(super) signals: Option<mpsc::Sender<i64>>,
    /// Its process ended while the engine was away: nobody saw how.
    pub(super) unseen: Arc<AtomicBool>,
}

/// Answers given one after the other; the last one stays.
pub(super) struct Series<T> {
    items: Vec<T>,
    next: usize,
}

impl<T: Clone> Series<T> {
    pub(super) fn add(&mut self, item: T) {
        self.items.push(item);
    }

    fn take(&mut self) -> Option<T> {
        let item = self.items.get(self.next).or(self.items.last()).cloned();
        self.next += 1;
        item
    }
}

impl<T> Default for Series<T> {
    fn default() -> Self {
        Series { items: Vec::new(), next: 0 }
    }
}

/// The next answer for the first of `keys` that has any.
pub(super) fn next_of<T: Clone>(all: &mut HashMap<String, Series<T>>, keys: &[String]) -> Option<T> {
    let key = keys.iter().find(|key| all.contains_key(*key))?;
    all.get_mut(key).and_then(Series::take)
}

impl World {
    pub(super) fn new() -> Self {
        World {
            begin: Instant::now(),
            images: Vec::new(),
            networks: IndexMap::new(),
            volumes: IndexMap::new(),
            containers: IndexMap::new(),
            scripts: HashMap::new(),
            pulls: HashMap::new(),
            pushes: HashMap::new(),
            builds: HashMap::new(),
            registry: BTreeSet::new(),
            registry_has_everything: false,
            registry_platforms: HashMap::new(),
            ports_taken: BTreeSet::new(),
            ports_published: Vec::new(),
            faults: Vec::new(),
            calls: Vec::new(),
            contact: watch::Sender::default(),
            cpus: 4,
            api_version: "1.41".to_owned(),
            fed: Vec::new(),
            made: 0,
        }
    }

    pub(super) fn now(&self) -> Duration {
        self.begin.elapsed()
    }

    /// A number that no object has yet.
    pub(super) fn number(&mut self) -> u64 {
        self.made += 1;
        self.made
    }

    pub(super) fn container(&mut self, id: &str) -> Result<&mut ContainerRecord> {
        self.containers.get_mut(id).ok_or_else(|| no_such("container", id))
    }

    /// The image that has this id or reference.
    pub(super) fn find_image(&self, reference: &str) -> Option<&ImageRecord> {
        let reference = normal(reference);
        self.images.iter().find(|image| image.facts.id.0 == reference || image.references.contains(&reference))
    }

    pub(super) fn find_image_mut(&mut self, reference: &str) -> Option<&mut ImageRecord> {
        let reference = normal(reference);
        self.images.iter_mut().find(|image| image.facts.id.0 == reference || image.references.contains(&reference))
    }

    /// What calls about this container are logged under.
    pub(super) fn called(&self, id: &str) -> String {
        self.containers.get(id).map_or_else(|| id.to_owned(), |record| node(&record.spec.labels, &record.spec.name))
    }
}

/// The label of the node, or the name where there is none.
pub(super) fn node(labels: &[(String, String)], name: &str) -> String {
    label(labels, labels::NODE).unwrap_or(name).to_owned()
}

/// The value of a label.
pub(super) fn label<'a>(labels: &'a [(String, String)], name: &str) -> Option<&'a str> {
    labels.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

/// A reference with its tag.
pub(super) fn normal(reference: &str) -> String {
    let last = reference.rsplit('/').next().unwrap_or(reference);
    match last.contains([':', '@']) {
        true => reference.to_owned(),
        false => format!("{reference}:latest"),
    }
}

pub(super) fn no_such(what: &str, name: &str) -> EngineError {
    EngineError::new(ErrorKind::NotFound, format!("find {what} `{name}`"), format!("no such {what}: {name}"))
}
