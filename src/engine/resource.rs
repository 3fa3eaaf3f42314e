use std::fmt;

/// A network's id.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct NetworkId(pub String);

impl fmt::Display for NetworkId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A network to make.
#[derive(Debug, Clone, Default)]
pub struct NetworkSpec {
    /// Its name; not unique on older engines.
    pub name: String,
    /// Without a way out.
    pub internal: bool,
    /// The driver; `bridge` where there is none.
    pub driver: Option<String>,
    /// The driver's options.
    pub driver_opts: Vec<(String, String)>,
    /// Labels.
    pub labels: Vec<(String, String)>,
}

/// A volume to make.
#[derive(Debug, Clone, Default)]
pub struct VolumeSpec {
    /// Its name, which is its identity.
    pub name: String,
    /// The driver; `local` where there is none.
    pub driver: Option<String>,
    /// The driver's options.
    pub driver_opts: Vec<(String, String)>,
    /// Labels.
    pub labels: Vec<(String, String)>,
}

/// Who is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EngineInfo {
    /// Where: `unix:///var/run/docker.sock`.
    pub address: String,
    /// The engine's version.
    pub version: String,
    /// The API version agreed upon.
    pub api_version: String,
    /// What its machine runs by itself: `os/architecture`; empty where it does not say.
    pub platform: String,
    /// Processors of the engine's machine.
    pub cpus: usize,
    /// Whether a container's own address can be reached from here: an engine on this very Linux machine.
    pub direct: bool,
}
