use crate::event::Event;
use crate::plan::{NodeId, Operation, Plan, Step, StepId};

/// What has not begun, and what each of it waits for.
#[derive(Debug)]
pub(super) struct Waiting {
    begun: Vec<bool>,
    settled: Vec<bool>,
}

/// A node that waits, and for which others, in the order of the plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Waiter {
    pub(super) node: NodeId,
    pub(super) on: Vec<NodeId>,
}

impl Waiting {
    /// Nothing has begun.
    pub(super) fn new(plan: &Plan) -> Self {
        Waiting { begun: vec![false; plan.steps.len()], settled: vec![false; plan.steps.len()] }
    }

    /// Takes an event into account; whether it changed who waits for what.
    pub(super) fn notice(&mut self, event: &Event) -> bool {
        match event {
            Event::StepStarted(step) => !std::mem::replace(&mut self.begun[step.index()], true),
            Event::StepSettled { step, .. } => !std::mem::replace(&mut self.settled[step.index()], true),
            _ => false,
        }
    }

    /// Services, stages and tests that wait for something that is at work now. What waits for these in turn is left out: the
    /// screen shows what comes next, not the whole plan.
    pub(super) fn next(&self, plan: &Plan) -> Vec<Waiter> {
        let comes =
            plan.steps.iter().filter(|step| is_main(step) && !self.is_over(step.id) && !self.has_begun(step.id));
        comes
            .filter_map(|step| {
                let on = self.blockers(plan, step);
                let is_next = on.iter().any(|node| self.is_at_work(plan, *node));
                is_next.then_some(Waiter { node: step.node, on })
            })
            .collect()
    }

    /// The other nodes that a step still waits for, through the steps of its own node too: its container, its image.
    fn blockers(&self, plan: &Plan, step: &Step) -> Vec<NodeId> {
        let mut found = Vec::new();
        let mut left = vec![step];
        while let Some(of) = left.pop() {
            for on in of.deps.iter().map(|dep| plan.step(dep.on)).filter(|on| !self.is_over(on.id)) {
                if on.node == step.node {
                    left.push(on);
                } else if on.lane.is_work() && !found.contains(&on.node) {
                    found.push(on.node);
                }
            }
        }
        found.sort_unstable();
        found
    }

    fn is_at_work(&self, plan: &Plan, node: NodeId) -> bool {
        let mut steps = plan.steps.iter().filter(|step| step.node == node && step.lane.is_work());
        steps.any(|step| self.has_begun(step.id) && !self.is_over(step.id))
    }

    fn has_begun(&self, step: StepId) -> bool {
        self.begun[step.index()]
    }

    fn is_over(&self, step: StepId) -> bool {
        self.settled[step.index()]
    }
}

/// Whether the step is what its node is for.
fn is_main(step: &Step) -> bool {
    matches!(
        step.operation,
        Operation::StartService(_)
            | Operation::RunStage(_)
            | Operation::RunTests(_)
            | Operation::RunBats(_)
            | Operation::RunTool(_)
    )
}
