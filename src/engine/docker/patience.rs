use std::time::Duration;

/// How long the daemon may take for what. Values, so that tests need not wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// For a question: a ping, an inspection, a list.
    pub ask: Duration,
    /// For making or removing something, and for a start.
    pub change: Duration,
    /// For the end of a process that was killed, beyond its grace.
    pub kill: Duration,
    /// How long a stream may be silent before the daemon is asked whether it is still there.
    pub idle: Duration,
    /// How often a container that is waited for is looked at, lest the wait was lost on the way.
    pub heartbeat: Duration,
    /// How long the output of a process that has ended may be silent before it is taken from the log.
    pub silence: Duration,
    /// How long a daemon that is gone is waited for.
    pub return_within: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Patience {
            ask: Duration::from_secs(10),
            change: Duration::from_secs(60),
            kill: Duration::from_secs(15),
            idle: Duration::from_secs(60),
            heartbeat: Duration::from_secs(5),
            silence: Duration::from_secs(10),
            return_within: Duration::from_secs(30),
        }
    }
}
