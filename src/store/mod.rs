//! What is kept of runs on this machine: a directory a run, locked for as long as somebody works on the run, with its journal.
//!
//! Main type: [`RunDirectory`]. The lock is the kernel's, so that it goes with its process however that ends, and tells anybody whether
//! the run lives. Only its owner may enter the directory. This room must not know what a run does, nor where a process is told to keep
//! things: candidates come in as paths.

mod directory;
mod journal;
mod log_files;
mod prune;
mod prune_logs;
mod run_directory;
mod test_results;

pub use directory::Directory;
pub use journal::{Begun, Entry, Journal, Story};
pub use log_files::{LogFiles, Turn};
pub use prune::prune;
pub use prune_logs::prune_logs;
pub use run_directory::{Remembered, RunDirectory};
pub use test_results::{Failed, TestResult, TestResults};
