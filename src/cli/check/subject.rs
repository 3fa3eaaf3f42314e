use std::path::PathBuf;

use super::desk::Desk;
use super::settings::Settings;
use crate::analysis::{Analysis, Analyzer, Findings, analyze};
use crate::cli::load::inputs;
use crate::cli::origin::{Origin, Refusal};
use crate::diagnostic::Diagnostics;
use crate::source::{Files, SourceFile};

/// One pipeline that is checked.
pub struct Subject {
    /// Where its text came from.
    pub origin: Origin,
    /// Its text, as it was read.
    pub text: String,
    /// The files around it.
    pub desk: Desk,
}

/// Bytes that are no text, drawn as far as they can be.
pub struct NoText {
    /// The file.
    pub files: Files,
    /// What is wrong with it.
    pub diagnostics: Diagnostics,
}

impl Subject {
    /// Reads the text.
    pub fn read(origin: Origin, settings: &Settings<'_>) -> Result<Result<Self, NoText>, Refusal> {
        let (text, broken) = crate::syntax::decode_utf8(origin.read()?);
        Ok(match broken {
            None => Ok(Subject { desk: Desk::new(origin.root.clone(), settings.args.watch), origin, text }),
            Some(broken) => {
                let files = Files::single(&origin.shown, &text);
                let diagnostics = [broken.diagnostic(files.root())].into_iter().collect();
                Err(NoText { files, diagnostics })
            }
        })
    }

    /// What is to be told of the pipeline, by one who may have looked at it before.
    pub fn findings(&self, analyzer: &mut Analyzer, settings: &Settings<'_>) -> Findings {
        let files = Files::single(&self.origin.shown, &self.text);
        let inputs = inputs(&self.desk, &self.origin.root, settings.sets.clone());
        let found = analyzer.analyze(&files, &inputs);
        Findings { diagnostics: settings.levels.apply(found.diagnostics), ..found }
    }

    /// What is to be told of the pipeline, had it this text.
    pub fn analysis(&self, text: &str, settings: &Settings<'_>) -> Analysis {
        let files = Files::single(&self.origin.shown, text);
        let mut analysis = analyze(&files, &inputs(&self.desk, &self.origin.root, settings.sets.clone()));
        analysis.diagnostics = settings.levels.apply(std::mem::take(&mut analysis.diagnostics));
        analysis
    }

    /// Where a file of its analysis lies on the disk; `None` for standard input.
    pub fn path_of(&self, file: &SourceFile, is_root: bool) -> Option<PathBuf> {
        if is_root { self.origin.file().map(PathBuf::from) } else { Some(self.origin.root.join(file.place())) }
    }
}
