use std::collections::HashMap;
use std::sync::OnceLock;

use tokio::time::Instant;

use super::captures::Captures;
use super::halt::Halted;
use super::suite::{Suite, claim};
use super::test::{Tested, run_test};
use super::witness::testimony;
use crate::event::{CaseStatus, TestCase};
use crate::model::{Acceptance, Name, Row, Test};

/// A test, for a row where it has a table.
pub(super) struct Case<'a> {
    test: &'a Test,
    row: Option<&'a Row>,
    /// Which of the rows that are the same it is, from 1.
    turn: usize,
}

/// The tests of an acceptance, one for each row of a table.
pub(super) fn cases(acceptance: &Acceptance) -> impl Iterator<Item = Case<'_>> {
    acceptance.tests.iter().flat_map(|test| {
        let mut seen: HashMap<String, usize> = HashMap::new();
        let rows = test.rows.as_deref().unwrap_or_default().iter().map(move |row| {
            let cells = row.cells.iter().map(|(column, text)| format!("{column}={text}, "));
            let turn = seen.entry(cells.collect::<String>().chars().take(MOST_OF_A_ROW).collect()).or_default();
            *turn += 1;
            Case { test, row: Some(row), turn: *turn }
        });
        let once = test.rows.is_none().then_some(Case { test, row: None, turn: 1 });
        once.into_iter().chain(rows)
    })
}

impl Case<'_> {
    /// Why it is not run; none where it is.
    pub(super) fn left_out(
        &self,
        suite: &Suite<'_>,
        only: bool,
        is_ready: bool,
        captures: &Captures<'_>,
    ) -> Option<String> {
        if !is_ready {
            return Some("`before-all` failed".to_owned());
        }
        if only && !self.test.only {
            return Some("another test says `only`".to_owned());
        }
        let skip = self.test.skip.as_ref()?;
        let captures = self.with_cells(captures.clone());
        let condition = skip.condition.as_ref().map(|condition| condition.fill(&captures).unwrap_or_default());
        if condition.as_deref().is_some_and(|condition| !is_true(condition)) {
            return None;
        }
        let reason = skip.reason.as_ref().and_then(|reason| reason.fill(&captures).ok());
        Some((suite.mask)(&reason.unwrap_or_else(|| "`skip` says so".to_owned())))
    }

    /// Runs it, and again where it fails and its author allows that; each try with captures and cookies of its own. It waits until nobody
    /// is at work whom it would disturb, or who would disturb it. Nothing is told of one that was not begun when the suite was broken off.
    pub(super) async fn run(
        self,
        suite: &Suite<'_>,
        captures: Captures<'_>,
        held: &[Name],
        ruin: &OnceLock<String>,
    ) -> Option<TestCase> {
        let disturbed = suite.acceptance.disturbed_by(self.test);
        let disturbs: Vec<Name> = disturbed.into_iter().map(|(name, _)| name.clone()).collect();
        let _claim = claim(suite, &disturbs, held).await;
        let left_out = |why: String| Some(self.told(suite, CaseStatus::Skipped(why)));
        match suite.halt.so_far() {
            None => {}
            Some(Halted::OutOfTime(limit)) => {
                return left_out(format!("the {:?} of all tests were over", limit.value));
            }
            // Who breaks a run off does not want to read of all that it would have done.
            Some(Halted::BrokenOff) => return None,
        }
        if let Some(why) = ruin.get() {
            return left_out(why.clone());
        }
        if let Some(why) = suite.site.lost() {
            return left_out(why);
        }
        if let Some(most) = (suite.enough)() {
            let have = if most == 1 { "1 test has".to_owned() } else { format!("{most} tests have") };
            return left_out(format!("{have} failed already, and no more may"));
        }
        let began = Instant::now();
        let mut earlier = Vec::new();
        let (failures, marks) = loop {
            let marks = suite.site.marks();
            let Tested { failures, ruin: ruined, broken_off } =
                Box::pin(run_test(suite, self.test, self.row, captures.clone())).await;
            if broken_off {
                return left_out("it was broken off".to_owned());
            }
            let is_ruined = ruined.is_some_and(|why| ruin.set(why).is_ok());
            let is_halted = suite.halt.so_far().is_some();
            if failures.is_empty() || is_ruined || is_halted || earlier.len() >= self.test.retry as usize {
                break (failures, marks);
            }
            earlier.push(CaseStatus::Checks(failures));
        };
        let took = began.elapsed();
        let logs = if failures.is_empty() { Vec::new() } else { testimony(suite, &marks).await };
        let status = if failures.is_empty() { CaseStatus::Passed } else { CaseStatus::Checks(failures) };
        Some(TestCase { earlier, took: Some(took), logs, ..self.told(suite, status) })
    }

    /// As the event tells it.
    pub(super) fn told(&self, suite: &Suite<'_>, status: CaseStatus) -> TestCase {
        let group = Some(suite.acceptance.name.value.to_string());
        TestCase { span: Some(self.test.name.span), ..TestCase::new(group, self.name(suite), status) }
    }

    /// `files are served [path=hostname, length=1]`, with the number of the row where there are several such: no two have one name.
    fn name(&self, suite: &Suite<'_>) -> String {
        let Some(row) = self.row else { return self.test.name.value.clone() };
        let cells = row.cells.iter().map(|(column, text)| match text.fill(suite.scope) {
            Ok(value) => format!("{column}={value}"),
            Err(_) => format!("{column}={text}"),
        });
        let cells: String = cells.collect::<Vec<_>>().join(", ").chars().take(MOST_OF_A_ROW).collect();
        let turn = if self.turn == 1 { String::new() } else { format!(" #{}", self.turn) };
        (suite.mask)(&format!("{} [{cells}]{turn}", self.test.name.value))
    }

    fn with_cells<'c>(&self, mut captures: Captures<'c>) -> Captures<'c> {
        for (column, text) in self.row.iter().flat_map(|row| &row.cells) {
            if let Ok(value) = text.fill(&captures) {
                captures.cell(column, value);
            }
        }
        captures
    }
}

/// How many characters of a row's cells stand in the name of its case.
const MOST_OF_A_ROW: usize = 120;

/// What counts as a condition that holds.
fn is_true(text: &str) -> bool {
    !matches!(text.trim().to_ascii_lowercase().as_str(), "" | "false" | "no" | "off" | "0")
}
