use std::time::Duration;

use super::Words;
use super::reader::Reader;
use crate::source::Spanned;

/// `command A B C timeout="10s"`, run on the host for its output.
#[derive(Debug, Clone, PartialEq)]
pub struct HostCommand {
    /// The program and its arguments.
    pub words: Words,
    /// How long it may take.
    pub timeout: Option<Spanned<Duration>>,
}

impl HostCommand {
    pub(super) fn decode(node: Reader<'_>) -> Option<Self> {
        Some(HostCommand { words: node.words("command")?, timeout: node.child("command")?.property("timeout") })
    }
}
