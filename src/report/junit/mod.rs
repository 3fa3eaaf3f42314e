//! One merged JUnit report: the tests of stages, acceptances and bats files, and each stage and service as a test of the pipeline.

use std::collections::HashMap;
use std::io;
use std::time::Duration;

use indexmap::IndexMap;
use quick_junit::{NonSuccessKind, Report, TestCase as Case, TestCaseStatus, TestRerun, TestSuite};

use super::explain::explain_attempt;
use super::explain_case::explain_earlier;
use super::{Context, Document, Ending, explain_case};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::render::printable;
use crate::event::{CaseStatus, Event, ServiceLog, Stamped, StepOutcome, Summary, TestCase};
use crate::plan::{NodeId, Operation, StepId};

/// Collects the tests of a run.
pub struct Junit {
    context: Context,
    suites: IndexMap<String, TestSuite>,
    /// Attempts of stages that failed and were followed by another one.
    reruns: HashMap<NodeId, Vec<TestRerun>>,
    /// The run's id.
    run: String,
    /// Tests that passed only when they were run again, by suite.
    flaky: HashMap<String, Vec<String>>,
}

/// The suite of stages and services themselves.
const PIPELINE: &str = "pipeline";

impl Junit {
    /// With no test in it yet.
    pub fn new(context: Context) -> Self {
        let suites = IndexMap::from([(PIPELINE.to_owned(), TestSuite::new(PIPELINE))]);
        Junit { context, suites, reruns: HashMap::new(), run: String::new(), flaky: HashMap::new() }
    }

    fn add(&mut self, suite: &str, case: Case) {
        self.suites.entry(suite.to_owned()).or_insert_with(|| TestSuite::new(suite)).add_test_case(case);
    }

    fn test(&mut self, node: NodeId, case: &TestCase) {
        let plan = self.context.plan.clone();
        let suite = plan.node(node).name.as_str();
        let mut status = match &case.status {
            CaseStatus::Passed => TestCaseStatus::success(),
            CaseStatus::Skipped(why) => {
                let mut status = TestCaseStatus::skipped();
                status.set_message(plain(why));
                status
            }
            CaseStatus::Checks(_) | CaseStatus::Failed(_) => {
                // What services wrote has a place of its own.
                let case = TestCase { logs: Vec::new(), ..case.clone() };
                let told = explain_case(&plan, node, &case);
                failure(&message(&case.status, &told), &at_length(&told))
            }
        };
        for (earlier, told) in case.earlier.iter().zip(explain_earlier(&plan, node, case)) {
            status.add_rerun(rerun(&message(earlier, &told), &at_length(&told)));
        }
        let mut junit = Case::new(plain(&case.name), status);
        junit.set_classname(plain(case.group.as_deref().unwrap_or(suite)));
        if let Some(took) = case.took {
            junit.set_time(took);
        }
        let logs: Vec<String> = case.logs.iter().filter(|log| !log.lines.is_empty()).map(wrote).collect();
        if !logs.is_empty() {
            junit.set_system_out(logs.join("\n"));
        }
        if case.is_flaky() {
            self.flaky.entry(suite.to_owned()).or_default().push(plain(&case.title(suite)));
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
            Event::RunStarted { run, .. } => self.run.clone_from(run),
            Event::Tested { node, case } => self.test(*node, case),
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
        for (name, mut suite) in self.suites.drain(..) {
            suite.add_property(("pipe.run", self.run.as_str()));
            if let Some(seed) = self.context.plan.seed {
                suite.add_property(("pipe.shuffle", seed.to_string().as_str()));
            }
            for test in self.flaky.remove(&name).unwrap_or_default() {
                suite.add_property(("pipe.flaky", test.as_str()));
            }
            report.add_test_suite(suite);
        }
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

/// What failed, in a line.
fn message(status: &CaseStatus, told: &[Diagnostic]) -> String {
    match (status, told) {
        (CaseStatus::Failed(words), _) => words.lines().next().unwrap_or("failed").to_owned(),
        (CaseStatus::Checks(failures), _) => {
            failures.first().map_or(String::new(), |failure| format!("{} is not as expected", failure.subject))
        }
        (CaseStatus::Passed | CaseStatus::Skipped(_), _) => String::new(),
    }
}

/// What failed, one thing after the other, with its evidence.
fn at_length(told: &[Diagnostic]) -> String {
    let one = |diagnostic: &Diagnostic| format!("{}\n{}", diagnostic.message, text(diagnostic));
    told.iter().map(one).collect::<Vec<_>>().join("\n\n")
}

/// What a service wrote meanwhile.
fn wrote(log: &ServiceLog) -> String {
    let before = (log.before > 0).then(|| format!("… {} lines before", log.before));
    let lines = log.lines.iter().map(|line| plain(line));
    let files = log.files.iter().map(|file| format!("all of it: {}", file.display()));
    let lines: Vec<String> = before.into_iter().chain(lines).chain(files).collect();
    format!("{} wrote:\n{}", log.service, lines.join("\n"))
}

fn text(diagnostic: &Diagnostic) -> String {
    diagnostic.notes.iter().chain(&diagnostic.help).cloned().collect::<Vec<_>>().join("\n")
}

fn plain(text: &str) -> String {
    printable(text.as_bytes(), false)
}
