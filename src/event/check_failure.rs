use std::path::PathBuf;
use std::time::Duration;

use super::Cause;
use crate::source::Span;

/// A check of an acceptance test that did not hold.
#[derive(Debug, Clone)]
pub struct CheckFailure {
    /// The `expect`, or the probe where no answer came.
    pub span: Span,
    /// What was looked at: `json "$.title"`.
    pub subject: String,
    /// What was wanted: `equals "Wash the car"`.
    pub expected: String,
    /// What was there; long values are cut.
    pub actual: String,
    /// The file that holds the whole of it, where it is cut.
    pub actual_file: Option<PathBuf>,
    /// The smallest useful difference between the two, where there is more to say than both: `$.items[1].order is 2; wanted 3`.
    pub difference: Option<String>,
    /// The request and its answer, where there was one.
    pub exchange: Option<Exchange>,
    /// The file that holds the whole of the answer, where it is cut.
    pub answer_file: Option<PathBuf>,
    /// Where it was tried again and again: what came of all tries, oldest first; long stories lack their middle.
    pub tries: Vec<Tries>,
    /// What had become of services by then, oldest first.
    pub causes: Vec<Cause>,
}

/// Tries in a row that came to the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tries {
    /// The first of them, from 1.
    pub first: u32,
    /// The last of them.
    pub last: u32,
    /// When the first of them began, since the waiting began.
    pub at: Duration,
    /// What failed, in a line.
    pub outcome: String,
}

/// A request and its answer, as evidence.
#[derive(Debug, Clone)]
pub struct Exchange {
    /// A line for a shell that does the same, secrets masked.
    pub request: String,
    /// Status line, headers and the body, or what else was answered; cut.
    pub response: Option<String>,
}

impl CheckFailure {
    /// That something is not as expected, and no more yet.
    pub fn new(span: Span, subject: String, expected: String, actual: String) -> Self {
        CheckFailure {
            span,
            subject,
            expected,
            actual,
            actual_file: None,
            difference: None,
            exchange: None,
            answer_file: None,
            tries: Vec::new(),
            causes: Vec::new(),
        }
    }
}
