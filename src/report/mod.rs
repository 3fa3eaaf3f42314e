//! Turns events into screens and files, one folder a format.
//!
//! Main type: [`Reporter`]. A reporter sees the plan and the events, and nothing of the engine or of the driver that tells them.
//! Writing to a closed pipe or a vanished terminal is no error of a run: a reporter then falls silent.

mod account;
mod course;
mod critical_path;
mod document;
mod ending;
mod engine_trouble;
mod explain;
mod explain_case;
pub mod gitlab;
pub mod html;
pub mod json;
pub mod junit;
pub mod markdown;
mod narrative;
mod paced;
pub mod plain;
mod record;
mod reporter;
mod summary;
mod tally;
pub mod tap;
pub mod trace;
pub mod tty;
mod words;

pub use account::Account;
pub use course::{Course, End, Span};
pub use critical_path::{CriticalPath, Link};
pub use document::{Document, Report, ReportFormat};
pub use ending::Ending;
pub use engine_trouble::{engine_code, explain_engine_error};
pub use explain::explain_failure;
pub use explain_case::explain_case;
pub use paced::Paced;
pub use record::Record;
pub use reporter::{Context, Hide, Reporter, Screen};
pub use summary::{Failures, summary_lines};
pub use tally::Tally;
