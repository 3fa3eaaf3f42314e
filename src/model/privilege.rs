use indexmap::IndexMap;

use super::{SecurityOption, Text};

/// What a container may do besides what all containers may, and what less.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Privileges {
    /// All capabilities and devices.
    pub privileged: bool,
    /// Capabilities by name, without `CAP_`: given (`true`) or taken.
    pub capabilities: IndexMap<String, bool>,
    /// Options of security modules.
    pub security: Vec<SecurityOption>,
    /// Parameters of the kernel by name, of the container's own namespaces only.
    pub sysctls: IndexMap<String, Text>,
    /// Devices of the host.
    pub devices: Vec<Device>,
    /// GPUs.
    pub gpus: Option<Gpus>,
}

/// A device of the host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    /// On the host; absolute.
    pub source: Text,
    /// In the container; absolute.
    pub target: Text,
    /// Of `r`, `w` and `m`.
    pub permissions: String,
}

/// GPUs that a container may use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gpus {
    /// Which.
    pub which: WhichGpus,
    /// The engine's driver for them; one that fits where nobody says.
    pub driver: Option<Text>,
    /// What the driver must be able to do.
    pub capabilities: Vec<String>,
}

/// Which GPUs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WhichGpus {
    /// All of the machine.
    All,
    /// So many of any.
    Count(u32),
    /// These.
    Devices(Vec<Text>),
}
