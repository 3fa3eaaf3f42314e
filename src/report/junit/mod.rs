//! One merged JUnit report: the tests of stages, acceptances and bats files, and each stage and service as a test of the pipeline.

use std::collections::HashMap;
use std::io;
use std::time::Duration;

use indexmap::IndexMap;
use quick_junit::{NonSuccessKind, Report, TestCase as Case, TestCaseStatus, TestRerun, TestSuite};

use super::explain::{explain_attempt, tries_in_words};
use super::{Context, Document, Ending};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::render::printable;
use crate::event::{CaseStatus, CheckFailure, Event, Stamped, StepOutcome, Summary, TestCase};
use crate::plan::{NodeId, Operation, StepId};

/// Collects the tests of a run.
pub struct Junit {
    context: Context,
    suites: IndexMap<String, TestSuite>,
    /// Attempts of stages that failed and were followed by another one.
    reruns: HashMap<NodeId, Vec<TestRerun>>,
}

/// The suite of stages and services themselves.
const PIPELINE: &str = "pipeline";

impl Junit {
    /// With no test in it yet.
    pub fn new(context: Context) -> Self {
        let suites = IndexMap::from([(PIPELINE.to_owned(), TestSuite::new(PIPELINE))]);
        Junit { context, suites, reruns: HashMap::new() }
    }

    fn add(&mut self, suite: &str, case: Case) {
        self.suites.entry(suite.to_owned()).or_insert_with(|| TestSuite::new(suite)).add_test_case(case);
    }

    fn test(&mut self, suite: &str, case: &TestCase) {
        let mut status = match &case.status {
            CaseStatus::Passed => TestCaseStatus::success(),
            CaseStatus::Skipped(why) => {
                let mut status = TestCaseStatus::skipped();
                status.set_message(plain(why));
                status
            }
            failed => {
                let (message, details) = in_words(failed);
                failure(&message, &details)
            }
        };
        for earlier in &case.earlier {
            let (message, details) = in_words(earlier);
            status.add_rerun(rerun(&message, &details));
        }
        let mut junit = Case::new(plain(&case.name), status);
        junit.set_classname(plain(case.group.as_deref().unwrap_or(suite)));
        if let Some(took) = case.took {
            junit.set_time(took);
        }
        if let Some(log) = case.log.as_ref().filter(|log| !log.lines.is_empty()) {
            let lines: Vec<String> = log.lines.iter().map(|line| plain(line)).collect();
            junit.set_system_out(format!("{} wrote:\n{}", log.service, lines.join("\n")));
        }
        self.add(suite, junit);
    }

    fn settled(&mut self, step: StepId, outcome: &StepOutcome, took: Duration) {
        let Some(ending) = Ending::of(&self.context.plan, step, outcome) else { return };
        let planned = self.context.plan.step(step);
        let name = self.context.plan.node(planned.node).name.clone();
        let mut status = match ending {
            Ending::Passed => TestCaseStatus::success(),
            Ending::Failed(diagnostic) => failure(&diagnostic.message, &text(&diagnostic)),
            Ending::Skipped(why) => {
                let mut status = TestCaseStatus::skipped();
                status.set_message(plain(&why));
                status
            }
        };
        if matches!(planned.operation, Operation::RunStage(_)) {
            for rerun in self.reruns.remove(&planned.node).unwrap_or_default() {
                status.add_rerun(rerun);
            }
        }
        let mut case = Case::new(format!("{name}: {}", planned.operation.verb()), status);
        case.set_classname(PIPELINE);
        case.set_time(took);
        self.add(PIPELINE, case);
    }
}

impl Document for Junit {
    fn take(&mut self, stamped: &Stamped) {
        match &stamped.event {
            Event::Tested { node, case } => {
                let suite = self.context.plan.node(*node).name.clone();
                self.test(&suite, case);
            }
            Event::StepSettled { step, outcome, took } => self.settled(*step, outcome, *took),
            Event::Retrying { node, failure, .. } => {
                let diagnostic = explain_attempt(&self.context.plan, *node, failure);
                self.reruns.entry(*node).or_default().push(rerun(&diagnostic.message, &text(&diagnostic)));
            }
            _ => {}
        }
    }

    fn text(&mut self, summary: &Summary) -> io::Result<String> {
        let mut report = Report::new(self.context.plan.pipeline.as_str());
        report.set_time(summary.took);
        report.add_test_suites(self.suites.drain(..).map(|(_, suite)| suite));
        report.to_string().map_err(io::Error::other)
    }
}

fn failure(message: &str, details: &str) -> TestCaseStatus {
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
    status.set_message(plain(message));
    status.set_description(details.lines().map(plain).collect::<Vec<_>>().join("\n"));
    status
}

/// A try that was followed by another one: `flakyFailure` where that passed, else `rerunFailure`, as surefire writes them.
fn rerun(message: &str, details: &str) -> TestRerun {
    let mut rerun = TestRerun::new(NonSuccessKind::Failure);
    rerun.set_message(plain(message));
    rerun.set_description(details.lines().map(plain).collect::<Vec<_>>().join("\n"));
    rerun
}

/// What failed: in a line, and at length.
fn in_words(status: &CaseStatus) -> (String, String) {
    match status {
        CaseStatus::Passed => Default::default(),
        CaseStatus::Skipped(words) | CaseStatus::Failed(words) => {
            (words.lines().next().unwrap_or("failed").to_owned(), words.clone())
        }
        CaseStatus::Checks(failures) => {
            let first =
                failures.first().map_or(String::new(), |failure| format!("{} is not as expected", failure.subject));
            (first, failures.iter().map(check).collect::<Vec<_>>().join("\n\n"))
        }
    }
}

fn check(failure: &CheckFailure) -> String {
    let mut text = format!("{}\nexpected: {}\nactual:   {}", failure.subject, failure.expected, failure.actual);
    if !failure.tries.is_empty() {
        text.push('\n');
        text.push_str(&tries_in_words(&failure.tries));
    }
    if let Some(exchange) = &failure.exchange {
        text.push_str(&format!("\n$ {}\n{}", exchange.request, exchange.response.as_deref().unwrap_or_default()));
    }
    text
}

fn text(diagnostic: &Diagnostic) -> String {
    diagnostic.notes.iter().chain(&diagnostic.help).cloned().collect::<Vec<_>>().join("\n")
}

fn plain(text: &str) -> String {
    printable(text.as_bytes(), false)
}
