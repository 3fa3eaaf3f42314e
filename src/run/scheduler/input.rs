use crate::event::{Event, Failure, Moment, StepOutcome, Verdict};
use crate::plan::{NodeId, StepId};
use crate::run::Signal;

/// What holds for a whole run.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// How many steps of [`Lane::Job`](crate::plan::Lane::Job) at once; at least one.
    pub jobs: usize,
    /// A failure stops only what depends on it.
    pub keep_going: bool,
    /// When work must have ended.
    pub deadline: Option<Moment>,
}

/// Something that happened.
#[derive(Debug)]
pub enum Input {
    /// A step will fail, and that is known before anything began.
    Refused {
        /// Which.
        step: StepId,
        /// Why.
        failure: Box<Failure>,
    },
    /// The run begins.
    Begin,
    /// A step that was begun has come to its end.
    Ended {
        /// Which.
        step: StepId,
        /// How.
        outcome: StepOutcome,
    },
    /// The process of a service has ended, and nobody had asked it to.
    ServiceDied {
        /// Which.
        node: NodeId,
        /// How.
        failure: Box<Failure>,
    },
    /// A signal came.
    Signal(Signal),
    /// Time passed.
    Tick,
}

/// Something to be done.
#[derive(Debug)]
pub enum Effect {
    /// Begin a step; its end is to be told.
    Begin(StepId),
    /// Break off a step that was begun; its end is still to be told.
    Cancel {
        /// Which.
        step: StepId,
        /// How.
        how: CancelHow,
    },
    /// Let those who listen know.
    Tell(Event),
    /// The run is over: nothing more will be asked for.
    Finish(Verdict),
}

/// How a step is broken off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum CancelHow {
    /// As its author asks: with its stop signal and its grace.
    Gracefully,
    /// At once.
    Kill,
}
