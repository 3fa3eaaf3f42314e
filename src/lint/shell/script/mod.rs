//! A shell script as far as rules look at it: its simple commands, what does not parse, and what only bash understands.
//!
//! Main type: [`Script`]. The grammar is that of POSIX.1-2017, XCU chapter 2, with the extensions of bash that are told apart.
//! `{{…}}` is a part of a word whose text is not known. This knows nothing of pipelines: places are offsets in the script's text.

mod command;
mod compound;
mod parser;
#[cfg(test)]
mod tests;
mod word;

pub(in crate::lint) use command::{Joined, Simple};
pub(super) use parser::{FaultKind, Script};
pub(in crate::lint) use word::{Part, Word};
