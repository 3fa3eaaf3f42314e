//! The limits that keep hostile or broken text from costing more than moments. A real pipeline stays far below each.

/// The largest text, in bytes.
pub const TEXT_BYTES: usize = 4 * 1024 * 1024;

/// The deepest nesting of blocks. The document is walked recursively, so this bounds the stack of every later phase.
pub const DEPTH: usize = 32;

/// The most nodes, arguments and properties of one text, counted together.
pub const ITEMS: usize = 500_000;

/// The longest single string, in bytes: the KDL crate reads strings character by character.
pub const STRING_BYTES: usize = 256 * 1024;

/// The most mistakes that one text is told of; a text with more is not a pipeline.
pub const MISTAKES: usize = 200;
