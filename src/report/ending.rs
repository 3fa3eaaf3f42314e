use super::explain_failure;
use crate::diagnostic::Diagnostic;
use crate::event::{Failure, StepOutcome};
use crate::plan::{Operation, Plan, StepId};

/// How a step ended that counts as a test of the pipeline itself: a stage, the readiness of a service, a suite, and whatever else failed.
#[derive(Debug, Clone)]
pub enum Ending {
    /// As promised.
    Passed,
    /// Not as promised.
    Failed(Box<Diagnostic>),
    /// It never ran, or was broken off, and why.
    Skipped(String),
}

impl Ending {
    /// How a step ended; nothing where it is no test: what only makes and takes away, and a suite whose failed tests are told one by one.
    pub fn of(plan: &Plan, step: StepId, outcome: &StepOutcome) -> Option<Self> {
        let operation = &plan.step(step).operation;
        let runs = matches!(
            operation,
            Operation::RunStage(_)
                | Operation::AwaitReady { .. }
                | Operation::RunTests(_)
                | Operation::RunBats(_)
                | Operation::RunTool(_)
        );
        let told_by_cases = |failure: &Failure| matches!(failure, Failure::TestsFailed { failed, .. } if *failed > 0);
        Some(match (outcome, operation) {
            (StepOutcome::Succeeded, Operation::Skip { reason }) => Ending::Skipped(reason.clone()),
            (StepOutcome::Succeeded, _) if runs => Ending::Passed,
            (StepOutcome::Failed(failure), _) if !told_by_cases(failure) => {
                Ending::Failed(Box::new(explain_failure(plan, step, failure)))
            }
            (StepOutcome::Skipped { because }, _) if runs => {
                let blamed = &plan.node(plan.step(*because).node).name;
                Ending::Skipped(format!("`{blamed}` did not succeed"))
            }
            (StepOutcome::Cancelled, _) if runs => Ending::Skipped("cancelled".to_owned()),
            _ => return None,
        })
    }
}
