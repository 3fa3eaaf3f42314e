use std::collections::HashSet;

use indexmap::IndexSet;

use super::{Cause, Dep, Lane, Node, NodeId, NodeKind, Operation, Step, StepId, When};
use crate::model::Name;
use crate::source::Span;

/// A plan in the making: its steps stand in the order in which they came to mind.
#[derive(Default)]
pub(super) struct Draft {
    pub(super) nodes: Vec<Node>,
    pub(super) steps: Vec<Step>,
}

impl Draft {
    /// Adds something for steps to be about.
    pub(super) fn node(&mut self, kind: NodeKind, name: impl Into<String>, origin: Span) -> NodeId {
        let id = NodeId(u32::try_from(self.nodes.len()).expect("a file of 4 MiB cannot declare 2^32 nodes"));
        let name = name.into();
        self.nodes.push(Node {
            id,
            kind,
            object: name.clone(),
            name,
            runnable: None,
            origin,
            wanted: false,
            held: false,
            kept: false,
        });
        id
    }

    /// Says which runnable a node belongs to.
    pub(super) fn belongs(&mut self, node: NodeId, runnable: &Name) {
        self.nodes[node.index()].runnable = Some(runnable.clone());
    }

    /// Adds a step that must succeed, with no deps yet.
    pub(super) fn step(
        &mut self,
        node: NodeId,
        operation: Operation,
        lane: Lane,
        cause: Cause,
        origin: Span,
    ) -> StepId {
        let id = StepId(u32::try_from(self.steps.len()).expect("a file of 4 MiB cannot ask for 2^32 steps"));
        self.steps.push(Step {
            id,
            node,
            operation,
            deps: Vec::new(),
            uses: Vec::new(),
            lane,
            always: false,
            required: lane != Lane::TearDown,
            cause,
            origin,
            undo: None,
        });
        id
    }

    /// Adds the step that takes back what `made` makes: it has work to do only where `made` began.
    pub(super) fn undo(&mut self, made: StepId, operation: Operation) -> StepId {
        let Step { node, origin, .. } = self.steps[made.index()];
        let undo = self.step(node, operation, Lane::TearDown, Cause::Undoes(made), origin);
        self.after(undo, made, When::Ended);
        self.steps[made.index()].undo = Some(undo);
        undo
    }

    /// Makes `step` wait for `on`.
    pub(super) fn after(&mut self, step: StepId, on: StepId, when: When) {
        let deps = &mut self.steps[step.index()].deps;
        let told = deps.iter().any(|dep| dep.on == on && (dep.when == when || when == When::Settled));
        if on != step && !told {
            deps.push(Dep { on, when });
        }
    }

    /// Makes `step` wait for each of `deps`.
    pub(super) fn after_all(&mut self, step: StepId, deps: impl IntoIterator<Item = Dep>) {
        for dep in deps {
            self.after(step, dep.on, dep.when);
        }
    }

    /// Makes `step` wait until each of `steps`, all of them different, has settled.
    pub(super) fn after_all_settled(&mut self, step: StepId, steps: &IndexSet<StepId>) {
        let told: HashSet<StepId> = self.steps[step.index()].deps.iter().map(|dep| dep.on).collect();
        let new = steps.iter().filter(|on| !told.contains(on)).map(|&on| Dep { on, when: When::Settled });
        self.steps[step.index()].deps.extend(new);
    }

    /// All steps but those of the tear-down.
    pub(super) fn work(&self) -> Vec<StepId> {
        self.steps.iter().filter(|step| step.lane != Lane::TearDown).map(|step| step.id).collect()
    }
}
