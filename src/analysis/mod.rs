//! `analyze()`: the one road from text to a pipeline, for command line and editor alike.
//!
//! Main type: [`Analysis`]. This room does no I/O but through the workspace of its inputs, and never fails: whatever the text, there is
//! an analysis. It must not know how diagnostics are drawn, or what is done with a pipeline.

mod analyze;
mod analyzer;
mod asked;
mod cap;
mod cascade;
mod dockerfiles;
mod edit;
mod elsewhere;
mod gather;
mod kept;
mod memory;
mod suppression;
#[cfg(test)]
mod tests;
mod wishes;

pub use analyze::{Analysis, analyze};
pub use analyzer::{Analyzer, Findings};
