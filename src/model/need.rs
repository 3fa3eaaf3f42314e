use std::fmt;

use super::Name;
use crate::source::Span;

/// What must be before a runnable starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Need {
    /// The runnable needed.
    pub on: Name,
    /// What it must have reached.
    pub gate: Gate,
    /// How it was said.
    pub kind: NeedKind,
    /// Where it was said; the smallest token that says it.
    pub span: Span,
}

/// How a need came to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NeedKind {
    /// `needs db`.
    Needs,
    /// `after unit`: orders only where both are in the run.
    After,
    /// `target app`, of an acceptance.
    Target,
    /// A reference inside, as in `{{app.url}}`.
    Reference,
}

/// What a needed runnable must have reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Gate {
    /// Its process is up.
    Started,
    /// Its healthcheck has passed, and it still runs.
    Healthy,
    /// It ended well (a stage), or its tests passed (an acceptance).
    Succeeded,
    /// It ended, well or not, or was skipped.
    Completed,
    /// Its process ended, with any code.
    Exited,
}

impl fmt::Display for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Gate::Started => "started",
            Gate::Healthy => "healthy",
            Gate::Succeeded => "succeeded",
            Gate::Completed => "completed",
            Gate::Exited => "exited",
        })
    }
}
