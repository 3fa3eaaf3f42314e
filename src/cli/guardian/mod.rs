//! A second process of the same binary that takes back what a run made where the run itself no longer can.
//!
//! Main type: [`Guard`], the run's end of it. The guardian is there before the first object is made and does nothing as long as the run
//! lives. It holds the reading end of a pipe: a run that has come to its end says so in it, and of one that was killed nothing is heard but
//! the end of the pipe, which the kernel sees to.

mod charge;
mod guard;
mod watch;

/// The word that makes a process a guardian. No command that people use, so the command line does not know it.
pub const GUARDIAN: &str = "__guard";

pub use charge::Charge;
pub use guard::Guard;
pub use watch::watch;
