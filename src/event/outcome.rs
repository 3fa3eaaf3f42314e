use std::time::Duration;

use super::Failure;
use crate::plan::{NodeId, StepId};

/// What came of a step.
#[derive(Debug, Clone)]
pub enum StepOutcome {
    /// It did what it was for.
    Succeeded,
    /// It did not, and why.
    Failed(Box<Failure>),
    /// It never began, since that step did not succeed.
    Skipped {
        /// The first cause.
        because: StepId,
    },
    /// It was ended, or never began, since the run is ending: a failure elsewhere or a signal.
    Cancelled,
    /// A tear-down with nothing to take back, or of what stays on purpose.
    NotNeeded,
}

/// What a run came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Every wanted stage and test ran and passed.
    Passed,
    /// A stage, a build or a test failed.
    Failed,
    /// The engine failed.
    EngineFailed,
    /// The pipeline's own time-out ended it.
    TimedOut,
    /// A signal ended it.
    Interrupted {
        /// Its number.
        signal: i32,
    },
}

/// The end of a run in figures.
#[derive(Debug, Clone)]
pub struct Summary {
    /// What it came to.
    pub verdict: Verdict,
    /// How long it took, tear-down included.
    pub took: Duration,
    /// Containers, networks and volumes made.
    pub created: usize,
    /// Of these, removed.
    pub removed: usize,
    /// Of these, left on purpose.
    pub kept: usize,
    /// Of these, left against our will: kind and id of each.
    pub left: Vec<String>,
    /// What was asked for and never answered, kind and name of each, where the engine did not say either what is there: it may have been
    /// made, or come to be.
    pub unknown: Vec<String>,
    /// The containers among those left on purpose, by their names on the engine.
    pub containers: Vec<(NodeId, String)>,
    /// URLs of services that are still up.
    pub urls: Vec<(NodeId, u16, String)>,
}

/// The end of a run: what `run` answers, besides the events.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The figures.
    pub summary: Summary,
    /// Each step's outcome, by index.
    pub steps: Vec<StepOutcome>,
    /// Nothing of it can appear any more: every create was answered.
    pub settled: bool,
}

impl Verdict {
    /// The word for it in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Verdict::Passed => "passed",
            Verdict::Failed => "failed",
            Verdict::EngineFailed => "engine-failed",
            Verdict::TimedOut => "timed-out",
            Verdict::Interrupted { .. } => "interrupted",
        }
    }
}

impl StepOutcome {
    /// Whether it did what it was for.
    pub fn succeeded(&self) -> bool {
        matches!(self, StepOutcome::Succeeded)
    }
}
