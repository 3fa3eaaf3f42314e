use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use tokio::sync::{OwnedRwLockReadGuard, OwnedRwLockWriteGuard, RwLock};

use crate::model::Name;
use crate::plan::{NodeId, Operation, Plan};

/// Who may be at work with a service that tests of a run disturb: any number of those that look at it, or one that disturbs it. Services
/// that nobody disturbs cost nothing.
#[derive(Debug, Default)]
pub(super) struct Turnstiles {
    services: HashMap<NodeId, Arc<RwLock<()>>>,
}

/// A place behind turnstiles, until it is dropped.
#[derive(Debug, Default)]
pub(super) struct Passed {
    _looks: Vec<OwnedRwLockReadGuard<()>>,
    _disturbs: Vec<OwnedRwLockWriteGuard<()>>,
}

impl Turnstiles {
    /// Those of a plan.
    pub(super) fn of(plan: &Plan) -> Self {
        let disturbed: HashSet<&Name> = plan
            .steps
            .iter()
            .filter_map(|step| match &step.operation {
                Operation::RunTests(acceptance)
                | Operation::BeginTests(acceptance)
                | Operation::EndTests(acceptance) => Some(acceptance.steps()),
                _ => None,
            })
            .flatten()
            .filter_map(crate::model::Step::disturbs)
            .collect();
        let services = plan.nodes.iter().filter(|node| {
            let service = node.runnable.as_ref().filter(|_| node.kind == crate::plan::NodeKind::Service);
            service.is_some_and(|name| disturbed.contains(name))
        });
        Turnstiles { services: services.map(|node| (node.id, Arc::default())).collect() }
    }

    /// Waits for a place with the services that are looked at, `uses`, and those that are disturbed; those in `held` are had already.
    /// All take theirs in one order, so that nobody waits for somebody who waits for him.
    pub(super) async fn pass(&self, uses: &[NodeId], disturbs: &[NodeId], held: &[NodeId]) -> Passed {
        let mut passed = Passed::default();
        let nodes: BTreeSet<NodeId> =
            uses.iter().chain(disturbs).copied().filter(|node| !held.contains(node)).collect();
        for node in nodes {
            let Some(service) = self.services.get(&node) else { continue };
            if disturbs.contains(&node) {
                passed._disturbs.push(service.clone().write_owned().await);
            } else {
                passed._looks.push(service.clone().read_owned().await);
            }
        }
        passed
    }
}
