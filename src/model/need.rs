use super::{Gate, Name};
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
    /// `input unit "/out"`.
    Input,
    /// A reference inside, as in `{{app.url}}`.
    Reference,
}
