use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

/// An image's id: `sha256:…`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct ImageId(pub String);

impl fmt::Display for ImageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What is known of an image.
#[derive(Debug, Clone)]
pub struct ImageFacts {
    /// Its id.
    pub id: ImageId,
    /// `os/architecture[/variant]`.
    pub platform: String,
    /// The entrypoint that it declares.
    pub entrypoint: Vec<String>,
    /// The command that it declares.
    pub command: Vec<String>,
    /// The signal that it wants to be stopped with.
    pub stop_signal: Option<String>,
    /// The healthcheck that it declares.
    pub health: Option<ImageHealth>,
    /// The TCP ports that it exposes.
    pub exposed: Vec<u16>,
    /// What else it declares.
    pub config: ImageConfig,
    /// Its size in bytes.
    pub size: u64,
    /// What registries know it by: `name@sha256:…`, one for each that it came from or went to.
    pub digests: Vec<String>,
}

/// What an image declares for its containers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImageConfig {
    /// The user that its commands run as; empty for root.
    pub user: String,
    /// Variables.
    pub env: Vec<(String, String)>,
    /// Labels, by name.
    pub labels: BTreeMap<String, String>,
    /// The directory that commands start in; empty for `/`.
    pub workdir: String,
    /// Ports that it exposes, in order: `8000/tcp`.
    pub ports: Vec<String>,
    /// Paths of volumes, in order.
    pub volumes: Vec<String>,
    /// How many layers its file system has.
    pub layers: usize,
}

/// What a registry has under a reference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfferedImage {
    /// The digest behind the tag now: `sha256:…`.
    pub digest: String,
    /// For which platforms there is one, `os/architecture[/variant]` each; empty where the registry does not say.
    pub platforms: Vec<String>,
}

/// The healthcheck that an image declares; what it does not say is zero.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImageHealth {
    /// In the API's form: `["CMD", …]` or `["CMD-SHELL", script]`.
    pub test: Vec<String>,
    /// Between tries.
    pub interval: Duration,
    /// Of a try.
    pub timeout: Duration,
    /// Failures borne.
    pub retries: u32,
    /// Failures do not count within.
    pub start_period: Duration,
}

/// How far a pull or a push is: the bytes of one layer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PullProgress {
    /// The layer; empty for the whole.
    pub layer: String,
    /// `Downloading`, `Extracting`, `Pushing`, `Pull complete`.
    pub status: String,
    /// Bytes done.
    pub current: u64,
    /// Bytes in all; 0 where not known.
    pub total: u64,
}
