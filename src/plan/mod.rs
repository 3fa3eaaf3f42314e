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
mod operation;
mod order;
#[expect(clippy::module_inception, reason = "a file is named after its main type")]
mod plan;
mod planner;
mod resources;
mod selection;
mod step;
mod steps;
mod teardown;
#[cfg(test)]
mod tests;
mod tracks;

pub use demands::Demands;
pub use goal::{Goal, Keep};
pub use operation::Operation;
pub use plan::{Node, NodeId, NodeKind, Plan};
pub use planner::plan;
pub use step::{Cause, Dep, Lane, Step, StepId, When};
