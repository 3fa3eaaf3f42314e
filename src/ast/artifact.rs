use super::reader::{Reader, words};
use crate::source::{Span, Spanned};

/// `artifact "/path" to="reports/" report=junit on=always`.
#[derive(Debug, Clone, PartialEq)]
pub struct Artifact {
    /// In the container.
    pub path: Spanned<String>,
    /// On the host, relative to the pipeline's directory.
    pub to: Option<Spanned<String>>,
    /// Read as a report and merged.
    pub report: Option<Spanned<ReportKind>>,
    /// When it is collected.
    pub on: Option<Spanned<ArtifactOn>>,
    /// The node.
    pub span: Span,
}

/// The format of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReportKind {
    /// JUnit XML.
    Junit,
    /// The Test Anything Protocol.
    Tap,
}

/// When an artifact is collected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ArtifactOn {
    /// Whatever the exit code.
    #[default]
    Always,
    /// Only when the stage succeeded.
    Success,
    /// Only when it failed.
    Failure,
}

words!(ReportKind:
    "junit" => ReportKind::Junit,
    "tap" => ReportKind::Tap,
);

words!(ArtifactOn:
    "always" => ArtifactOn::Always,
    "success" => ArtifactOn::Success,
    "failure" => ArtifactOn::Failure,
);

impl Artifact {
    pub(super) fn decode(node: Reader<'_>) -> Option<Self> {
        Some(Artifact {
            path: node.argument(0)?,
            to: node.property("to"),
            report: node.property("report"),
            on: node.property("on"),
            span: node.span(),
        })
    }
}
