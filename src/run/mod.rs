//! Performs a plan: scheduling, gates, cancellation, tear-down.

mod control;
mod identity;
mod options;
pub mod scheduler;

pub use control::{Control, Signal};
pub use identity::Identity;
pub use options::Options;
