use std::time::Duration;

use super::{Attempt, Failure, StepOutcome, Summary, TestCase};
use crate::plan::{NodeId, StepId};
use crate::source::Span;

/// An event and when it happened.
#[derive(Debug, Clone)]
pub struct Stamped {
    /// Since the run began.
    pub at: Moment,
    /// What.
    pub event: Event,
}

/// Time since the run began.
pub type Moment = Duration;

/// What happened.
#[derive(Debug, Clone)]
pub enum Event {
    /// The run has begun; its plan is known to all who listen.
    RunStarted {
        /// Its id.
        run: String,
        /// How many builds, pulls and stages may be at work at once.
        jobs: usize,
    },
    /// A step has begun.
    StepStarted(StepId),
    /// A step has ended, or will never begin. The last step of a service's coming up settles a second time, as failed, where
    /// it succeeded, or was broken off, and the service ends later while somebody needs it.
    StepSettled {
        /// Which.
        step: StepId,
        /// How.
        outcome: StepOutcome,
        /// How long it took; zero where it never began. Of a service that ended while it was needed: how long it ran.
        took: Duration,
    },
    /// A stage failed and is run again.
    Retrying {
        /// The stage.
        node: NodeId,
        /// Which attempt failed, from 1.
        attempt: u32,
        /// How many there may be.
        of: u32,
        /// Why it failed.
        failure: Box<Failure>,
        /// How long until the next one.
        pause: Duration,
    },
    /// A line that a container wrote, newline and carriage return left out, secrets masked.
    Output {
        /// Whose.
        node: NodeId,
        /// Where to.
        stream: OutputStream,
        /// The bytes of the line; not always UTF-8.
        line: Vec<u8>,
    },
    /// A step of a build began or ended.
    Build {
        /// The image.
        node: NodeId,
        /// `[release 3/6] RUN pip install …`
        step: String,
        /// `None`: it began.
        done: Option<BuildStepEnd>,
    },
    /// Bytes done of a pull, a push or a transfer of a build; none, of not known, when a pull or push begins.
    Transfer {
        /// The image.
        node: NodeId,
        /// What is done: `pulling`, `pulling debian:12` (a base image of a build), `pushing`, `context`.
        what: String,
        /// Done.
        current: u64,
        /// Of; 0 where not known.
        total: u64,
    },
    /// A try at finding a service ready.
    Probed {
        /// The service.
        node: NodeId,
        /// What came of it.
        attempt: Attempt,
        /// The end of the time that readiness may take.
        deadline: Moment,
    },
    /// A service can be reached from the host.
    Published {
        /// The service.
        node: NodeId,
        /// The container's port.
        port: u16,
        /// `http://127.0.0.1:32771`
        url: String,
    },
    /// A test has ended.
    Tested {
        /// The acceptance, or the bats file, or the stage whose report told it.
        node: NodeId,
        /// What.
        case: TestCase,
    },
    /// An artifact lies on the host.
    Collected {
        /// The stage.
        node: NodeId,
        /// In the container.
        from: String,
        /// On the host.
        to: String,
    },
    /// Something that the user should know and that fails nothing.
    Warning {
        /// About what.
        node: Option<NodeId>,
        /// In words.
        message: String,
    },
    /// A process that was asked to end did not within the time that its author gives it, and was killed.
    SignalIgnored {
        /// Whose.
        node: NodeId,
        /// `SIGTERM`.
        signal: String,
        /// How long it had.
        grace: Duration,
        /// Where the pipeline asks for that.
        span: Span,
    },
    /// A signal came: the first stops, the second kills, the third leaves.
    Interrupted {
        /// `SIGINT`.
        signal: &'static str,
        /// How many so far.
        count: u32,
    },
    /// The run has ended and taken back what it made.
    RunFinished(Box<Summary>),
}

/// How a step of a build ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BuildStepEnd {
    /// Nothing had to be done.
    Cached,
    /// It was done.
    Done,
    /// It failed.
    Failed,
}

/// One of the two streams of a process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OutputStream {
    /// Standard output.
    Stdout,
    /// Standard error.
    Stderr,
}
