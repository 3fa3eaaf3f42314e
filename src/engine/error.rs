use std::fmt;

use super::BuildFailure;

/// What an engine could not do, and why, to branch on.
#[derive(Debug, Clone)]
pub struct EngineError {
    /// What went wrong.
    pub kind: ErrorKind,
    /// What was tried, in words: “create container `db`”.
    pub operation: String,
    /// The engine's own words.
    pub message: String,
}

/// What went wrong.
#[derive(Debug, Clone)]
pub enum ErrorKind {
    /// Nobody answers; each address tried and why it failed.
    Unreachable(Vec<String>),
    /// The socket is there and may not be used by this user.
    Forbidden,
    /// There is no such image, container, network, volume or path.
    NotFound,
    /// The name is taken, or the state does not allow it.
    Conflict,
    /// A port of the host is in use.
    PortTaken(u16),
    /// The registry wants credentials, or refuses those it got.
    AuthRequired,
    /// The build ended in a failure.
    BuildFailed(Box<BuildFailure>),
    /// The container's process cannot be started: not found, not executable, a bad mount.
    CannotStart,
    /// The engine has no subnet left for a network.
    NoSubnet,
    /// No space left on a device.
    NoSpace,
    /// No answer within the deadline of the call.
    TimedOut,
    /// The connection broke before the answer was whole. What was asked for may have been done.
    Broken,
    /// The engine went away and did not come back in time, or what ran on it ended while it was away and nobody saw how.
    Lost,
    /// An answer that no engine gives, or that was not understood.
    Garbled,
    /// An error of the engine's own.
    Protocol,
}

impl EngineError {
    /// An error of `kind` met while doing `operation`.
    pub fn new(kind: ErrorKind, operation: impl Into<String>, message: impl Into<String>) -> Self {
        EngineError { kind, operation: operation.into(), message: message.into() }
    }

    /// Whether it is of the engine, and not of what was asked of it: then nobody knows what was done.
    pub fn is_of_engine(&self) -> bool {
        self.is_of_contact() || matches!(self.kind, ErrorKind::Lost | ErrorKind::Garbled)
    }

    /// Whether it says nothing of what was asked for, only that the engine could not be heard: whoever may ask again can.
    pub fn is_of_contact(&self) -> bool {
        matches!(self.kind, ErrorKind::Unreachable(_) | ErrorKind::Forbidden | ErrorKind::TimedOut | ErrorKind::Broken)
    }
}

impl fmt::Display for EngineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.operation, self.message)
    }
}

impl std::error::Error for EngineError {}
