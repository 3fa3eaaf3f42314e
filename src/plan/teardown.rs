use super::planner::Planner;
use super::{Operation, When};
use crate::model::{NeedKind, Runnable};

impl Planner<'_> {
    /// What is made is taken back: services first, then the networks and volumes of the containers that are gone.
    pub(super) fn add_tear_down(&mut self) {
        self.retire_services();
        self.dependents_end_first();
        self.resources.remove_after_their_users(&mut self.draft);
    }

    /// A service ends as soon as nothing that is still to run needs it.
    fn retire_services(&mut self) {
        let work = self.draft.work();
        for runnable in self.runnables() {
            let Runnable::Service(service) = runnable else { continue };
            let track = self.tracks[&service.name.value].clone();
            let create = track.create.expect("a service has a container");
            let remove = self.draft.steps[create.index()].undo.expect("a create names its undo");
            let asked = service.container.stop.grace.is_some() || service.container.stop.signal.is_some();
            let end = if asked {
                let stop = self.draft.undo(track.gated[0], Operation::StopService(service.container.stop.clone()));
                self.draft.after(remove, stop, When::Settled);
                stop
            } else {
                remove
            };
            for step in track.work.iter().chain(&track.exit) {
                self.draft.after(end, *step, When::Settled);
            }
            if self.draft.nodes[track.node.index()].held {
                for step in &work {
                    self.draft.after(end, *step, When::Settled);
                }
            }
            self.track(&service.name.value).end = Some(end);
        }
    }

    /// A service ends after all that needs it: after the end of a service, after the work of anything else.
    fn dependents_end_first(&mut self) {
        for runnable in self.runnables() {
            let user = self.tracks[&runnable.name().value].clone();
            let last = user.end.map_or(user.gated, |end| vec![end]);
            for need in runnable.needs().iter().filter(|need| need.kind != NeedKind::After) {
                let Some(end) = self.tracks.get(&need.on).and_then(|needed| needed.end) else { continue };
                for &step in &last {
                    self.draft.after(end, step, When::Settled);
                }
            }
        }
    }
}
