use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::draft::Draft;
use super::order::in_order;
use super::resources::Resources;
use super::selection::{Selection, targets};
use super::tracks::Track;
use super::{Cause, Chosen, Dep, Goal, Keep, Lane, NodeKind, Operation, Plan, StepId, TestSelection, When};
use crate::model::{Name, Pipeline, Runnable, Values};

/// Decides what is done for `goal`, in which order, and why: only what the wanted targets need, everything as early as its
/// inputs allow, and the taking back of all that is made.
///
/// Pure and total: one pipeline and goal always give the same plan. Values of params come later: what the plan
/// [demands](Plan::demands) is looked up, and given to it.
pub fn plan(pipeline: &Pipeline, goal: &Goal) -> Plan {
    let mut planner = Planner {
        pipeline,
        goal,
        selection: Selection::of(pipeline, goal),
        draft: Draft::default(),
        resources: Resources::default(),
        tracks: HashMap::new(),
    };
    planner.add_nodes();
    planner.add_steps();
    planner.open_gates();
    planner.keep_for_inputs();
    planner.order_suites();
    planner.add_pushes();
    planner.add_tear_down();
    let undecided = planner.undecided();
    Plan {
        pipeline: pipeline.header().name.clone(),
        nodes: planner.draft.nodes,
        steps: in_order(planner.draft.steps),
        values: Values::default(),
        labels: pipeline.header().labels.clone(),
        keep: goal.keep,
        concurrency: pipeline.header().concurrency.clone(),
        undecided,
        chosen: chosen(pipeline, goal),
        seed: goal.tests.seed,
    }
}

/// How many tests are chosen, where that is not all of them.
fn chosen(pipeline: &Pipeline, goal: &Goal) -> Option<Chosen> {
    if goal.tests.takes_all() {
        return None;
    }
    let suites = pipeline.runnables().values().filter_map(|runnable| match runnable {
        Runnable::Acceptance(acceptance) => Some(acceptance),
        Runnable::Service(_) | Runnable::Stage(_) => None,
    });
    let wanted = targets(pipeline, goal);
    let mut chosen = Chosen { tests: 0, of: 0 };
    for suite in suites {
        chosen.of += TestSelection::default().count(suite);
        if wanted.contains(&suite.name.value) {
            chosen.tests += goal.tests.count(suite);
        }
    }
    Some(chosen)
}

/// A plan in the making, with what has been decided so far.
pub(super) struct Planner<'a> {
    pub(super) pipeline: &'a Pipeline,
    pub(super) goal: &'a Goal,
    pub(super) selection: Selection<'a>,
    pub(super) draft: Draft,
    pub(super) resources: Resources,
    /// The steps of each runnable in the plan.
    pub(super) tracks: HashMap<Name, Track>,
}

impl<'a> Planner<'a> {
    /// The runnables of the plan, each after what it needs.
    pub(super) fn runnables(&self) -> Vec<&'a Runnable> {
        self.selection.runnables().collect()
    }

    fn add_nodes(&mut self) {
        let kept = match self.goal.keep {
            Keep::Services => self.selection.services_of_the_wanted(),
            Keep::Nothing | Keep::Everything | Keep::OnFailure => Default::default(),
        };
        for runnable in self.runnables() {
            let name = &runnable.name().value;
            let kind = match runnable {
                Runnable::Service(_) => NodeKind::Service,
                Runnable::Stage(_) => NodeKind::Stage,
                Runnable::Acceptance(_) => NodeKind::Acceptance,
            };
            let node = self.draft.node(kind, name.as_str(), runnable.span());
            self.draft.belongs(node, name);
            let node = &mut self.draft.nodes[node.index()];
            if let Runnable::Stage(stage) = runnable {
                node.object = stage.host.to_string();
            }
            node.wanted = self.selection.is_wanted(name);
            node.kept = kept.contains(name);
            if let Runnable::Service(service) = runnable {
                // A service whose end is waited for is not one to hold up.
                let ends = self.selection.awaits_exit_of(name);
                node.kept &= !ends;
                node.held = (service.keep || node.wanted || node.kept) && !ends;
            }
            self.tracks.insert(name.clone(), Track::of(node.id));
        }
    }

    /// Why the steps of a runnable are in the plan.
    pub(super) fn cause(&self, name: &Name) -> Cause {
        match self.selection.needed_by(name) {
            None => Cause::Wanted,
            Some(user) => Cause::NeededBy(self.tracks[user].node),
        }
    }

    /// The steps of a runnable.
    pub(super) fn track(&mut self, name: &Name) -> &mut Track {
        self.tracks.get_mut(name).expect("every runnable of the plan has a track")
    }

    /// The params that decide whether stages of this plan are wanted and whose values are not known.
    fn undecided(&self) -> BTreeSet<Name> {
        let conditions = self.selection.runnables().flat_map(|runnable| match runnable {
            Runnable::Stage(stage) => stage.conditions.as_slice(),
            Runnable::Service(_) | Runnable::Acceptance(_) => &[],
        });
        conditions.filter_map(|condition| condition.undecided(&self.goal.values)).cloned().collect()
    }

    /// Images are published when all that was wanted has passed.
    fn add_pushes(&mut self) {
        let images: Vec<_> = self.goal.push.iter().filter_map(|name| self.pipeline.images().get(name)).collect();
        let provided: Vec<StepId> =
            images.iter().map(|image| self.resources.declared_image(&mut self.draft, image, Cause::Wanted)).collect();
        let passed: Vec<Dep> = self
            .draft
            .steps
            .iter()
            .filter(|step| step.lane != Lane::TearDown && !step.always)
            .map(|step| Dep { on: step.id, when: if step.required { When::Succeeded } else { When::Settled } })
            .collect();
        for (image, provide) in images.into_iter().zip(provided) {
            let node = self.draft.steps[provide.index()].node;
            self.draft.nodes[node.index()].wanted = true;
            let operation = Operation::Push(Arc::new(image.clone()));
            let push = self.draft.step(node, operation, Lane::Job, Cause::Wanted, image.name.span);
            self.draft.after_all(push, passed.iter().copied());
        }
    }
}
