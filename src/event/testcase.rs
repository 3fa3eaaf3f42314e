use std::path::PathBuf;
use std::time::Duration;

use super::CheckFailure;
use crate::source::Span;

/// One test, from whatever told it: our own HTTP tests, bats, a JUnit file.
#[derive(Debug, Clone)]
pub struct TestCase {
    /// The suite or class that it stands in, where the source names one.
    pub group: Option<String>,
    /// What it promises.
    pub name: String,
    /// How it ended.
    pub status: CaseStatus,
    /// How the tries before the last one failed, where it was run again.
    pub earlier: Vec<CaseStatus>,
    /// How long it took, where it is known.
    pub took: Option<Duration>,
    /// Its place in the pipeline, where it has one.
    pub span: Option<Span>,
    /// The lines of a file of its own that it failed at, where its tool names them.
    pub excerpt: Option<Box<Excerpt>>,
    /// What services wrote meanwhile, the one under test first, as evidence of a test that failed.
    pub logs: Vec<ServiceLog>,
}

impl TestCase {
    /// A test and how it ended, and no more yet.
    pub fn new(group: Option<String>, name: String, status: CaseStatus) -> Self {
        let (took, span, excerpt) = (None, None, None);
        TestCase { group, name, status, earlier: Vec::new(), took, span, excerpt, logs: Vec::new() }
    }

    /// What it promises, behind what it stands in where that is not the suite itself.
    pub fn title(&self, suite: &str) -> String {
        match &self.group {
            Some(group) if group != suite => format!("{group}: {}", self.name),
            _ => self.name.clone(),
        }
    }

    /// Whether it passed only when it was run again: never a plain pass.
    pub fn is_flaky(&self) -> bool {
        matches!(self.status, CaseStatus::Passed) && !self.earlier.is_empty()
    }
}

/// What a service wrote while a test ran.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceLog {
    /// Its name.
    pub service: String,
    /// How many lines there were before those that are shown.
    pub before: u64,
    /// The last lines, oldest first, secrets hidden.
    pub lines: Vec<String>,
    /// The files that hold all that it wrote, where they are kept.
    pub files: Vec<PathBuf>,
}

/// A few lines of a file that no part of a pipeline is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excerpt {
    /// The file, as the pipeline names it.
    pub file: String,
    /// The line that is meant, from 1.
    pub line: usize,
    /// The number of the first line that is shown.
    pub first: usize,
    /// The lines.
    pub lines: Vec<String>,
}

/// How a test ended.
#[derive(Debug, Clone)]
pub enum CaseStatus {
    /// As promised.
    Passed,
    /// Not run, and why.
    Skipped(String),
    /// Not as promised: each check of ours that failed.
    Checks(Vec<CheckFailure>),
    /// Not as promised, in the words of the tool that ran it.
    Failed(String),
}

impl CaseStatus {
    /// Whether the test fails the run.
    pub fn is_failure(&self) -> bool {
        matches!(self, CaseStatus::Checks(_) | CaseStatus::Failed(_))
    }
}
