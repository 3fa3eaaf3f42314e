use super::{Dep, NodeId, StepId, When};
use crate::model::Gate;

/// The steps of one runnable, by their part.
#[derive(Debug, Clone)]
pub(super) struct Track {
    /// The runnable's node.
    pub(super) node: NodeId,
    /// Makes its container.
    pub(super) create: Option<StepId>,
    /// What waits for its needs: the start of a service, the run of a stage, the suites of an acceptance.
    pub(super) gated: Vec<StepId>,
    /// What must have succeeded for it to be healthy, or to have succeeded.
    pub(super) good: Vec<StepId>,
    /// All that it does once its container is there.
    pub(super) work: Vec<StepId>,
    /// Waits for the end of a service's process, where somebody waits for that.
    pub(super) exit: Option<StepId>,
    /// Its failure does not fail the run, and so does not close its gates.
    pub(super) may_fail: bool,
}

impl Track {
    /// A track with no steps yet.
    pub(super) fn of(node: NodeId) -> Self {
        Track { node, create: None, gated: Vec::new(), good: Vec::new(), work: Vec::new(), exit: None, may_fail: false }
    }

    /// What must have come to pass for `gate` to be open.
    pub(super) fn open_at(&self, gate: Gate) -> Vec<Dep> {
        match (gate, self.exit) {
            (Gate::Started, _) => deps(&self.gated, self.success()),
            (Gate::Healthy | Gate::Succeeded, _) => deps(&self.good, self.success()),
            (Gate::Exited, Some(exit)) => deps(&[exit], When::Succeeded),
            (Gate::Completed, Some(exit)) => deps(&[exit], When::Settled),
            (Gate::Exited, None) => deps(&self.gated, When::Ended),
            (Gate::Completed, None) => self.settled(),
        }
    }

    /// Everything of it has come to an end, or will never begin.
    pub(super) fn settled(&self) -> Vec<Dep> {
        deps(&self.work, When::Settled)
    }

    fn success(&self) -> When {
        if self.may_fail { When::Ended } else { When::Succeeded }
    }
}

fn deps(steps: &[StepId], when: When) -> Vec<Dep> {
    steps.iter().map(|&on| Dep { on, when }).collect()
}
