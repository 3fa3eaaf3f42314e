use std::net::IpAddr;

/// What a container may use of its host, and how much; nothing said is as the engine has it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct HostSpec {
    /// Processors' worth of time.
    pub cpus: Option<f64>,
    /// The most memory, in bytes.
    pub memory: Option<u64>,
    /// The memory that it is pressed down to, in bytes.
    pub memory_reservation: Option<u64>,
    /// What may be swapped out besides `memory`, in bytes.
    pub swap: Option<u64>,
    /// The most processes and threads.
    pub pids: Option<u32>,
    /// The size of `/dev/shm`, in bytes.
    pub shm: Option<u64>,
    /// Limits of the kernel for each process.
    pub ulimits: Vec<UlimitSpec>,
    /// How much output the engine keeps.
    pub log: Option<LogSpec>,
    /// All capabilities and devices.
    pub privileged: bool,
    /// Capabilities given, without `CAP_`.
    pub cap_add: Vec<String>,
    /// Capabilities taken, without `CAP_`.
    pub cap_drop: Vec<String>,
    /// Options of security modules; a seccomp profile is the JSON itself.
    pub security: Vec<String>,
    /// No path of `/proc` and `/sys` is hidden or read-only.
    pub open_system_paths: bool,
    /// Kernel parameters of the container's namespaces.
    pub sysctls: Vec<(String, String)>,
    /// Devices of the host.
    pub devices: Vec<DeviceSpec>,
    /// GPUs.
    pub gpus: Option<GpuSpec>,
    /// DNS servers.
    pub dns: Vec<IpAddr>,
    /// Domains in which short names are looked for.
    pub dns_search: Vec<String>,
    /// Options of the resolver.
    pub dns_options: Vec<String>,
    /// Names with their addresses; no address is the host itself.
    pub extra_hosts: Vec<(String, Option<IpAddr>)>,
}

/// A limit of the kernel for each process; `None` is as much as there is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UlimitSpec {
    /// `nofile`.
    pub name: String,
    /// The limit that holds.
    pub soft: Option<u64>,
    /// How far it may be raised.
    pub hard: Option<u64>,
}

/// How much output the engine keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogSpec {
    /// The size at which a new file is begun, in bytes.
    pub size: u64,
    /// How many files are kept.
    pub files: u32,
}

/// A device of the host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceSpec {
    /// On the host.
    pub source: String,
    /// In the container.
    pub target: String,
    /// Of `r`, `w` and `m`.
    pub permissions: String,
}

/// GPUs that a container may use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GpuSpec {
    /// So many of any; all where there is no number and no device.
    pub count: Option<u32>,
    /// These.
    pub devices: Vec<String>,
    /// The engine's driver for them.
    pub driver: Option<String>,
    /// What the driver must be able to do.
    pub capabilities: Vec<String>,
}
