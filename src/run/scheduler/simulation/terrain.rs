use std::collections::BTreeMap;
use std::sync::Arc;

use crate::plan::{Lane, NodeId, Operation, Plan, Step, StepId, When};

/// A plan, and what the laws look up in it again and again.
pub(super) struct Terrain {
    pub(super) plan: Arc<Plan>,
    /// For each node, the work that is about it or needs it to live.
    pub(super) users: Vec<Vec<StepId>>,
    /// For each step, whether it goes on though the run is stopped: it is of a stage that runs in the end, or makes what the
    /// container of one is made of.
    pub(super) lasts: Vec<bool>,
    /// For each service, the step that starts it.
    pub(super) starts: BTreeMap<NodeId, StepId>,
}

impl Terrain {
    /// Of a plan, once that has been held to what plans promise to the scheduler.
    pub(super) fn of(plan: Plan) -> Result<Self, String> {
        check(&plan).map_err(|broken| format!("{broken}\n{plan}"))?;
        let mut users = vec![Vec::new(); plan.nodes.len()];
        let mut starts = BTreeMap::new();
        for step in &plan.steps {
            if step.lane.is_work() {
                for node in step.uses.iter().chain([&step.node]) {
                    users[node.index()].push(step.id);
                }
            }
            if let Operation::StartService(_) = step.operation {
                starts.insert(step.node, step.id);
            }
        }
        let mut lasts = vec![false; plan.steps.len()];
        for step in plan.steps.iter().rev() {
            lasts[step.id.index()] |= step.always;
            if lasts[step.id.index()] {
                for before in step.deps.iter().map(|dep| plan.step(dep.on)) {
                    lasts[before.id.index()] |= before.operation.provides();
                }
            }
        }
        Ok(Terrain { plan: Arc::new(plan), users, lasts, starts })
    }

    /// Whether a step must have settled before the stages that run in the end begin.
    pub(super) fn is_main(step: &Step) -> bool {
        step.lane != Lane::TearDown && !step.always
    }
}

/// What a plan promises to the scheduler.
fn check(plan: &Plan) -> Result<(), String> {
    for (index, step) in plan.steps.iter().enumerate() {
        let id = step.id;
        if id.index() != index {
            return Err(format!("{id} stands at place {index}"));
        }
        for dep in &step.deps {
            if dep.on >= id {
                return Err(format!("{id} waits for {}", dep.on));
            }
            if step.lane.is_work() && plan.step(dep.on).lane == Lane::TearDown {
                return Err(format!("{id} is work and waits for the tear-down {}", dep.on));
            }
        }
        if let Some(undo) = step.undo
            && !plan.step(undo).deps.iter().any(|dep| dep.on == id && dep.when == When::Ended)
        {
            return Err(format!("{undo} undoes {id} and does not wait for it"));
        }
        let makes = step.operation.verb() == "create" && !step.operation.to_string().starts_with("find");
        if makes && step.undo.is_none() {
            return Err(format!("{id} is never undone"));
        }
    }
    Ok(())
}
