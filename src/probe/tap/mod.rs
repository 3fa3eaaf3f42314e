//! Reads the Test Anything Protocol, versions 12 to 14, line by line, as bats and others write it.
//!
//! Main type: [`Tap`]. Lines that are no TAP are output of the tests and passed over; nothing that is read is trusted: depth,
//! number and length have limits.

mod line;
mod parser;
mod verdict;

pub use parser::Tap;
pub use verdict::{TapProblem, TapVerdict};
