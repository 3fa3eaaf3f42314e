use super::definition::NOW;
use super::{Argument, Support};

/// A word of a closed set.
#[derive(Debug, Clone, Copy)]
pub struct Word {
    /// As written.
    pub word: &'static str,
    /// What it means, in one sentence.
    pub doc: &'static str,
    /// Arguments that follow it, before those of the node.
    pub takes: &'static [Argument],
    /// Whether this version runs it.
    pub support: Support,
}

impl Word {
    /// A word that this version runs.
    pub const fn new(word: &'static str, doc: &'static str) -> Self {
        Word { word, doc, takes: &[], support: NOW }
    }

    /// Checked as any other; a run that would need it is refused.
    pub const fn not_run(self) -> Self {
        Word { support: Support::Checked, ..self }
    }

    /// With arguments of its own.
    pub const fn takes(self, takes: &'static [Argument]) -> Self {
        Word { takes, ..self }
    }
}
