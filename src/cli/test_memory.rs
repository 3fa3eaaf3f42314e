use std::sync::Arc;

use crate::event::{CaseStatus, Event, Failure, Stamped, StepOutcome, TestCase};
use crate::plan::{NodeId, NodeKind, Plan};
use crate::store::{RunDirectory, TestResult, TestResults};

/// Keeps how the tests of a run ended, for `--failed` of a later one.
pub struct TestMemory {
    plan: Arc<Plan>,
    directory: Arc<RunDirectory>,
    /// From the first test on: a run without tests says nothing.
    results: Option<TestResults>,
    /// Each test is run, as far as nothing keeps it from that.
    whole: bool,
}

impl TestMemory {
    /// Of a run of `plan`, which keeps things in `directory`; `limited` where it may end before the last test.
    pub fn new(plan: Arc<Plan>, directory: Arc<RunDirectory>, limited: bool) -> Self {
        let whole = plan.chosen.is_none() && !limited;
        TestMemory { plan, directory, results: None, whole }
    }

    /// Takes note of what happened.
    pub fn handle(&mut self, stamped: &Stamped) {
        match &stamped.event {
            Event::Tested { node, case } if self.is_suite(*node) && !is_left_out(case) => {
                let (suite, test) = (self.name(*node), case.name.clone());
                self.note(&TestResult::Test { suite, test, failed: case.status.is_failure() });
            }
            Event::StepSettled { step, outcome, .. } => {
                let step = self.plan.step(*step);
                let runs = step.operation.runs_tests();
                let by_tests = match outcome {
                    StepOutcome::Succeeded => true,
                    StepOutcome::Failed(failure) => {
                        matches!(**failure, Failure::TestsFailed { failed, .. } if failed > 0)
                    }
                    _ => return,
                };
                if runs {
                    let suite = self.name(step.node);
                    self.note(&TestResult::Suite { suite, whole: self.whole && by_tests, failed: !by_tests });
                }
            }
            _ => {}
        }
    }

    fn is_suite(&self, node: NodeId) -> bool {
        matches!(self.plan.node(node).kind, NodeKind::Acceptance | NodeKind::Bats | NodeKind::Tool)
    }

    fn name(&self, node: NodeId) -> String {
        self.plan.node(node).name.clone()
    }

    fn note(&mut self, result: &TestResult) {
        let directory = &self.directory;
        self.results.get_or_insert_with(|| TestResults::begin(directory.directory())).note(result);
    }
}

/// One that was not run says nothing of whether it would fail.
fn is_left_out(case: &TestCase) -> bool {
    matches!(case.status, CaseStatus::Skipped(_))
}
