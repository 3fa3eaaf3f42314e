use super::analyze::{Analysis, meant};
use super::asked::Asked;
use super::gather::gather;
use super::kept::Kept;
use super::memory::Memory;
use crate::ast::Secret;
use crate::diagnostic::Diagnostics;
use crate::model::Inputs;
use crate::source::Files;

/// Analyses again and again, for those who look at a pipeline while it is edited. What it tells is what [`analyze`](super::analyze())
/// tells.
///
/// It keeps what it found out. A file whose text is still the same is not read anew; and where one line of one service, stage or
/// acceptance was edited, so that the text is still of the right form and the others cannot see the edit, only that one is looked at.
/// What such an edit may change of the whole, such as a cycle or a name that nothing uses any more, is looked at each time.
#[derive(Default)]
pub struct Analyzer {
    memory: Memory,
    kept: Option<Kept>,
}

/// What an analyzer has to tell.
#[derive(Debug, Clone)]
pub struct Findings {
    /// The files that were read: the root, and what it led to.
    pub files: Files,
    /// Everything that is to be told of them, in the order of the text.
    pub diagnostics: Diagnostics,
    /// The secrets that they declare, whose values nobody is to be told.
    pub secrets: Vec<Secret>,
    /// Whether they are a pipeline that is valid.
    pub is_valid: bool,
    /// Whether all of them was looked at, and not only what was edited.
    pub is_whole: bool,
}

impl Analyzer {
    /// One that has read nothing.
    pub fn new() -> Self {
        Analyzer::default()
    }

    /// As [`analyze`](super::analyze()); what has been found out before costs less.
    pub fn analyze(&mut self, files: &Files, inputs: &Inputs<'_>) -> Findings {
        if let Some(kept) = self.kept.take().and_then(|kept| kept.again(files, inputs)) {
            return self.keep(kept, inputs, false);
        }
        let asked = Asked::default();
        let gathered = gather(files, &asked.of(inputs.workspace), &mut self.memory);
        self.memory.forget();
        match Kept::of(gathered, asked, inputs) {
            Ok(kept) => self.keep(kept, inputs, true),
            Err(gathered) => {
                let analysis = meant(*gathered, inputs);
                let is_valid = analysis.pipeline.is_some();
                let Analysis { files, diagnostics, spec, .. } = analysis;
                Findings { files, diagnostics, secrets: spec.secrets, is_valid, is_whole: true }
            }
        }
    }

    fn keep(&mut self, kept: Kept, inputs: &Inputs<'_>, is_whole: bool) -> Findings {
        let (files, diagnostics, is_valid) = kept.told(inputs.workspace);
        let secrets = kept.secrets().to_vec();
        self.kept = Some(kept);
        Findings { files, diagnostics, secrets, is_valid, is_whole }
    }

    /// What is kept.
    #[cfg(test)]
    pub(super) fn kept(&self) -> Option<&Kept> {
        self.kept.as_ref()
    }
}
