use std::sync::Arc;

use super::planner::Planner;
use super::tracks::Track;
use super::{Cause, Lane, NodeId, NodeKind, Operation, StepId, When};
use crate::model::{
    Acceptance, BatsFile, Container, FilePlace, ForeignTests, HealthTest, Look, Runnable, Service, Stage, Step,
};
use crate::source::Span;

impl Planner<'_> {
    /// What each runnable does, gates not yet considered.
    pub(super) fn add_steps(&mut self) {
        for runnable in self.runnables() {
            match runnable {
                Runnable::Service(service) => self.add_service(service),
                Runnable::Stage(stage) => self.add_stage(stage),
                Runnable::Acceptance(acceptance) => self.add_acceptance(acceptance),
            }
        }
    }

    fn add_service(&mut self, service: &Service) {
        let name = &service.name.value;
        let (node, cause, origin) = (self.tracks[name].node, self.cause(name), service.name.span);
        let shared = Arc::new(service.clone());

        let create = self.create(node, &service.container, Operation::CreateService(shared.clone()), &cause, origin);
        let start = self.draft.step(node, Operation::StartService(shared.clone()), Lane::Free, cause.clone(), origin);
        self.draft.after(start, create, When::Succeeded);
        let mut work = vec![start];
        if let Some(healthcheck) = service.healthcheck.as_ref().filter(|check| !matches!(check.test, HealthTest::None))
        {
            let operation = Operation::AwaitReady { service: shared.clone(), healthcheck: healthcheck.clone() };
            let ready = self.draft.step(node, operation, Lane::Free, cause.clone(), healthcheck.span);
            self.draft.after(ready, start, When::Succeeded);
            work.push(ready);
        }
        let track = self.track(name);
        track.create = Some(create);
        track.gated = vec![start];
        track.good = work[work.len() - 1..].to_vec();
        track.work = work;

        if self.selection.awaits_exit_of(name) {
            let exit = self.draft.step(node, Operation::AwaitExit(shared), Lane::Free, cause, origin);
            self.draft.after(exit, start, When::Succeeded);
            self.track(name).exit = Some(exit);
        }
    }

    fn add_stage(&mut self, stage: &Stage) {
        let name = &stage.name.value;
        let (node, cause, origin) = (self.tracks[name].node, self.cause(name), stage.name.span);
        let shared = Arc::new(stage.clone());
        let track = |planner: &mut Self, create, run, work: Vec<StepId>| {
            let track = planner.track(name);
            *track = Track {
                create,
                gated: vec![run],
                good: work.clone(),
                work,
                may_fail: stage.allow_failure,
                ..Track::of(node)
            };
        };

        if let Some(reason) = self.selection.refusal(name) {
            let skip = Operation::Skip { reason: reason.to_owned() };
            let skip = self.draft.step(node, skip, Lane::Free, cause, origin);
            return track(self, None, skip, vec![skip]);
        }
        let Some(container) = &stage.container else {
            let reach = self.draft.step(node, Operation::Milestone, Lane::Free, cause, origin);
            self.draft.steps[reach.index()].always = stage.always;
            return track(self, None, reach, vec![reach]);
        };
        let create = self.create(node, container, Operation::CreateStage(shared.clone()), &cause, origin);
        let run = self.draft.step(node, Operation::RunStage(shared.clone()), Lane::Job, cause.clone(), origin);
        self.draft.steps[run.index()].required = !stage.allow_failure;
        self.draft.steps[run.index()].always = stage.always;
        self.draft.after(run, create, When::Succeeded);
        let mut work = vec![run];
        if let Some(first) = stage.artifacts.first() {
            let operation = Operation::Collect { artifacts: stage.artifacts.clone() };
            let collect = self.draft.step(node, operation, Lane::Collect, cause, first.span);
            self.draft.steps[collect.index()].required = !stage.allow_failure;
            self.draft.steps[collect.index()].always = stage.always;
            self.draft.after(collect, run, When::Ended);
            work.push(collect);
        }
        self.remove_after(create, &work);
        track(self, Some(create), run, work);
    }

    /// Its own tests, bats files and tests in another tool go one after the other: they share the state of their target. What is around all
    /// of them is part of its own tests, as long as there are no others.
    fn add_acceptance(&mut self, acceptance: &Acceptance) {
        let name = &acceptance.name.value;
        let (node, cause, origin) = (self.tracks[name].node, self.cause(name), acceptance.name.span);
        let taken = Arc::new(self.selection.tests_of(acceptance));
        let apart = taken.surrounds_tools();
        let begin = (apart && !taken.before_all.is_empty())
            .then(|| self.draft.step(node, Operation::BeginTests(taken.clone()), Lane::Job, cause.clone(), origin));
        let mut suites = Vec::new();
        let mut own: Vec<StepId> = begin.into_iter().collect();
        if !taken.tests.is_empty() || (taken.bats.is_empty() && taken.foreign.is_none()) {
            suites.push(self.draft.step(node, Operation::RunTests(taken.clone()), Lane::Job, cause.clone(), origin));
            own.extend(&suites);
        }
        for file in &taken.bats {
            suites.push(self.add_bats(&taken, file, &cause));
        }
        let mut work: Vec<StepId> = begin.into_iter().chain(suites.iter().copied()).collect();
        if let Some(tests) = &taken.foreign {
            let (run, collect) = self.add_tool(&taken, tests, &cause);
            suites.push(run);
            work.extend([run].into_iter().chain(collect));
        }
        let first = begin.unwrap_or(suites[0]);
        for &suite in suites.iter().filter(|suite| **suite != first && begin.is_some()) {
            self.draft.after(suite, first, When::Succeeded);
        }
        // What is before all tests may have done something to a service, which is to be made good.
        let ends = !taken.after_all.is_empty() || !taken.disturbed_around().is_empty();
        let end = (apart && ends).then(|| {
            let end = self.draft.step(node, Operation::EndTests(taken.clone()), Lane::Collect, cause.clone(), origin);
            self.draft.after(end, first, When::Ended);
            end
        });
        work.extend(end);
        own.extend(end);
        if let (Some(&first), Some(&last)) = (own.first(), own.last()) {
            for input in self.looked_at(node, &taken) {
                self.draft.after(first, input, When::Succeeded);
                self.draft.after(last, input, When::Succeeded);
            }
            self.resources.used_by(node, last);
        }
        let track = self.track(name);
        track.gated = begin.into_iter().chain(suites).chain(end).collect();
        track.good = work.clone();
        track.work = work;
    }

    /// What probes look at or run in that somebody must provide: images, and what containers of their own are made of.
    fn looked_at(&mut self, node: NodeId, acceptance: &Acceptance) -> Vec<StepId> {
        let mut inputs = Vec::new();
        for probe in acceptance.steps().flat_map(Step::probes) {
            match &probe.look {
                Look::Run(look) => {
                    let container = &look.container;
                    inputs.extend(self.resources.of_container(&mut self.draft, self.pipeline, node, container));
                }
                Look::Image(image) => {
                    inputs.push(self.resources.image_alone(&mut self.draft, self.pipeline, image, node));
                }
                Look::File { place: FilePlace::Image(image), .. } => {
                    inputs.push(self.resources.image_alone(&mut self.draft, self.pipeline, image, node));
                }
                Look::File { place: FilePlace::Volume(volume), .. } => {
                    inputs.push(self.resources.volume_alone(&mut self.draft, self.pipeline, &volume.value, node));
                }
                _ => {}
            }
        }
        inputs
    }

    fn add_bats(&mut self, acceptance: &Acceptance, file: &BatsFile, cause: &Cause) -> StepId {
        let node = self.draft.node(NodeKind::Bats, acceptance.tool_of(file), file.span);
        self.draft.belongs(node, &acceptance.name.value);
        let shared = Arc::new(file.clone());
        let origin = file.file.span;
        let create = self.create(node, &file.container, Operation::CreateBats(shared.clone()), cause, origin);
        let run = self.draft.step(node, Operation::RunBats(shared), Lane::Job, cause.clone(), origin);
        self.draft.after(run, create, When::Succeeded);
        self.remove_after(create, &[run]);
        run
    }

    /// Tests in another tool; the step that runs them, and the one that brings home what they leave.
    fn add_tool(&mut self, acceptance: &Acceptance, tests: &ForeignTests, cause: &Cause) -> (StepId, Option<StepId>) {
        let node = self.draft.node(NodeKind::Tool, acceptance.foreign_tool(tests), tests.span);
        self.draft.belongs(node, &acceptance.name.value);
        let shared = Arc::new(tests.clone());
        let create = self.create(node, &tests.container, Operation::CreateTool(shared.clone()), cause, tests.span);
        let run = self.draft.step(node, Operation::RunTool(shared), Lane::Job, cause.clone(), tests.span);
        self.draft.after(run, create, When::Succeeded);
        let collect = tests.artifacts.first().map(|first| {
            let operation = Operation::Collect { artifacts: tests.artifacts.clone() };
            let collect = self.draft.step(node, operation, Lane::Collect, cause.clone(), first.span);
            self.draft.after(collect, run, When::Ended);
            collect
        });
        let users: Vec<StepId> = [run].into_iter().chain(collect).collect();
        self.remove_after(create, &users);
        (run, collect)
    }

    /// A container is made as soon as its image, networks and volumes are there, however closed its gates still are.
    fn create(
        &mut self,
        node: NodeId,
        container: &Container,
        operation: Operation,
        cause: &Cause,
        origin: Span,
    ) -> StepId {
        let inputs = self.resources.of_container(&mut self.draft, self.pipeline, node, container);
        let create = self.draft.step(node, operation, Lane::Free, cause.clone(), origin);
        for input in inputs {
            self.draft.after(create, input, When::Succeeded);
        }
        self.draft.undo(create, Operation::RemoveContainer);
        self.resources.made_by(node, create);
        create
    }

    /// The container that `create` makes goes when `users` are through with it.
    pub(super) fn remove_after(&mut self, create: StepId, users: &[StepId]) {
        let remove = self.draft.steps[create.index()].undo.expect("a create names its undo");
        for &user in users {
            self.draft.after(remove, user, When::Settled);
        }
    }
}
