use std::time::Duration;

use crate::source::Span;

/// Why a step failed, with its evidence. `report` draws it under the line of the pipeline that asked for the step.
#[derive(Debug, Clone)]
pub enum Failure {
    /// A registry has no such image, or does not give it.
    ImageUnavailable {
        /// What was asked for.
        reference: String,
        /// The registry's or engine's words.
        message: String,
        /// Credentials were wanted.
        auth: bool,
    },
    /// A build ended in a failure.
    BuildFailed {
        /// The step, as the builder names it.
        step: Option<String>,
        /// The exit code of its command.
        exit_code: Option<i64>,
        /// Its last lines.
        log: Vec<String>,
        /// The Dockerfile as the pipeline names it, and its lines from 1.
        dockerfile: String,
        /// From and to.
        lines: Option<(usize, usize)>,
        /// The builder's words.
        message: String,
    },
    /// A container could not be started.
    CannotStart {
        /// The engine's words.
        message: String,
    },
    /// A port of the host is in use.
    PortTaken {
        /// Which.
        port: u16,
        /// Where the pipeline asks for it.
        span: Option<Span>,
        /// Who holds it, where it is known.
        holder: Option<String>,
    },
    /// A stage ended with a code that is no success.
    StageFailed {
        /// Its code.
        code: i64,
        /// A process of it was killed for want of memory.
        oom_killed: bool,
        /// The last lines that it wrote.
        log: Vec<String>,
        /// Services that it needs which died: name, code, last lines.
        dead: Vec<(String, i64, Vec<String>)>,
        /// Services that it needs which are up and do not pass their check any more, with what that said.
        unwell: Vec<(String, Attempt)>,
    },
    /// A process of a stage or test suite was killed for want of memory, which fails it though it ended well.
    OutOfMemory {
        /// Its code, which would be a success.
        code: i64,
        /// The last lines that it wrote.
        log: Vec<String>,
    },
    /// A stage or test suite did not end in time.
    TimedOut {
        /// How long it had.
        limit: Duration,
        /// The last lines that it wrote.
        log: Vec<String>,
    },
    /// A service ended before it was ready, or while somebody needed it.
    ServiceExited {
        /// Its code.
        code: i64,
        /// It was killed for want of memory.
        oom_killed: bool,
        /// It had been ready.
        was_ready: bool,
        /// The last lines that it wrote.
        log: Vec<String>,
        /// The last tries.
        attempts: Vec<Attempt>,
    },
    /// A service was not ready in time.
    NotReady {
        /// How long was waited.
        waited: Duration,
        /// How many tries there were.
        tries: u32,
        /// The last tries.
        attempts: Vec<Attempt>,
        /// The last lines that it wrote.
        log: Vec<String>,
    },
    /// The tool of a healthcheck is not in the image: exit code 126 or 127 again and again.
    ProbeToolMissing {
        /// What was tried.
        command: String,
        /// The last try.
        attempt: Attempt,
    },
    /// The image declares no healthcheck, and its own was to be used.
    UncheckedImage {
        /// As the pipeline names it.
        image: String,
    },
    /// An artifact is not there, or could not be written.
    ArtifactMissing {
        /// In the container.
        path: String,
        /// Why.
        message: String,
        /// Whether it is this machine that does not take it.
        here: bool,
        /// Where the pipeline asks for it.
        span: Span,
    },
    /// The container of a stage does not take an input of it.
    InputRefused {
        /// Where it was to lie.
        at: String,
        /// The engine's words.
        message: String,
        /// Where the pipeline asks for it.
        span: Span,
    },
    /// A report says that tests failed, or holds no test, or is none.
    ReportFailed {
        /// The artifact.
        path: String,
        /// In words.
        message: String,
        /// Where the pipeline asks for it.
        span: Span,
    },
    /// Tests failed; each has been told as an event.
    TestsFailed {
        /// How many.
        failed: usize,
        /// Of.
        total: usize,
        /// The last lines of the tool, where one ran them.
        log: Vec<String>,
    },
    /// The run's time was up while it waited for other runs to end.
    NoTurn {
        /// What only one of them may hold.
        name: String,
        /// Which run holds it.
        holder: String,
        /// How long was waited.
        waited: Duration,
        /// Where the pipeline asks for it.
        span: Span,
    },
    /// A suite held no test at all.
    NoTests {
        /// The last lines of the tool.
        log: Vec<String>,
    },
    /// An external volume or network is not there.
    MissingExternal {
        /// `volume` or `network`.
        kind: &'static str,
        /// Its name on the engine.
        name: String,
    },
    /// The engine has an object of a name that the run needs, which pipe did not make.
    NameTaken {
        /// `container`, `network` or `volume`.
        kind: &'static str,
        /// Its name on the engine.
        name: String,
        /// Where the pipeline asks for it; none: where the step is asked for.
        span: Option<Span>,
    },
    /// A registry did not take an image.
    PushFailed {
        /// What was pushed.
        reference: String,
        /// The registry's words.
        message: String,
    },
    /// The engine failed.
    Engine {
        /// What was tried.
        operation: String,
        /// Its words.
        message: String,
        /// What the matter is.
        trouble: EngineTrouble,
    },
}

/// What the matter is with an engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EngineTrouble {
    /// It is there and does not do what it is asked for.
    Refused,
    /// Nobody answers.
    Unreachable,
    /// This user may not ask it.
    Forbidden,
    /// It was there and went away; what went on meanwhile is known to nobody.
    Lost,
    /// It takes questions and does not answer in time.
    Silent,
    /// Its answers make no sense.
    Garbled,
}

/// One try at finding a service ready.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// Which, from 1.
    pub number: u32,
    /// Since the service started.
    pub at: Duration,
    /// How long it took.
    pub took: Duration,
    /// It passed.
    pub passed: bool,
    /// The exit code of a command; the status of an HTTP answer.
    pub code: Option<i64>,
    /// What it said, cut to a few lines.
    pub output: String,
}

impl Failure {
    /// Whether the engine is to blame, and not the pipeline or what it runs.
    pub fn is_engine(&self) -> bool {
        matches!(self, Failure::Engine { .. })
    }
}
