use std::collections::HashMap;

use indexmap::IndexSet;

use super::planner::Planner;
use super::{Operation, StepId, When};
use crate::model::{Name, NeedKind, Runnable, Service};

impl Planner<'_> {
    /// What is made is taken back: services first, then the networks and volumes of the containers that are gone.
    pub(super) fn add_tear_down(&mut self) {
        self.retire_services();
        self.resources.remove_after_their_users(&mut self.draft);
    }

    /// A service ends as soon as nothing that is still to run needs it, and after the services that need it where these are
    /// asked to stop: what they still have to say may need it. What is merely killed is killed side by side.
    fn retire_services(&mut self) {
        // For each service, the steps that it must outlive, by those that need it; dependents come first.
        let mut outlived: HashMap<Name, IndexSet<StepId>> = HashMap::new();
        for runnable in self.runnables().into_iter().rev() {
            let name = &runnable.name().value;
            if self.selection.refusal(name).is_some() {
                continue;
            }
            let last = match runnable {
                Runnable::Service(service) => self.retire(service, outlived.remove(name).unwrap_or_default()),
                Runnable::Stage(_) | Runnable::Acceptance(_) => self.tracks[name].gated.iter().copied().collect(),
            };
            for need in runnable.needs().iter().filter(|need| need.kind != NeedKind::After) {
                outlived.entry(need.on.clone()).or_default().extend(&last);
            }
        }
    }

    /// Plans a service's end behind all that it outlives; answers what the services that it needs outlive in turn.
    fn retire(&mut self, service: &Service, mut outlived: IndexSet<StepId>) -> IndexSet<StepId> {
        let track = self.tracks[&service.name.value].clone();
        outlived.extend(track.work.iter().chain(&track.exit));
        if self.draft.nodes[track.node.index()].held {
            outlived.extend(self.draft.work());
        }
        let create = track.create.expect("a service has a container");
        let remove = self.draft.steps[create.index()].undo.expect("a create names its undo");
        let stop = &service.container.stop;
        if !stop.is_asked() {
            self.draft.after_all_settled(remove, &outlived);
            return outlived;
        }
        let stop = self.draft.undo(track.gated[0], Operation::StopService(stop.clone()));
        self.draft.after_all_settled(stop, &outlived);
        self.draft.after(remove, stop, When::Settled);
        IndexSet::from([stop])
    }
}
