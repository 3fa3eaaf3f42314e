/// What a container uses, as its engine measures it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Usage {
    /// Bytes of memory, without what the kernel holds for files that may go at any time.
    pub memory: u64,
    /// The most bytes of memory so far; `None` where the engine does not say, as with control groups of version 2.
    pub peak_memory: Option<u64>,
    /// Processors kept busy in the last second, in percent of one.
    pub cpu: f64,
    /// Processes and threads.
    pub pids: u64,
    /// Bytes received from all networks.
    pub received: u64,
    /// Bytes sent to all networks.
    pub sent: u64,
}
