use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::words::plural;
use crate::event::{CaseStatus, Event, StepOutcome};
use crate::plan::{NodeId, NodeKind, Operation, Plan, StepId};

/// The figures of a run, counted from its events.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// Images built.
    pub built: usize,
    /// Stages that ended well.
    pub stages_passed: usize,
    /// Stages that passed only when they were run again.
    pub stages_retried: usize,
    /// Stages that were not wanted.
    pub stages_skipped: usize,
    /// Stages that failed.
    pub stages_failed: usize,
    /// Stages that failed, and may by the pipeline's own word.
    pub allowed_failures: usize,
    /// What failed besides stages and tests.
    pub other_failures: BTreeMap<Fault, usize>,
    /// Tests that passed, of every source.
    pub tests_passed: usize,
    /// Of these, how many only when they were run again.
    pub tests_flaky: usize,
    /// Tests that failed.
    pub tests_failed: usize,
    /// Tests that were not run by their own wish.
    pub tests_skipped: usize,
    /// Runnables that never ran, by name.
    pub not_run: BTreeSet<String>,
    /// Runnables that were broken off while they ran, by name.
    pub cut_short: BTreeSet<String>,
    began: HashSet<StepId>,
    retried: HashSet<NodeId>,
}

/// What can fail besides stages and tests, in the order in which the summary tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// An image could not be pulled, built, imported or loaded.
    Image,
    /// A service did not start, did not become ready, or ended while it was needed.
    Service,
    /// The artifacts of a stage could not be collected.
    Artifact,
    /// An image could not be published.
    Push,
}

impl Fault {
    fn of(operation: &Operation) -> Option<Self> {
        match operation {
            Operation::Pull { .. } | Operation::ProvideImage(_) => Some(Fault::Image),
            Operation::StartService(_) | Operation::AwaitReady { .. } | Operation::AwaitExit(_) => Some(Fault::Service),
            Operation::Collect { .. } => Some(Fault::Artifact),
            Operation::Push(_) => Some(Fault::Push),
            _ => None,
        }
    }

    /// `1 image failed`.
    pub fn counted(self, count: usize) -> String {
        match self {
            Fault::Image => plural(count, "image failed", "images failed"),
            Fault::Service => plural(count, "service failed", "services failed"),
            Fault::Artifact => plural(count, "collection of artifacts failed", "collections of artifacts failed"),
            Fault::Push => plural(count, "push failed", "pushes failed"),
        }
    }
}

impl Tally {
    /// Takes an event into account.
    pub fn count(&mut self, plan: &Plan, event: &Event) {
        match event {
            Event::StepStarted(step) => drop(self.began.insert(*step)),
            Event::Retrying { node, .. } => drop(self.retried.insert(*node)),
            Event::StepSettled { step, outcome, .. } => self.settle(plan, *step, outcome),
            Event::Tested { case, .. } => match &case.status {
                CaseStatus::Passed => {
                    self.tests_passed += 1;
                    self.tests_flaky += usize::from(case.is_flaky());
                }
                CaseStatus::Skipped(_) => self.tests_skipped += 1,
                CaseStatus::Checks(_) | CaseStatus::Failed(_) => self.tests_failed += 1,
            },
            _ => {}
        }
    }

    fn settle(&mut self, plan: &Plan, step: StepId, outcome: &StepOutcome) {
        let step = plan.step(step);
        let node = plan.node(step.node);
        let ran = matches!(step.operation, Operation::RunStage(_));
        match outcome {
            StepOutcome::Succeeded if ran => {
                self.stages_passed += 1;
                self.stages_retried += usize::from(self.retried.contains(&step.node));
            }
            StepOutcome::Succeeded if matches!(step.operation, Operation::Skip { .. }) => self.stages_skipped += 1,
            StepOutcome::Succeeded if step.operation.verb() == "build" => self.built += 1,
            StepOutcome::Failed(_) if ran && step.required => self.stages_failed += 1,
            StepOutcome::Failed(_) if ran => self.allowed_failures += 1,
            StepOutcome::Failed(_) => {
                if let Some(fault) = Fault::of(&step.operation) {
                    *self.other_failures.entry(fault).or_default() += 1;
                }
            }
            StepOutcome::Skipped { .. } | StepOutcome::Cancelled if step.required => {
                let runs = matches!(
                    step.operation,
                    Operation::RunStage(_)
                        | Operation::BeginTests(_)
                        | Operation::RunTests(_)
                        | Operation::RunBats(_)
                        | Operation::RunTool(_)
                        | Operation::StartService(_)
                );
                if runs && node.kind != NodeKind::Image {
                    let began = self.began.contains(&step.id);
                    let list = if began { &mut self.cut_short } else { &mut self.not_run };
                    list.insert(node.name.clone());
                }
            }
            _ => {}
        }
    }
}
