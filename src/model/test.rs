use std::time::Duration;

use super::{Capture, Check, EnvOrText, Name, Probe, Text, WaitKind};
use crate::source::{Span, Spanned};

/// One test: its steps in order, with a scope of captures of its own.
#[derive(Debug, Clone)]
pub struct Test {
    /// What it promises; unique in its acceptance.
    pub name: Spanned<String>,
    /// The words to select it by.
    pub tags: Vec<String>,
    /// In order.
    pub steps: Vec<Step>,
    /// The rows that it is repeated for; none where it is run once.
    pub rows: Option<Vec<Row>>,
    /// Whether it is left out.
    pub skip: Option<Skip>,
    /// Whether those that do not say so are left out.
    pub only: bool,
    /// How many times more it is run where it fails.
    pub retry: u32,
    /// How long it may take.
    pub timeout: Option<Spanned<Duration>>,
    /// The whole node.
    pub span: Span,
}

/// One row of a table: its cells by column.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// In the order of the table.
    pub cells: Vec<(String, Text)>,
}

/// Why a test is left out.
#[derive(Debug, Clone)]
pub struct Skip {
    /// In the author's words.
    pub reason: Option<Text>,
    /// Only where this is true.
    pub condition: Option<Text>,
}

/// One thing that a test does.
#[derive(Debug, Clone)]
pub enum Step {
    /// Looks at something.
    Probe(Probe),
    /// Does something to a service.
    Action(Action),
    /// Asks probes again and again.
    Wait(Wait),
}

/// `eventually` or `consistently`.
#[derive(Debug, Clone)]
pub struct Wait {
    /// Whether they are to pass once or all the time.
    pub kind: WaitKind,
    /// Within what time, or for how long.
    pub limit: Duration,
    /// The time between two tries.
    pub every: Duration,
    /// How much longer each time between two tries is than the last one.
    pub backoff: f64,
    /// In order.
    pub probes: Vec<Probe>,
    /// The whole node.
    pub span: Span,
}

/// What is done to a service in the middle of a test.
#[derive(Debug, Clone)]
pub struct Action {
    /// What.
    pub kind: ActionKind,
    /// To whom.
    pub service: Spanned<Name>,
    /// What is expected of its end, where it is stopped.
    pub checks: Vec<Check>,
    /// What is kept of its end, where it is stopped.
    pub captures: Vec<Capture>,
    /// The whole node.
    pub span: Span,
}

/// A kind of action.
#[derive(Debug, Clone, PartialEq)]
pub enum ActionKind {
    /// Stopped; in what time, where the author says so.
    Stop(Option<Duration>),
    /// Started again.
    Start,
    /// A signal is sent.
    Kill(String),
    /// Frozen.
    Pause,
    /// Thawed.
    Unpause,
    /// Stopped and started again.
    Restart(Option<Duration>),
    /// Taken off a network; the run's own where none is named.
    Disconnect(Option<Spanned<Name>>),
    /// Put on a network; the run's own where none is named.
    Connect(Option<Spanned<Name>>),
}

impl Test {
    /// How many times it is run: once, or once a row.
    pub fn cases(&self) -> usize {
        self.rows.as_ref().map_or(1, Vec::len)
    }
}

impl Action {
    /// As a pipeline says it, with what it says of the time: `stop db grace="2s"`.
    pub fn line(&self) -> String {
        match &self.kind {
            ActionKind::Stop(Some(grace)) | ActionKind::Restart(Some(grace)) => {
                format!("{} grace=\"{grace:?}\"", self.title())
            }
            ActionKind::Kill(signal) => format!("{} signal={signal}", self.title()),
            ActionKind::Disconnect(Some(network)) | ActionKind::Connect(Some(network)) => {
                format!("{} network={}", self.title(), network.value)
            }
            _ => self.title(),
        }
    }

    /// Its word and its service: `stop db`.
    pub fn title(&self) -> String {
        let word = match self.kind {
            ActionKind::Stop(_) => "stop",
            ActionKind::Start => "start",
            ActionKind::Kill(_) => "kill",
            ActionKind::Pause => "pause",
            ActionKind::Unpause => "unpause",
            ActionKind::Restart(_) => "restart",
            ActionKind::Disconnect(_) => "disconnect",
            ActionKind::Connect(_) => "connect",
        };
        format!("{word} {}", self.service.value)
    }
}

impl Step {
    /// The whole node.
    pub fn span(&self) -> Span {
        match self {
            Step::Probe(probe) => probe.span,
            Step::Action(action) => action.span,
            Step::Wait(wait) => wait.span,
        }
    }

    /// Looks at each text that it needs, and at each secret.
    pub fn values(&self, look: &mut dyn FnMut(&EnvOrText<'_>)) {
        self.probes().iter().for_each(|probe| probe.values(look));
        if let Step::Action(action) = self {
            let mut text = |text: &Text| look(&EnvOrText::Text(text));
            action.checks.iter().for_each(|check| drop(check.map(&mut |it: &Text, _| text(it))));
            action.captures.iter().for_each(|capture| drop(capture.map(&mut |it: &Text, _| text(it))));
        }
    }

    /// The service that it does something to.
    pub fn disturbs(&self) -> Option<&Name> {
        match self {
            Step::Action(action) => Some(&action.service.value),
            Step::Probe(_) | Step::Wait(_) => None,
        }
    }

    /// The probes in it, in order.
    pub fn probes(&self) -> &[Probe] {
        match self {
            Step::Probe(probe) => std::slice::from_ref(probe),
            Step::Action(_) => &[],
            Step::Wait(wait) => &wait.probes,
        }
    }

    /// All that is expected in it, in order.
    pub fn checks(&self) -> impl Iterator<Item = &Check> {
        let own = match self {
            Step::Action(action) => action.checks.as_slice(),
            Step::Probe(_) | Step::Wait(_) => &[],
        };
        self.probes().iter().flat_map(|probe| &probe.checks).chain(own)
    }

    /// All that is kept in it, in order.
    pub fn captures(&self) -> impl Iterator<Item = &Capture> {
        let own = match self {
            Step::Action(action) => action.captures.as_slice(),
            Step::Probe(_) | Step::Wait(_) => &[],
        };
        self.probes().iter().flat_map(|probe| &probe.captures).chain(own)
    }
}
