use crate::event::{Event, Moment, Stamped, StepOutcome};
use crate::plan::{Plan, StepId};

/// When each step of a run was at work.
#[derive(Debug, Clone)]
pub struct Course {
    /// How many builds, pulls and stages were allowed at once.
    pub jobs: usize,
    /// By the index of the step; none where it never began.
    pub spans: Vec<Option<Span>>,
}

/// When a step was at work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// When it began.
    pub begun: Moment,
    /// When it ended; none while it is at work.
    pub ended: Option<Moment>,
    /// What came of it.
    pub end: End,
}

/// What came of a step, in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// It is still at work, or was when the run was left.
    None,
    /// It succeeded.
    Succeeded,
    /// It failed, and so did the run.
    Failed,
    /// It failed, and may.
    Allowed,
    /// It was broken off.
    Cancelled,
}

impl End {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            End::None => "running",
            End::Succeeded => "succeeded",
            End::Failed => "failed",
            End::Allowed => "failed, as allowed",
            End::Cancelled => "cancelled",
        }
    }
}

impl Course {
    /// Of a run that has not begun.
    pub fn new(plan: &Plan) -> Self {
        Course { jobs: 1, spans: vec![None; plan.steps.len()] }
    }

    /// Takes an event.
    pub fn take(&mut self, plan: &Plan, stamped: &Stamped) {
        match &stamped.event {
            Event::RunStarted { jobs, .. } => self.jobs = *jobs,
            Event::StepStarted(step) => {
                self.spans[step.index()] = Some(Span { begun: stamped.at, ended: None, end: End::None });
            }
            Event::StepSettled { step, outcome, .. } => self.settle(plan, *step, outcome, stamped.at),
            _ => {}
        }
    }

    fn settle(&mut self, plan: &Plan, step: StepId, outcome: &StepOutcome, at: Moment) {
        let Some(span) = &mut self.spans[step.index()] else { return };
        // A service that ended while it was needed settles a second time: it was at work until it was ready.
        span.ended.get_or_insert(at);
        span.end = match outcome {
            StepOutcome::Succeeded | StepOutcome::NotNeeded => End::Succeeded,
            StepOutcome::Failed(_) if plan.step(step).required => End::Failed,
            StepOutcome::Failed(_) => End::Allowed,
            StepOutcome::Skipped { .. } | StepOutcome::Cancelled => End::Cancelled,
        };
    }
}
