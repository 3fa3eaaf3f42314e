use std::fmt;

use super::{NodeId, Operation};
use crate::source::Span;

/// Which step of a plan: an index into [`Plan::steps`](super::Plan::steps).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StepId(pub u32);

impl StepId {
    /// As an index.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

impl fmt::Display for StepId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.0)
    }
}

/// One operation with its place in the order.
#[derive(Debug, Clone)]
pub struct Step {
    /// Its index.
    pub id: StepId,
    /// What it is about.
    pub node: NodeId,
    /// What is done.
    pub operation: Operation,
    /// What must be before.
    pub deps: Vec<Dep>,
    /// Which budget it draws on.
    pub lane: Lane,
    /// Whether the run fails where it does not succeed.
    pub required: bool,
    /// Why it is in the plan.
    pub cause: Cause,
    /// The line of the pipeline that asked for it.
    pub origin: Span,
    /// The step that takes back what this one makes.
    pub undo: Option<StepId>,
}

/// An edge: what another step must have come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Dep {
    /// The other step; its id is smaller, except from tear-down to work.
    pub on: StepId,
    /// What it must have come to.
    pub when: When,
}

/// What a step must have come to for another to begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum When {
    /// It succeeded; where it did not, the other is skipped.
    Succeeded,
    /// It ended in whatever way, or was skipped.
    Settled,
}

/// Which budget a step draws on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Lane {
    /// One of `--jobs`: builds, pulls, stages, test suites.
    Job,
    /// Costs the machine nothing to speak of: creates, starts, waits.
    Free,
    /// Takes back; runs also when the run was interrupted or failed, if the step that it undoes has begun.
    TearDown,
}

/// Why a step is in the plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    /// The user asked for this node.
    Wanted,
    /// Another node needs it.
    NeededBy(NodeId),
    /// It takes back what that step made.
    Undoes(StepId),
}
