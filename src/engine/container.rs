use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;
use std::pin::Pin;
use std::time::Duration;

use bytes::Bytes;
use futures_util::Stream as FutureStream;
use futures_util::future::BoxFuture;

use super::{HostSpec, ImageId, NetworkId, Result};

/// A container's id.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ContainerId(pub String);

impl fmt::Display for ContainerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A container to make, with everything resolved.
#[derive(Debug, Clone, Default)]
pub struct ContainerSpec {
    /// Its name on the engine.
    pub name: String,
    /// Its image.
    pub image: ImageId,
    /// Instead of the image's entrypoint; an empty list means none.
    pub entrypoint: Option<Vec<String>>,
    /// Instead of the image's command.
    pub command: Option<Vec<String>>,
    /// `K=V`.
    pub env: Vec<(String, String)>,
    /// The working directory.
    pub workdir: Option<String>,
    /// `user[:group]`.
    pub user: Option<String>,
    /// The host name inside.
    pub hostname: Option<String>,
    /// Networks with the names that the container has there; none at all: no network.
    pub networks: Vec<(NetworkId, Vec<String>)>,
    /// What is mounted.
    pub mounts: Vec<MountSpec>,
    /// Ports published on the host.
    pub ports: Vec<PortSpec>,
    /// An init process as PID 1.
    pub init: bool,
    /// A read-only root file system.
    pub read_only: bool,
    /// The stop signal.
    pub stop_signal: Option<String>,
    /// The healthcheck that the engine runs too, so that its own tools tell the same story.
    pub health: HealthSpec,
    /// Labels.
    pub labels: Vec<(String, String)>,
    /// What it may use of its host.
    pub host: HostSpec,
    /// `os/architecture[/variant]` of its image.
    pub platform: Option<String>,
    /// A terminal: both streams of its output are one.
    pub tty: bool,
    /// Its process reads what it is fed with, once.
    pub stdin: bool,
}

/// The healthcheck as the engine knows it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum HealthSpec {
    /// What the image says.
    #[default]
    Image,
    /// None, whatever the image says.
    None,
    /// A command: `["CMD", …]` or `["CMD-SHELL", script]`.
    Command {
        /// In the API's form.
        test: Vec<String>,
        /// Between tries.
        interval: Duration,
        /// Of a try.
        timeout: Duration,
        /// Failures borne.
        retries: u32,
        /// Failures do not count within.
        start_period: Duration,
        /// Between tries within the start period, where the engine knows it.
        start_interval: Option<Duration>,
    },
}

/// Something mounted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MountSpec {
    /// A volume by name; takes what the image has at that place where the volume is new.
    Volume {
        /// The volume's name on the engine.
        name: String,
        /// Where.
        target: String,
        /// Not to be written.
        read_only: bool,
    },
    /// A path of the host; absolute; must exist.
    Bind {
        /// On the host.
        source: PathBuf,
        /// Where.
        target: String,
        /// Not to be written.
        read_only: bool,
    },
    /// A volume of the container's own, which takes what the image has at that place and goes with it.
    Anonymous {
        /// Where.
        target: String,
    },
    /// Memory.
    Tmpfs {
        /// Where.
        target: String,
        /// The most it may hold, in bytes.
        size: Option<u64>,
    },
}

/// What is spoken at a port.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum Protocol {
    /// Streams.
    #[default]
    Tcp,
    /// Datagrams.
    Udp,
    /// Messages in streams.
    Sctp,
}

impl Protocol {
    /// Its name.
    pub fn as_str(self) -> &'static str {
        match self {
            Protocol::Tcp => "tcp",
            Protocol::Udp => "udp",
            Protocol::Sctp => "sctp",
        }
    }

    /// The protocol of that name.
    pub fn named(name: &str) -> Option<Self> {
        [Protocol::Tcp, Protocol::Udp, Protocol::Sctp].into_iter().find(|protocol| protocol.as_str() == name)
    }
}

/// A port to publish.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PortSpec {
    /// In the container.
    pub container: u16,
    /// What is spoken there.
    pub protocol: Protocol,
    /// The host's address.
    pub bind: IpAddr,
    /// On the host; `None`: a free one.
    pub host: Option<u16>,
}

/// A port that is published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedPort {
    /// In the container.
    pub container: u16,
    /// What is spoken there.
    pub protocol: Protocol,
    /// The host's address.
    pub bind: IpAddr,
    /// On the host.
    pub host: u16,
}

/// What a container is doing.
#[derive(Debug, Clone)]
pub struct ContainerState {
    /// Its state; read before anything that is said of health.
    pub status: ContainerStatus,
    /// Its exit code; meaningful once it has ended.
    pub exit_code: i64,
    /// A process of it was killed for want of memory.
    pub oom_killed: bool,
    /// The engine's words where it could not start.
    pub error: String,
    /// Ports published on the host.
    pub ports: Vec<PublishedPort>,
    /// Its address in each of its networks.
    pub addresses: Vec<IpAddr>,
    /// Its networks, as long as it runs in them.
    pub networks: Vec<Joined>,
    /// What the engine's own healthcheck says, `healthy`, `unhealthy` or `starting`; empty where it runs none.
    pub health: String,
    /// Its image.
    pub image: ImageId,
}

/// A network that a container is in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Joined {
    /// Which.
    pub network: NetworkId,
    /// The container's addresses there.
    pub addresses: Vec<IpAddr>,
    /// What it is called there besides its own name.
    pub names: Vec<String>,
}

/// A container's state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContainerStatus {
    /// Made, not started.
    Created,
    /// Its process runs.
    Running,
    /// Frozen.
    Paused,
    /// Starting again.
    Restarting,
    /// Ended.
    Exited,
    /// Being removed, or broken.
    Dead,
}

/// A container whose process has begun.
pub struct Running {
    /// Answers when the process has ended and all its output was handed over.
    pub exit: BoxFuture<'static, Result<Exit>>,
}

impl fmt::Debug for Running {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Running")
    }
}

/// How a process ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exit {
    /// Its exit code; 128 + n where signal n ended it.
    pub code: i64,
    /// It, or a child of it, was killed for want of memory.
    pub oom_killed: bool,
}

/// Bytes that a container wrote; not aligned to lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chunk {
    /// To which of its streams.
    pub stream: Stream,
    /// What.
    pub data: Bytes,
}

/// One of the two streams of a process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stream {
    /// Standard output.
    Stdout,
    /// Standard error.
    Stderr,
}

/// A command to run in a running container.
#[derive(Debug, Clone, Default)]
pub struct ExecRequest {
    /// The words.
    pub command: Vec<String>,
    /// How long it may take; past it the answer is `TimedOut`.
    pub timeout: Duration,
    /// What it reads; nothing where there is none.
    pub stdin: Option<Bytes>,
    /// `K=V`, besides the variables of the container.
    pub env: Vec<(String, String)>,
    /// Instead of the container's working directory.
    pub workdir: Option<String>,
    /// Instead of the container's user: `user[:group]`.
    pub user: Option<String>,
    /// How many bytes of each stream are kept, apart, from the beginning. A command that writes more is not waited for.
    pub apart: Option<usize>,
}

/// What a command in a container did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ExecOutput {
    /// Its exit code; 126 and 127 where it could not be started.
    pub code: i64,
    /// Both streams in the order of arrival, at most 16 KiB from the end.
    pub output: Vec<u8>,
    /// Its output, where the streams were asked for apart.
    pub stdout: Vec<u8>,
    /// Its error output, where the streams were asked for apart.
    pub stderr: Vec<u8>,
    /// It wrote more than was asked for, and was not waited for: it has no exit code.
    pub is_cut: bool,
}

/// A tar that is made, as it comes. An error breaks it off.
pub type Pieces = Pin<Box<dyn FutureStream<Item = std::io::Result<Bytes>> + Send>>;

/// A tar as it comes.
pub type Archive = Pin<Box<dyn FutureStream<Item = Result<Bytes>> + Send>>;
