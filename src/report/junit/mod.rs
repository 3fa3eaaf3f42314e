//! One merged JUnit report: the tests of stages, acceptances and bats files, and each stage and service as a test of the pipeline.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use indexmap::IndexMap;
use quick_junit::{NonSuccessKind, Report, TestCase as Case, TestCaseStatus, TestRerun, TestSuite};

use super::explain::{explain_attempt, tries_in_words};
use super::{Context, Reporter, explain_failure};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::render::printable;
use crate::event::{CaseStatus, CheckFailure, Event, Failure, Stamped, StepOutcome, TestCase};
use crate::plan::{NodeId, Operation, StepId};

/// Collects the tests of a run and writes them when it ends.
pub struct Junit {
    context: Context,
    path: PathBuf,
    suites: IndexMap<String, TestSuite>,
    /// Attempts of stages that failed and were followed by another one.
    reruns: HashMap<NodeId, Vec<TestRerun>>,
    /// What could not be written; told by whoever made the reporter.
    error: Option<io::Error>,
}

/// The suite of stages and services themselves.
const PIPELINE: &str = "pipeline";

impl Junit {
    /// Will write to `path`, its directories made where they are missing.
    pub fn new(context: Context, path: impl Into<PathBuf>) -> Self {
        let suites = IndexMap::from([(PIPELINE.to_owned(), TestSuite::new(PIPELINE))]);
        Junit { context, path: path.into(), suites, reruns: HashMap::new(), error: None }
    }

    /// Makes sure that a report can be written to `path` before a run is begun for it; what is there stays.
    ///
    /// # Errors
    /// Why it cannot.
    pub fn prepare(path: &Path) -> io::Result<()> {
        if let Some(parent) = path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
            std::fs::create_dir_all(parent)?;
        }
        std::fs::OpenOptions::new().create(true).append(true).open(path).map(drop)
    }

    /// Why the report could not be written, where it could not.
    pub fn error(&self) -> Option<&io::Error> {
        self.error.as_ref()
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
        let planned = self.context.plan.step(step);
        let name = self.context.plan.node(planned.node).name.clone();
        let runs = matches!(
            planned.operation,
            Operation::RunStage(_) | Operation::AwaitReady { .. } | Operation::RunTests(_) | Operation::RunBats(_)
        );
        let told_by_cases = |failure: &Failure| matches!(failure, Failure::TestsFailed { failed, .. } if *failed > 0);
        let mut status = match (outcome, &planned.operation) {
            (StepOutcome::Succeeded, Operation::Skip { reason }) => {
                let mut status = TestCaseStatus::skipped();
                status.set_message(plain(reason));
                status
            }
            (outcome, _) => match outcome {
                StepOutcome::Succeeded if runs => TestCaseStatus::success(),
                StepOutcome::Failed(failure_) if !told_by_cases(failure_) => {
                    let diagnostic = explain_failure(&self.context.plan, step, failure_);
                    failure(&diagnostic.message, &text(&diagnostic))
                }
                StepOutcome::Skipped { because } if runs => {
                    let blamed = self.context.plan.node(self.context.plan.step(*because).node).name.clone();
                    let mut status = TestCaseStatus::skipped();
                    status.set_message(format!("`{blamed}` did not succeed"));
                    status
                }
                StepOutcome::Cancelled if runs => {
                    let mut status = TestCaseStatus::skipped();
                    status.set_message("cancelled");
                    status
                }
                _ => return,
            },
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

    fn write(&mut self, took: Duration) -> io::Result<()> {
        let mut report = Report::new(self.context.plan.pipeline.as_str());
        report.set_time(took);
        report.add_test_suites(self.suites.drain(..).map(|(_, suite)| suite));
        let text = report.to_string().map_err(io::Error::other)?;
        if let Some(parent) = self.path.parent().filter(|parent| *parent != Path::new("")) {
            std::fs::create_dir_all(parent)?;
        }
        std::fs::write(&self.path, text)
    }
}

impl Reporter for Junit {
    fn handle(&mut self, stamped: &Stamped) {
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
            Event::RunFinished(summary) => self.error = self.write(summary.took).err(),
            _ => {}
        }
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
