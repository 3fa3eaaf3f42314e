use std::time::Duration;

/// What became of a service before something of a test failed: the likely cause, as the engine saw it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    /// The service.
    pub service: String,
    /// What became of it.
    pub mishap: Mishap,
    /// When, seen from what failed.
    pub when: When,
    /// What failed: `request`, `statement`, `command`.
    pub step: &'static str,
}

/// What can become of a service in the middle of a test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mishap {
    /// Its process ended, and is not started again.
    Ended {
        /// Its exit code.
        code: i64,
        /// It was killed for want of memory.
        oom_killed: bool,
    },
    /// The same, and it is started again as its author wants.
    StartedAgain {
        /// Its exit code.
        code: i64,
        /// It was killed for want of memory.
        oom_killed: bool,
    },
    /// A step of the same test did something to it.
    ByTest(Deed),
}

/// What a step of a test does to a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deed {
    /// Stopped it.
    Stopped,
    /// Started it.
    Started,
    /// Sent it a signal.
    Killed(String),
    /// Froze it.
    Paused,
    /// Thawed it.
    Unpaused,
    /// Stopped and started it.
    Restarted,
    /// Took it off a network.
    Disconnected,
    /// Put it on a network.
    Connected,
}

/// When something happened, seen from something else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// So long before it began.
    Before(Duration),
    /// So long after it began, while it was under way.
    During(Duration),
}
