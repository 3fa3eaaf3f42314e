//! Turns events into screens and files, one folder a format.
//!
//! Main type: [`Reporter`]. A reporter sees the plan and the events, and nothing of the engine or of the driver that tells them.
//! Writing to a closed pipe or a vanished terminal is no error of a run: a reporter then falls silent.

mod engine_trouble;
mod explain;
pub mod json;
pub mod junit;
mod narrative;
mod paced;
pub mod plain;
mod reporter;
mod summary;
mod tally;
pub mod tty;
mod words;

pub use engine_trouble::{engine_code, explain_engine_error};
pub use explain::{explain_case, explain_failure};
pub use paced::Paced;
pub use reporter::{Context, Hide, Reporter, Screen};
pub use summary::{Failures, summary_lines};
pub use tally::Tally;
