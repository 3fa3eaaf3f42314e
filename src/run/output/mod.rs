//! What containers write: from bytes, secrets hidden, to log files, to those who listen and to the evidence of failures.
//!
//! Main type: [`Pump`]. Both streams of a process stay apart, and their files hold every byte; a flood slows the process, and does not
//! grow the memory of pipe.

mod evidence;
mod forms;
mod lines;
mod log;
mod mask;
mod mask_event;
mod pump;
mod tail;
mod watch;

pub(super) use evidence::Evidence;
pub(super) use lines::{Line, Lines};
pub(super) use log::{Log, Logs};
pub use mask::{MaskStream, Masker};
pub(super) use pump::Pump;
pub(super) use tail::Tail;
pub(super) use watch::LineWatch;
