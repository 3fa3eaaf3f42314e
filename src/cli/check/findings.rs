use super::secrecy::Secrecy;
use crate::ast::Secret;
use crate::cli::ExitStatus;
use crate::cli::origin::Refusal;
use crate::diagnostic::{Diagnostics, Severity, render};
use crate::source::Files;

/// What was found in all pipelines together.
#[derive(Default)]
pub struct Findings {
    /// All of it; in the order of the files once it is sorted.
    pub diagnostics: Diagnostics,
    /// The files that it is about.
    pub files: Files,
    /// How many pipelines were looked at.
    looked_at: usize,
    /// How many of them gave something to show.
    found_in: usize,
    /// The worst of what kept a pipeline from being read.
    refused: Option<ExitStatus>,
}

impl Findings {
    /// Takes in what was found in one pipeline; `secrets` are those that are declared in it.
    pub fn take(&mut self, files: &Files, secrets: &[Secret], diagnostics: Diagnostics, least: Severity) {
        let mut shown = diagnostics.into_iter().filter(|it| it.severity >= least).peekable();
        self.looked_at += 1;
        self.found_in += usize::from(shown.peek().is_some());
        // Where nothing is shown there is nothing to hide.
        let secrecy = (!secrets.is_empty() && shown.peek().is_some()).then(|| Secrecy::of(secrets));
        let ids = match &secrecy {
            Some(secrecy) => self.files.adopt(&secrecy.files(files)),
            None => self.files.adopt(files),
        };
        let told = |it| match &secrecy {
            Some(secrecy) => secrecy.told(it),
            None => it,
        };
        self.diagnostics.extend(shown.map(|it| told(it).moved(&ids)).collect());
    }

    /// Takes in a pipeline that there is no text of; it is named, so that every format can show where.
    pub fn refuse(&mut self, refusal: Refusal) {
        let mut files = Files::default();
        let place = files.add(&refusal.path, "").span(0, 0);
        self.take(&files, &[], [(*refusal.diagnostic).label(place, "")].into_iter().collect(), Severity::Error);
        let worse = |other: ExitStatus| if other.code() > refusal.status.code() { other } else { refusal.status };
        self.refused = Some(self.refused.map_or(refusal.status, worse));
    }

    /// How the command ends.
    pub fn status(&self) -> ExitStatus {
        match self.refused {
            Some(status) => status,
            None if self.diagnostics.has_errors() => ExitStatus::Failed,
            None => ExitStatus::Success,
        }
    }

    /// One line about it all: `2 errors, 1 warning in 2 of 3 pipelines`.
    pub fn summary(&self) -> String {
        let count = render::count(&self.diagnostics);
        match (self.looked_at, self.found_in) {
            (1, 0) => format!("{}: {count}", self.files.root().path().display()),
            (1, _) => count,
            (all, 0) => format!("{all} pipelines: {count}"),
            (all, found) => format!("{count} in {found} of {all} pipelines"),
        }
    }
}
