//! KDL text to a document that always exists, whatever the text.
//!
//! Main type: [`Document`]. This room knows KDL and nothing of pipelines. Text reaches the KDL crate only through the scanner,
//! which enforces the limits and splits the text into top-level nodes, so that one broken block never silences the rest.

mod document;

pub use document::{Document, Entry, Node, Value};
