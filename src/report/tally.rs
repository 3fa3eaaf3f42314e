use std::collections::BTreeSet;

use crate::event::{CaseStatus, Event, StepOutcome};
use crate::plan::{NodeKind, Operation, Plan, StepId};

/// The figures of a run, counted from its events.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// Images built.
    pub built: usize,
    /// Stages that ended well.
    pub stages_passed: usize,
    /// Stages that failed.
    pub stages_failed: usize,
    /// Tests that passed, of every source.
    pub tests_passed: usize,
    /// Tests that failed.
    pub tests_failed: usize,
    /// Tests that were not run by their own wish.
    pub tests_skipped: usize,
    /// Runnables that never ran, by name.
    pub not_run: BTreeSet<String>,
}

impl Tally {
    /// Takes an event into account.
    pub fn count(&mut self, plan: &Plan, event: &Event) {
        match event {
            Event::StepSettled { step, outcome, .. } => self.settle(plan, *step, outcome),
            Event::Tested { case, .. } => match &case.status {
                CaseStatus::Passed => self.tests_passed += 1,
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
            StepOutcome::Succeeded if ran => self.stages_passed += 1,
            StepOutcome::Succeeded if step.operation.verb() == "build" => self.built += 1,
            StepOutcome::Failed(_) if ran => self.stages_failed += 1,
            StepOutcome::Skipped { .. } | StepOutcome::Cancelled if step.required => {
                let runs = matches!(
                    step.operation,
                    Operation::RunStage(_)
                        | Operation::RunTests(_)
                        | Operation::RunBats(_)
                        | Operation::StartService(_)
                );
                if runs && node.kind != NodeKind::Image {
                    self.not_run.insert(node.name.clone());
                }
            }
            _ => {}
        }
    }
}
