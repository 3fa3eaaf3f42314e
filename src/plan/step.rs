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
    /// What must be before, in order of ids.
    pub deps: Vec<Dep>,
    /// Services that must live until this step has settled, by node; those behind other services included.
    pub uses: Vec<NodeId>,
    /// Which budget it draws on.
    pub lane: Lane,
    /// It is the work of a stage that runs in the end, whatever happened: it begins when all other work has settled, and goes on
    /// where the run is stopped.
    pub always: bool,
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
    /// The other step; its id is smaller.
    pub on: StepId,
    /// What it must have come to.
    pub when: When,
}

/// What a step must have come to for another to begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum When {
    /// It succeeded; where it did not, the other is skipped.
    Succeeded,
    /// It began and has ended, in whatever way; where it never began, there is nothing for the other to do.
    Ended,
    /// It ended in whatever way, or will never begin.
    Settled,
}

/// Which budget a step draws on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Lane {
    /// One of `--jobs`: builds, pulls, stages, test suites.
    Job,
    /// Costs the machine nothing to speak of: creates, starts, waits.
    Free,
    /// Brings home what a step left; runs also when the run was interrupted or failed, if that step began.
    Collect,
    /// Takes back; runs also when the run was interrupted or failed, if the step that it undoes began.
    TearDown,
}

impl Lane {
    /// Whether the step is part of what the user asked for, rather than of its end.
    pub fn is_work(self) -> bool {
        matches!(self, Lane::Job | Lane::Free)
    }
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
