//! What failed as a report of code quality: GitLab draws it beside the lines of a merge request.

use std::io;

use super::summary::Failures;
use super::{Context, Document};
use crate::diagnostic::render;
use crate::event::{Stamped, Summary};

/// Collects the failures of a run.
pub struct Gitlab {
    context: Context,
    failures: Failures,
}

impl Gitlab {
    /// With no failure in it yet.
    pub fn new(context: Context) -> Self {
        Gitlab { context, failures: Failures::default() }
    }
}

impl Document for Gitlab {
    fn take(&mut self, stamped: &Stamped) {
        self.failures.notice(&stamped.event);
    }

    fn text(&mut self, _: &Summary) -> io::Result<String> {
        Ok(render::gitlab(&self.failures.diagnostics(&self.context.plan), &self.context.files))
    }
}
