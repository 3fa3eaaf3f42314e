//! What containers and builds write: from bytes to masked lines, to those who listen and to the evidence of failures.
//!
//! Main type: [`Pump`]. Both streams of a process stay apart; a flood slows the process, not the memory of pipe.

mod lines;
mod mask;
mod mask_event;
mod pump;
mod tail;
mod watch;

pub(super) use lines::Lines;
pub use mask::Masker;
pub(super) use pump::Pump;
pub(super) use tail::Tail;
pub(super) use watch::LineWatch;
