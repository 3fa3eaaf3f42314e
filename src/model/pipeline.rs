use std::path::PathBuf;
use std::time::Duration;

use indexmap::IndexMap;
use regex::Regex;

use super::{Image, Name, Reference, Runnable, Text};
use crate::source::{Span, Spanned};

/// A pipeline that is valid: every name in it is declared, its needs have no cycle, its values are within their types.
///
/// It is made by resolving a spec, and in no other way.
#[derive(Debug, Clone)]
pub struct Pipeline {
    pub(super) header: Header,
    pub(super) params: IndexMap<Name, Param>,
    pub(super) secrets: IndexMap<Name, Secret>,
    pub(super) images: IndexMap<Name, Image>,
    pub(super) volumes: IndexMap<Name, Volume>,
    pub(super) networks: IndexMap<Name, Network>,
    pub(super) runnables: IndexMap<Name, Runnable>,
    pub(super) instances: IndexMap<Name, Vec<Name>>,
    pub(super) references: Vec<Reference>,
}

/// The `pipeline` node; where there is none, named after the directory.
#[derive(Debug, Clone)]
pub struct Header {
    /// The pipeline's name, a DNS label.
    pub name: Name,
    /// In a sentence.
    pub description: Option<String>,
    /// What is run when nothing is asked for; empty: all stages and acceptances.
    pub default: Vec<Spanned<Name>>,
    /// How many builds, pulls and stages at once.
    pub parallel: Option<Spanned<u32>>,
    /// How long a run may take.
    pub timeout: Option<Spanned<Duration>>,
    /// What is held by one run at a time on an engine.
    pub concurrency: Option<Spanned<Name>>,
    /// Labels for all containers.
    pub labels: IndexMap<String, Text>,
    /// The node, where there is one.
    pub span: Option<Span>,
}

/// A value from outside.
#[derive(Debug, Clone)]
pub struct Param {
    /// Its name, where it is declared.
    pub name: Spanned<Name>,
    /// Where its value comes from, the inputs of the analysis taken into account.
    pub source: ParamSource,
    /// The variable that may give it a value.
    pub env: Option<String>,
    /// What its value may be.
    pub allowed: Allowed,
    /// The whole node.
    pub span: Span,
}

/// What the value of a param may be.
#[derive(Debug, Clone, Default)]
pub enum Allowed {
    /// Anything.
    #[default]
    Anything,
    /// One of these.
    Choices(Vec<Spanned<String>>),
    /// What an expression matches as a whole.
    Pattern {
        /// As written.
        written: Spanned<String>,
        /// The same, for the whole of a value.
        whole: Regex,
    },
}

/// A command on the host whose output is a value; run only when the value is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostCommand {
    /// The program and its arguments.
    pub words: Vec<String>,
    /// Where it is run, from the pipeline's own directory: the directory of the file that says so.
    pub directory: PathBuf,
    /// How long it may take.
    pub timeout: Duration,
    /// The node.
    pub span: Span,
}

/// Where a param's value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ParamSource {
    /// Known: `--set`, the environment, or the default where there is no command.
    Value(String),
    /// A command on the host, run only when the value is wanted; the default where the command fails.
    Command {
        /// The command.
        command: HostCommand,
        /// Where the command fails.
        default: Option<String>,
    },
}

/// A value that must never be seen.
#[derive(Debug, Clone)]
pub struct Secret {
    /// Its name, where it is declared.
    pub name: Spanned<Name>,
    /// Where its value comes from.
    pub source: SecretSource,
    /// The whole node.
    pub span: Span,
}

/// Where a secret's value comes from.
#[derive(Clone, PartialEq, Eq)]
pub enum SecretSource {
    /// Known.
    Value(String),
    /// A file, relative to the pipeline's directory; read when a run begins.
    File(PathBuf),
    /// What a command says; run when a run begins.
    Command {
        /// The command.
        command: HostCommand,
        /// Where the command fails.
        default: Option<String>,
    },
}

/// Never shows the value.
impl std::fmt::Debug for SecretSource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            SecretSource::Value(_) => f.write_str("Value(…)"),
            SecretSource::Command { command, .. } => f.debug_tuple("Command").field(command).finish(),
            SecretSource::File(path) => f.debug_tuple("File").field(path).finish(),
        }
    }
}

/// A volume.
#[derive(Debug, Clone)]
pub struct Volume {
    /// Its name, where it is declared.
    pub name: Spanned<Name>,
    /// Exists already, under this name; never made or removed by pipe.
    pub external: Option<Text>,
    /// The driver.
    pub driver: Option<Text>,
    /// The driver's options.
    pub driver_opts: IndexMap<String, Text>,
    /// Labels.
    pub labels: IndexMap<String, Text>,
    /// The whole node.
    pub span: Span,
}

/// A network besides the run's own.
#[derive(Debug, Clone)]
pub struct Network {
    /// Its name, where it is declared.
    pub name: Spanned<Name>,
    /// Exists already, under this name; never made or removed by pipe.
    pub external: Option<Text>,
    /// Without a way out.
    pub internal: bool,
    /// The driver.
    pub driver: Option<Text>,
    /// The driver's options.
    pub driver_opts: IndexMap<String, Text>,
    /// Labels.
    pub labels: IndexMap<String, Text>,
    /// The whole node.
    pub span: Span,
}

impl Allowed {
    /// Whether a param may have this value.
    pub fn holds(&self, value: &str) -> bool {
        match self {
            Allowed::Anything => true,
            Allowed::Choices(choices) => choices.iter().any(|choice| choice.value == value),
            Allowed::Pattern { whole, .. } => whole.is_match(value),
        }
    }
}

impl Pipeline {
    /// The `pipeline` node.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// Params by name, in the order of the file.
    pub fn params(&self) -> &IndexMap<Name, Param> {
        &self.params
    }

    /// Secrets by name, in the order of the file.
    pub fn secrets(&self) -> &IndexMap<Name, Secret> {
        &self.secrets
    }

    /// Images by name, in the order of the file.
    pub fn images(&self) -> &IndexMap<Name, Image> {
        &self.images
    }

    /// Volumes by name, in the order of the file.
    pub fn volumes(&self) -> &IndexMap<Name, Volume> {
        &self.volumes
    }

    /// Networks by name, in the order of the file.
    pub fn networks(&self) -> &IndexMap<Name, Network> {
        &self.networks
    }

    /// Services, stages and acceptances by name, in the order of the file.
    pub fn runnables(&self) -> &IndexMap<Name, Runnable> {
        &self.runnables
    }

    /// The instances of each stage that has a matrix, by the stage's name; both in the order of the file.
    pub fn instances(&self) -> &IndexMap<Name, Vec<Name>> {
        &self.instances
    }

    /// Every place where a declared name is used.
    pub fn references(&self) -> &[Reference] {
        &self.references
    }
}
