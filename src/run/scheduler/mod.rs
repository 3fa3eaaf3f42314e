//! Decides what begins, what is broken off and what the run came to; as a value, with no clock, no task and no channel of its own.
//!
//! Main type: [`Scheduler`]. It is told what happened and answers what to do. The laws that it keeps, whatever happens in
//! whatever order, are written down and tried out in its simulation.

mod ending;
mod input;
mod priority;
#[expect(clippy::module_inception, reason = "a file is named after its main type")]
mod scheduler;
#[cfg(test)]
pub(in crate::run) mod simulation;
#[cfg(test)]
mod tests;

pub use input::{CancelHow, Effect, Input, Limits};
pub use scheduler::Scheduler;
