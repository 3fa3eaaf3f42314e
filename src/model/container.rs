use std::path::PathBuf;
use std::time::Duration;

use indexmap::IndexMap;

use super::{ByteSize, Dns, ImageUse, Limits, Name, Privileges, PullPolicy, PutFile, Text};
use crate::source::{Span, Spanned};

/// The settings of a container, templates merged in.
#[derive(Debug, Clone)]
pub struct Container {
    /// What it runs, and where that is said.
    pub image: Spanned<ImageUse>,
    /// Instead of the image's own command.
    pub command: Option<Command>,
    /// Instead of the image's own entrypoint.
    pub entrypoint: Option<Vec<Text>>,
    /// Variables by name, `env-file` included, in order.
    pub env: IndexMap<String, EnvValue>,
    /// The working directory.
    pub workdir: Option<Text>,
    /// `user[:group]`.
    pub user: Option<Text>,
    /// What is mounted where.
    pub mounts: Vec<Mount>,
    /// Declared networks besides the run's own; each with further aliases.
    pub networks: Vec<JoinedNetwork>,
    /// `network none`: no network at all.
    pub isolated: bool,
    /// The host name inside.
    pub hostname: Option<Text>,
    /// An init process as PID 1; on by default for stages.
    pub init: bool,
    /// A read-only root file system.
    pub read_only: bool,
    /// How it is stopped.
    pub stop: Stop,
    /// Labels by name.
    pub labels: IndexMap<String, Text>,
    /// How long it may take.
    pub timeout: Option<Spanned<Duration>>,
    /// How much of the machine it may use.
    pub limits: Limits,
    /// What it may do besides what all containers may.
    pub privileges: Privileges,
    /// How it finds the addresses of names.
    pub dns: Dns,
    /// Files that are put into it before it starts, one each path.
    pub files: Vec<PutFile>,
    /// `os/architecture[/variant]` of the image to run; what the engine runs by itself where nobody says.
    pub platform: Option<Spanned<String>>,
    /// When a registry is asked for its image, where that is one of a registry.
    pub pull: Option<Spanned<PullPolicy>>,
    /// A terminal: both streams of its output are one.
    pub tty: bool,
}

/// A declared network that a container joins.
#[derive(Debug, Clone)]
pub struct JoinedNetwork {
    /// The network.
    pub name: Spanned<Name>,
    /// Further host names of the container in it.
    pub aliases: Vec<Text>,
}

/// What a container runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// `command a b c`: no shell.
    Exec {
        /// The words.
        words: Vec<Text>,
        /// The node.
        span: Span,
    },
    /// `sh "script"`: the script for its interpreter, the image's entrypoint left out.
    Shell {
        /// The script.
        script: Text,
        /// What reads it.
        interpreter: Interpreter,
        /// The node.
        span: Span,
    },
}

/// What reads a script.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Interpreter {
    /// `/bin/sh -ec SCRIPT`.
    Sh,
    /// `bash -ec SCRIPT`.
    Bash,
    /// `python3 -u -c SCRIPT`: its output comes as it is written, and what it does not catch ends it.
    Python,
}

impl Interpreter {
    /// The words that run `script`.
    pub fn words(self, script: String) -> Vec<String> {
        let words: &[&str] = match self {
            Interpreter::Sh => &["/bin/sh", "-ec"],
            Interpreter::Bash => &["bash", "-ec"],
            Interpreter::Python => &["python3", "-u", "-c"],
        };
        words.iter().map(|&word| word.to_owned()).chain([script]).collect()
    }

    /// As its annotation names it.
    pub fn name(self) -> &'static str {
        match self {
            Interpreter::Sh => "sh",
            Interpreter::Bash => "bash",
            Interpreter::Python => "python",
        }
    }
}

/// The value of a variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EnvValue {
    /// Plain, with holes.
    Text(Text),
    /// `(secret)db-password`.
    Secret(Spanned<Name>),
}

/// Something mounted into a container.
#[derive(Debug, Clone)]
pub enum Mount {
    /// A declared volume.
    Volume(VolumeMount),
    /// A path of the host.
    Bind(BindMount),
    /// Memory.
    Tmpfs(TmpfsMount),
    /// A volume that is kept from run to run.
    Cache(CacheMount),
}

/// `mount cache "/path" name=wheels`.
#[derive(Debug, Clone)]
pub struct CacheMount {
    /// Mounts of one name share one volume.
    pub name: Text,
    /// Where in the container.
    pub target: Text,
    /// Not to be written.
    pub read_only: bool,
}

/// `mount public "/public"`.
#[derive(Debug, Clone)]
pub struct VolumeMount {
    /// The volume.
    pub volume: Spanned<Name>,
    /// Where in the container.
    pub target: Text,
    /// Not to be written.
    pub read_only: bool,
}

/// `mount "./dir" "/path"`.
#[derive(Debug, Clone)]
pub struct BindMount {
    /// The path on the host, relative to the pipeline's directory.
    pub source: Spanned<PathBuf>,
    /// Where in the container.
    pub target: Text,
    /// Not to be written.
    pub read_only: bool,
}

/// `mount tmpfs "/path" size="64MiB"`.
#[derive(Debug, Clone)]
pub struct TmpfsMount {
    /// Where in the container.
    pub target: Text,
    /// The most it may hold.
    pub size: Option<ByteSize>,
}

/// How a container is asked to end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stop {
    /// `SIGTERM`, where the image or the author says nothing else.
    pub signal: Option<Spanned<String>>,
    /// How long it may take before it is killed; `None`: nobody asked, so it is killed at once when its run has ended.
    pub grace: Option<Spanned<Duration>>,
}

impl Stop {
    /// Whether its author wants it to be asked at all; else it is killed at once when its work is done.
    pub fn is_asked(&self) -> bool {
        self.grace.is_some() || self.signal.is_some()
    }

    /// Where its author asks for it.
    pub fn asked_at(&self) -> Option<Span> {
        self.grace.as_ref().map(|grace| grace.span).or(self.signal.as_ref().map(|signal| signal.span))
    }

    /// How long it may take before it is killed, once it is asked: ten seconds where nobody says otherwise, as Docker has it.
    pub fn grace_or_default(&self) -> Duration {
        self.grace.as_ref().map_or(Duration::from_secs(10), |grace| grace.value)
    }
}
