use std::path::Path;

use serde::Serialize;

use super::super::explain_case::in_words;
use crate::event::{self, CheckFailure, ServiceLog};

/// The parts of a check that did not hold.
#[derive(Serialize)]
pub(super) struct Check {
    subject: String,
    expected: String,
    actual: String,
    /// The file that holds the whole of a value that is cut.
    #[serde(skip_serializing_if = "Option::is_none")]
    actual_file: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    difference: Option<String>,
    /// What became of services, in words.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    causes: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    answer: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    answer_file: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tries: Vec<Tries>,
}

/// Tries in a row that came to the same.
#[derive(Serialize)]
struct Tries {
    first: u32,
    last: u32,
    at: f64,
    outcome: String,
}

/// What a service wrote while a test ran.
#[derive(Serialize)]
pub(super) struct Log<'a> {
    service: &'a str,
    /// How many lines there were before these.
    before: u64,
    lines: &'a [String],
    files: Vec<String>,
}

/// Lines of a file of another tool.
#[derive(Serialize)]
pub(super) struct Excerpt<'a> {
    file: &'a str,
    line: usize,
    first: usize,
    lines: &'a [String],
}

impl Check {
    /// As the wire tells it.
    pub(super) fn of(failure: &CheckFailure) -> Self {
        let tries = failure.tries.iter().map(|tries| Tries {
            first: tries.first,
            last: tries.last,
            at: tries.at.as_secs_f64(),
            outcome: tries.outcome.clone(),
        });
        Check {
            subject: failure.subject.clone(),
            expected: failure.expected.clone(),
            actual: failure.actual.clone(),
            actual_file: failure.actual_file.as_deref().map(shown),
            difference: failure.difference.clone(),
            causes: failure.causes.iter().map(in_words).collect(),
            request: failure.exchange.as_ref().map(|exchange| exchange.request.clone()),
            answer: failure.exchange.as_ref().and_then(|exchange| exchange.response.clone()),
            answer_file: failure.answer_file.as_deref().map(shown),
            tries: tries.collect(),
        }
    }
}

impl<'a> Log<'a> {
    /// As the wire tells it.
    pub(super) fn of(log: &'a ServiceLog) -> Self {
        let files = log.files.iter().map(|file| shown(file)).collect();
        Log { service: &log.service, before: log.before, lines: &log.lines, files }
    }
}

impl<'a> Excerpt<'a> {
    /// As the wire tells it.
    pub(super) fn of(excerpt: &'a event::Excerpt) -> Self {
        Excerpt { file: &excerpt.file, line: excerpt.line, first: excerpt.first, lines: &excerpt.lines }
    }
}

fn shown(file: &Path) -> String {
    file.display().to_string()
}
