use crate::plan::{Lane, Plan};

/// For each step, how many steps of work the longest way from it to the end of the run holds. Where several steps could
/// begin, the one with the longest way goes first: the run cannot be shorter than that way.
pub(super) fn remaining(plan: &Plan) -> Vec<u32> {
    let mut remaining = vec![0; plan.steps.len()];
    for step in plan.steps.iter().rev() {
        let own = u32::from(step.lane != Lane::TearDown);
        remaining[step.id.index()] += own;
        let way = remaining[step.id.index()];
        for dep in &step.deps {
            let before: &mut u32 = &mut remaining[dep.on.index()];
            *before = (*before).max(way);
        }
    }
    remaining
}
