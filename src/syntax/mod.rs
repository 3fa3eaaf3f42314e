//! KDL text to a document that always exists, whatever the text.
//!
//! Main type: [`Document`]. This room knows KDL and nothing of pipelines. Text reaches the KDL crate only through the scanner,
//! which enforces the [limits], names and mends the commonest mistakes, and hands over the head of one node at a time: never a
//! block, so that neither nesting nor a broken line can harm what stands around it.

mod balance;
mod block;
mod characters;
mod confusable;
mod document;
mod foreign;
mod format;
mod grouping;
mod kdl1;
mod keys;
pub mod limits;
mod line_ends;
mod lists;
mod mistakes;
mod outline;
mod parse;
mod piece;
mod places;
mod plain;
mod read;
mod scanner;
mod shapeless;
mod string;
mod structure;
mod token;
mod utf8;
mod words;
mod yaml;

#[cfg(test)]
mod tests;

pub use document::{Document, Entry, Node, Value};
pub use format::format;
pub use outline::{Outline, outline};
pub use parse::parse;
pub use places::{Places, inside};
pub use utf8::{Utf8Fault, decode_utf8};
