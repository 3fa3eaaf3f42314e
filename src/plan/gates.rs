use super::planner::Planner;
use super::{NodeId, Operation, StepId, When, holes};
use crate::model::{Container, Gate, Hole, NeedKind, Runnable};

impl Planner<'_> {
    /// Needs become deps, now that every step is there.
    pub(super) fn open_gates(&mut self) {
        for runnable in self.runnables() {
            if self.selection.refusal(&runnable.name().value).is_some() {
                continue;
            }
            let track = self.tracks[&runnable.name().value].clone();
            let mut deps = Vec::new();
            for need in runnable.needs() {
                let Some(needed) = self.tracks.get(&need.on) else { continue };
                match need.kind {
                    NeedKind::After => deps.extend(needed.settled()),
                    NeedKind::Needs | NeedKind::Target | NeedKind::Input | NeedKind::Reference => {
                        deps.extend(needed.open_at(need.gate))
                    }
                }
            }
            let services = self.selection.services_of(runnable);
            let uses: Vec<NodeId> = services.iter().map(|name| self.tracks[name].node).collect();
            for step in track.gated.iter().chain(&track.work) {
                if track.gated.contains(step) {
                    self.draft.after_all(*step, deps.iter().copied());
                }
                if self.draft.steps[step.index()].lane.is_work() {
                    self.draft.steps[step.index()].uses = uses.clone();
                }
            }
            self.wait_for_references(runnable, track.create);
        }
    }

    /// The container of a stage stays until those that take an artifact of it have done so.
    pub(super) fn keep_for_inputs(&mut self) {
        for runnable in self.runnables() {
            let Runnable::Stage(stage) = runnable else { continue };
            let users = self.tracks[&stage.name.value].gated.clone();
            for input in &stage.inputs {
                if let Some(create) = self.tracks.get(&input.from.value).and_then(|track| track.create) {
                    self.remove_after(create, &users);
                }
            }
        }
    }

    /// What a container's own settings name must be known when it is made: another service's place on the host.
    fn wait_for_references(&mut self, runnable: &Runnable, create: Option<StepId>) {
        let mut named: Vec<(StepId, Hole)> = Vec::new();
        let mut look = |create: StepId, container: &Container| {
            named.extend(holes::of_container(container).map(|hole| (create, hole.clone())));
        };
        if let Some((create, container)) = create.zip(runnable.container()) {
            look(create, container);
        }
        if let Runnable::Acceptance(acceptance) = runnable {
            for suite in self.tracks[&acceptance.name.value].gated.iter().map(|suite| &self.draft.steps[suite.index()])
            {
                let container = match &suite.operation {
                    Operation::RunBats(file) => &file.container,
                    Operation::RunTool(tests) => &tests.container,
                    _ => continue,
                };
                if let Some(create) = self.resources.create_of(suite.node) {
                    look(create, container);
                }
            }
        }
        for (create, hole) in named {
            if let Hole::Url(service) | Hole::Host(service) | Hole::Port(service, _) = &hole
                && let Some(track) = self.tracks.get(service)
            {
                self.draft.after_all(create, track.open_at(Gate::Started));
            }
        }
    }

    /// The suites of an acceptance go one after the other: they share the state of its target.
    pub(super) fn order_suites(&mut self) {
        for runnable in self.runnables() {
            if let Runnable::Acceptance(acceptance) = runnable {
                let suites = self.tracks[&acceptance.name.value].gated.clone();
                for pair in suites.windows(2) {
                    self.draft.after(pair[1], pair[0], When::Settled);
                }
            }
        }
    }
}
