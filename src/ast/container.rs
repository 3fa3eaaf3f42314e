use std::time::Duration;

use super::reader::Reader;
use super::{
    Command, Dns, EnvEntry, File, KeyValue, LogLimit, Mount, Need, Privileges, PullPolicy, Resources, Ulimit, Words,
};
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
    pub networks: Vec<JoinedNetwork>,
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
    /// `resources …`.
    pub resources: Resources,
    /// `ulimit …`, in order; a later one of the same name wins.
    pub ulimits: Vec<Ulimit>,
    /// `log-limit …`.
    pub log_limit: Option<LogLimit>,
    /// `privileged`, `cap`, `security-opt`, `sysctl`, `device` and `gpus`.
    pub privileges: Privileges,
    /// `dns` and `extra-host`.
    pub dns: Dns,
    /// `file` and `secret`, in order; a later one at the same path wins.
    pub files: Vec<File>,
    /// `platform "linux/arm64"`.
    pub platform: Option<Spanned<String>>,
    /// `pull always`.
    pub pull: Option<Spanned<PullPolicy>>,
    /// `tty`, `tty #false`.
    pub tty: Option<Spanned<bool>>,
}

/// `network NAME { alias … }`.
#[derive(Debug, Clone, PartialEq)]
pub struct JoinedNetwork {
    /// The network.
    pub name: Spanned<String>,
    /// Further host names in it.
    pub aliases: Vec<Spanned<String>>,
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

impl ContainerSettings {
    pub(super) fn decode(node: Reader<'_>) -> Self {
        let networks: Vec<JoinedNetwork> = node.children("network").filter_map(JoinedNetwork::decode).collect();
        ContainerSettings {
            extends: node.values("extends"),
            image: node.value("image"),
            command: Command::decode(node),
            entrypoint: node.words("entrypoint"),
            env: node.env(),
            env_files: node.values("env-file"),
            workdir: node.value("workdir"),
            user: node.value("user"),
            needs: Need::decode_all(node),
            after: node.values("after"),
            mounts: node.children("mount").filter_map(Mount::decode).collect(),
            isolated: networks.iter().find(|it| it.name.value == "none").map(|it| it.name.span),
            networks: networks.into_iter().filter(|it| it.name.value != "none").collect(),
            hostname: node.value("hostname"),
            init: node.switch("init"),
            read_only: node.switch("read-only"),
            stop: node.child("stop").map(Stop::decode),
            labels: node.pairs("label"),
            timeout: node.value("timeout"),
            resources: node.child("resources").map(Resources::decode).unwrap_or_default(),
            ulimits: node.children("ulimit").filter_map(Ulimit::decode).collect(),
            log_limit: node.child("log-limit").and_then(LogLimit::decode),
            privileges: Privileges::decode(node),
            dns: Dns::decode(node),
            files: File::decode_all(node),
            platform: node.value("platform"),
            pull: node.value("pull"),
            tty: node.switch("tty"),
        }
    }
}

impl JoinedNetwork {
    fn decode(node: Reader<'_>) -> Option<Self> {
        Some(JoinedNetwork { name: node.argument(0)?, aliases: node.values("alias") })
    }
}

impl Stop {
    fn decode(node: Reader<'_>) -> Self {
        Stop { signal: node.property("signal"), grace: node.property("grace"), span: node.span() }
    }
}
