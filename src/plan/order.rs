use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::{Cause, Lane, Step, StepId};

/// The steps in an order that respects their deps, renumbered; work before tear-down, and as drafted wherever the deps leave a choice.
pub(super) fn in_order(steps: Vec<Step>) -> Vec<Step> {
    let mut waiting: Vec<usize> = steps.iter().map(|step| step.deps.len()).collect();
    let mut dependents: Vec<Vec<usize>> = vec![Vec::new(); steps.len()];
    for step in &steps {
        for dep in &step.deps {
            dependents[dep.on.index()].push(step.id.index());
        }
    }

    let rank = |index: usize| Reverse((steps[index].lane == Lane::TearDown, steps[index].always, index));
    let mut ready: BinaryHeap<_> = (0..steps.len()).filter(|&index| waiting[index] == 0).map(rank).collect();
    let mut order = Vec::with_capacity(steps.len());
    while let Some(Reverse((_, _, index))) = ready.pop() {
        order.push(index);
        for &dependent in &dependents[index] {
            waiting[dependent] -= 1;
            if waiting[dependent] == 0 {
                ready.push(rank(dependent));
            }
        }
    }
    assert_eq!(order.len(), steps.len(), "a pipeline's needs have no cycle, so its steps have none");
    renumbered(steps, &order)
}

fn renumbered(steps: Vec<Step>, order: &[usize]) -> Vec<Step> {
    let mut ids = vec![StepId(0); steps.len()];
    for (&old, new) in order.iter().zip(0u32..) {
        ids[old] = StepId(new);
    }
    let mut steps: Vec<Step> = steps
        .into_iter()
        .map(|mut step| {
            step.id = ids[step.id.index()];
            step.undo = step.undo.map(|undo| ids[undo.index()]);
            if let Cause::Undoes(made) = &mut step.cause {
                *made = ids[made.index()];
            }
            for dep in &mut step.deps {
                dep.on = ids[dep.on.index()];
            }
            step.deps.sort();
            step
        })
        .collect();
    steps.sort_by_key(|step| step.id);
    steps
}
