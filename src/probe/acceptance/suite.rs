use std::collections::HashMap;
use std::future::ready;
use std::path::Path;
use std::sync::OnceLock;

use futures_util::future::BoxFuture;
use futures_util::{FutureExt, StreamExt, stream};

use super::actor::{Actor, Claim};
use super::captures::{Captured, Captures};
use super::case::cases;
use super::halt::Halt;
use super::references::References;
use super::site::Site;
use super::test::{run_after_all, run_before_all};
use super::witness::{Marks, testimony};
use crate::event::{CaseStatus, CheckFailure, TestCase};
use crate::model::{Acceptance, Name, Scope};
use crate::probe::http::{Connections, Url};

/// What a suite is run with.
pub struct Suite<'a> {
    /// The tests.
    pub acceptance: &'a Acceptance,
    /// Where relative URLs go right now: `http://127.0.0.1:32771`, and another port once the target was started again; none where the suite
    /// has no target.
    pub base: &'a (dyn Fn() -> Option<Url> + Sync),
    /// The values of holes, captures aside.
    pub scope: &'a (dyn Scope + Sync),
    /// Where relative files of bodies lie: the pipeline's own directory.
    pub directory: &'a Path,
    /// The files that predicates compare with.
    pub references: References,
    /// Connections that tests may use one after the other.
    pub connections: Connections,
    /// Hides secrets in text that is going to be shown.
    pub mask: &'a (dyn Fn(&str) -> String + Sync),
    /// What probes other than `http` look at.
    pub site: &'a dyn Site,
    /// Does to services what steps ask for.
    pub actor: &'a dyn Actor,
    /// How many tests may fail in the run, once that many have: no more of them is begun then.
    pub enough: &'a (dyn Fn() -> Option<usize> + Sync),
    /// Which part of it is run.
    pub part: Part,
    /// What an earlier part has captured for all tests.
    pub known: HashMap<String, Captured>,
    /// The word to break off.
    pub halt: Halt,
}

/// A suite that holds no test promises nothing, and passes nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoTests;

/// Which part of a suite is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// All of it, where its tests are all of the same tool.
    Whole,
    /// What is before all tests, those in other tools among them.
    BeforeAll,
    /// Its own tests.
    Tests,
    /// What is after all tests, those in other tools among them.
    AfterAll,
}

/// What a part of a suite came to.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Ran {
    /// How many tests failed; steps around all tests count as one.
    pub failed: usize,
    /// What has been captured for all tests.
    pub captured: HashMap<String, Captured>,
}

/// Runs a part of a suite, each test with cookies and captures of its own; `tell` gets each as it ends, in the order of the file.
///
/// Each request has a time-out of its own; what limits the suite comes as its [`Halt`], and what must run whatever happened is run then.
/// Drop it to cancel all the same: what it did to services is left.
pub async fn run_suite(suite: Suite<'_>, mut tell: impl FnMut(TestCase) + Send) -> Result<Ran, NoTests> {
    let (acceptance, part) = (suite.acceptance, suite.part);
    if acceptance.tests.is_empty() && matches!(part, Part::Whole | Part::Tests) {
        return Err(NoTests);
    }
    let mut ran = Ran { failed: 0, captured: suite.known.clone() };
    let held: Vec<Name> = acceptance.disturbed_around().into_iter().map(|(name, _)| name.clone()).collect();
    let place = if held.is_empty() { None } else { claim(&suite, &held, &[]).await };
    if place.is_none() && !held.is_empty() && part != Part::AfterAll {
        return Ok(ran);
    }
    let mut captures = Captures::knowing(suite.scope, suite.known.clone());
    let mut is_ready = true;
    if matches!(part, Part::Whole | Part::BeforeAll) {
        let marks = suite.site.marks();
        let (failures, known) = Box::pin(run_before_all(&suite, captures)).await;
        captures = known;
        ran.captured = captures.kept().clone();
        is_ready = failures.is_empty();
        if !is_ready {
            ran.failed += 1;
            tell(case_of_steps(&suite, "before-all", failures, &marks).await);
        }
    }
    if matches!(part, Part::Whole | Part::Tests) {
        ran.failed += run_tests(&suite, &captures, &held, is_ready, &mut tell).await;
    }
    if matches!(part, Part::Whole | Part::AfterAll) {
        let marks = suite.site.marks();
        let failures = Box::pin(run_after_all(&suite, captures)).await;
        if !failures.is_empty() {
            ran.failed += 1;
            tell(case_of_steps(&suite, "after-all", failures, &marks).await);
        }
    }
    Ok(ran)
}

/// Runs the tests themselves; how many failed.
async fn run_tests(
    suite: &Suite<'_>,
    captures: &Captures<'_>,
    held: &[Name],
    is_ready: bool,
    tell: &mut (impl FnMut(TestCase) + Send),
) -> usize {
    let acceptance = suite.acceptance;
    let ruin = OnceLock::new();
    let only = acceptance.tests.iter().any(|test| test.only);
    let mut ahead: Vec<BoxFuture<'_, Option<TestCase>>> = Vec::new();
    for case in cases(acceptance) {
        match case.left_out(suite, only, is_ready, captures) {
            Some(reason) => ahead.push(ready(Some(case.told(suite, CaseStatus::Skipped(reason)))).boxed()),
            None => ahead.push(case.run(suite, captures.clone(), held, &ruin).boxed()),
        }
    }
    let mut failed = 0;
    let mut running = stream::iter(ahead).buffered(acceptance.parallel.max(1));
    while let Some(ended) = running.next().await {
        let Some(case) = ended else { continue };
        failed += usize::from(case.status.is_failure());
        tell(case);
    }
    failed
}

/// Waits for a place with services; none where the suite is broken off before.
pub(super) async fn claim(suite: &Suite<'_>, disturbs: &[Name], held: &[Name]) -> Option<Claim> {
    tokio::select! {
        biased;
        claim = suite.actor.claim(disturbs, held) => Some(claim),
        _ = suite.halt.heard() => None,
    }
}

/// Steps around all tests that failed, as a test of their own.
async fn case_of_steps(suite: &Suite<'_>, name: &str, failures: Vec<CheckFailure>, marks: &Marks) -> TestCase {
    let suite_name = &suite.acceptance.name;
    let case = TestCase::new(Some(suite_name.value.to_string()), name.to_owned(), CaseStatus::Checks(failures));
    TestCase { span: Some(suite_name.span), logs: testimony(suite, marks).await, ..case }
}

#[cfg(test)]
pub(super) mod tests;
