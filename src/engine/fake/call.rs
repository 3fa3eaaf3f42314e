use std::fmt;
use std::time::Duration;

/// One call that the fake got.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// What was asked.
    pub operation: Operation,
    /// Of what: the node's label where the object has one, else its name, reference or id.
    pub object: String,
    /// When, since the fake was made.
    pub begin: Duration,
    /// When it was answered.
    pub end: Option<Duration>,
    /// What came of it.
    pub outcome: Outcome,
}

/// What came of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Not answered yet.
    Pending,
    /// Answered.
    Done,
    /// Answered with an error of this text.
    Failed(String),
    /// Its future was dropped before the answer.
    Dropped,
}

/// `0.250 create-container db` with `→ …` where it did not end well.
impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.3} {}", self.begin.as_secs_f64(), self.operation)?;
        if !self.object.is_empty() {
            write!(f, " {}", self.object)?;
        }
        match &self.outcome {
            Outcome::Done => Ok(()),
            Outcome::Pending => f.write_str(" → …"),
            Outcome::Failed(message) => write!(f, " → {message}"),
            Outcome::Dropped => f.write_str(" → dropped"),
        }
    }
}

/// The calls of [`Engine`](crate::engine::Engine).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each is the method of its name")]
pub enum Operation {
    Info,
    Confirm,
    Image,
    Offered,
    Pull,
    Push,
    Tag,
    Import,
    Load,
    Build,
    RemoveImage,
    CreateNetwork,
    RemoveNetwork,
    VacateNetwork,
    CreateVolume,
    RemoveVolume,
    Network,
    HasVolume,
    CreateContainer,
    Start,
    Feed,
    Exec,
    Usage,
    Inspect,
    Stop,
    Kill,
    Pause,
    Unpause,
    LeaveNetwork,
    JoinNetwork,
    RemoveContainer,
    CopyOut,
    CopyIn,
    Logs,
    List,
    Measure,
    PublishedPorts,
}

impl Operation {
    /// Every one of them.
    pub const ALL: [Operation; 37] = [
        Operation::Info,
        Operation::Confirm,
        Operation::Image,
        Operation::Offered,
        Operation::Pull,
        Operation::Push,
        Operation::Tag,
        Operation::Import,
        Operation::Load,
        Operation::Build,
        Operation::RemoveImage,
        Operation::CreateNetwork,
        Operation::RemoveNetwork,
        Operation::VacateNetwork,
        Operation::CreateVolume,
        Operation::RemoveVolume,
        Operation::Network,
        Operation::HasVolume,
        Operation::CreateContainer,
        Operation::Start,
        Operation::Feed,
        Operation::Exec,
        Operation::Usage,
        Operation::Inspect,
        Operation::Stop,
        Operation::Kill,
        Operation::Pause,
        Operation::Unpause,
        Operation::LeaveNetwork,
        Operation::JoinNetwork,
        Operation::RemoveContainer,
        Operation::CopyOut,
        Operation::CopyIn,
        Operation::Logs,
        Operation::List,
        Operation::Measure,
        Operation::PublishedPorts,
    ];

    /// Whether it makes an object, so that its future must not be dropped.
    pub fn creates(self) -> bool {
        matches!(
            self,
            Operation::Pull
                | Operation::Import
                | Operation::Load
                | Operation::Build
                | Operation::CreateNetwork
                | Operation::CreateVolume
                | Operation::CreateContainer
        )
    }
}

/// Its method's name with dashes.
impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Operation::Info => "info",
            Operation::Confirm => "confirm",
            Operation::Image => "image",
            Operation::Offered => "offered",
            Operation::Pull => "pull",
            Operation::Push => "push",
            Operation::Tag => "tag",
            Operation::Import => "import",
            Operation::Load => "load",
            Operation::Build => "build",
            Operation::RemoveImage => "remove-image",
            Operation::CreateNetwork => "create-network",
            Operation::RemoveNetwork => "remove-network",
            Operation::VacateNetwork => "vacate-network",
            Operation::CreateVolume => "create-volume",
            Operation::RemoveVolume => "remove-volume",
            Operation::Network => "network",
            Operation::HasVolume => "has-volume",
            Operation::CreateContainer => "create-container",
            Operation::Start => "start",
            Operation::Feed => "feed",
            Operation::Exec => "exec",
            Operation::Usage => "usage",
            Operation::Inspect => "inspect",
            Operation::Stop => "stop",
            Operation::Kill => "kill",
            Operation::Pause => "pause",
            Operation::Unpause => "unpause",
            Operation::LeaveNetwork => "leave-network",
            Operation::JoinNetwork => "join-network",
            Operation::RemoveContainer => "remove-container",
            Operation::CopyOut => "copy-out",
            Operation::CopyIn => "copy-in",
            Operation::Logs => "logs",
            Operation::List => "list",
            Operation::Measure => "measure",
            Operation::PublishedPorts => "published-ports",
        })
    }
}
