use std::time::Duration;

use super::{Command, EnvEntry, KeyValue, Mount, Need, Words};
use crate::source::{Span, Spanned};

/// The settings of a container that templates, services, stages and bats files share.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ContainerSettings {
    /// `extends TEMPLATE…`, in order: later ones win.
    pub extends: Vec<Spanned<String>>,
    /// `image NAME`: a declared image or a reference to a registry.
    pub image: Option<Spanned<String>>,
    /// `command` or `sh`.
    pub command: Option<Command>,
    /// `entrypoint A B C`.
    pub entrypoint: Option<Words>,
    /// `env …`, in order; a later line of the same key wins.
    pub env: Vec<EnvEntry>,
    /// `env-file "FILE"…`, relative to the pipeline's directory; `env` wins over them.
    pub env_files: Vec<Spanned<String>>,
    /// `workdir "/path"`.
    pub workdir: Option<Spanned<String>>,
    /// `user NAME`.
    pub user: Option<Spanned<String>>,
    /// `needs X… gate=…`.
    pub needs: Vec<Need>,
    /// `after X…`.
    pub after: Vec<Spanned<String>>,
    /// `mount …`, in order.
    pub mounts: Vec<Mount>,
    /// `network NAME`, in order, `none` left out.
    pub networks: Vec<Spanned<String>>,
    /// `network none`: the word's place.
    pub isolated: Option<Span>,
    /// `hostname NAME`.
    pub hostname: Option<Spanned<String>>,
    /// `init`, `init #false`.
    pub init: Option<Spanned<bool>>,
    /// `read-only`, `read-only #false`.
    pub read_only: Option<Spanned<bool>>,
    /// `stop signal=… grace=…`.
    pub stop: Option<Stop>,
    /// `label KEY value`, in order.
    pub labels: Vec<KeyValue>,
    /// `timeout "10m"`.
    pub timeout: Option<Spanned<Duration>>,
}

/// `stop signal=SIGTERM grace="10s"`.
#[derive(Debug, Clone, PartialEq)]
pub struct Stop {
    /// The signal's name, in capitals, with `SIG`.
    pub signal: Option<Spanned<String>>,
    /// How long it may take before it is killed.
    pub grace: Option<Spanned<Duration>>,
    /// The node.
    pub span: Span,
}
