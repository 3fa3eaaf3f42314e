//! Which operations, in which order, and why each one.
//!
//! Main type: [`Plan`], made by [`plan`]. Planning is pure and cannot fail: a [`Pipeline`](crate::model::Pipeline) is valid
//! already. Tear-down is planned like everything else: what creates names its undo. This room must not know how a step is
//! performed, nor when.

mod accepted;
mod demands;
mod display;
mod draft;
mod gates;
mod goal;
mod holes;
mod name_pattern;
mod operation;
mod order;
#[expect(clippy::module_inception, reason = "a file is named after its main type")]
mod plan;
mod planner;
mod resources;
mod selection;
mod shuffle;
mod step;
mod steps;
mod tag_filter;
mod teardown;
mod test_selection;
#[cfg(test)]
mod tests;
mod tracks;

pub use demands::Demands;
pub use goal::{Goal, Keep};
pub use name_pattern::NamePattern;
pub use operation::Operation;
pub use plan::{Chosen, Node, NodeId, NodeKind, Plan};
pub use planner::plan;
pub use step::{Cause, Dep, Lane, Step, StepId, When};
pub use tag_filter::{BadTagFilter, TagFilter};
pub use test_selection::{FailedTests, TestSelection};
