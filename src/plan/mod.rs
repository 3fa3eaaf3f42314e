//! Which operations, in which order, and why each one.
//!
//! Main type: [`Plan`]. Planning is pure and cannot fail: a [`Pipeline`](crate::model::Pipeline) is valid already.
//! Tear-down is planned like everything else: what creates names its undo.

mod goal;
mod operation;
mod plan;
mod step;

pub use goal::{Goal, Keep, Observed};
pub use operation::Operation;
pub use plan::{Node, NodeId, NodeKind, Plan};
pub use step::{Cause, Dep, Lane, Step, StepId, When};
