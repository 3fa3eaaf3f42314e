use std::path::Path;
use std::time::Duration;

use super::explain::{exit_words, with_log};
use super::words::{plural, seconds};
use crate::diagnostic::{Diagnostic, codes::run};
use crate::event::{
    CaseStatus, Cause, CheckFailure, Deed, Excerpt, Exchange, Mishap, ServiceLog, TestCase, Tries, When,
};
use crate::plan::{NodeId, Plan};
use crate::source::Span;

/// Draws a test that failed: each check of ours under its own line, other tools' cases under the suite's.
pub fn explain_case(plan: &Plan, node: NodeId, case: &TestCase) -> Vec<Diagnostic> {
    let at = case.span.unwrap_or(plan.node(node).origin);
    let mut told = match &case.status {
        CaseStatus::Passed | CaseStatus::Skipped(_) => Vec::new(),
        CaseStatus::Checks(failures) => {
            let next = failures.iter().skip(1).map(Some).chain([None]);
            failures.iter().zip(next).map(|(failure, next)| explain_check(case, failure, next, at)).collect()
        }
        CaseStatus::Failed(words) => vec![explain_words(case, words, at)],
    };
    // Once for the whole test, behind its last failure.
    if let Some(last) = told.pop() {
        told.push(case.logs.iter().fold(last, with_service_log));
    }
    told
}

/// Draws how the tries of a test failed that was run again, try by try.
pub fn explain_earlier(plan: &Plan, node: NodeId, case: &TestCase) -> Vec<Vec<Diagnostic>> {
    let tries = case.earlier.iter().map(|status| TestCase {
        status: status.clone(),
        earlier: Vec::new(),
        logs: Vec::new(),
        ..case.clone()
    });
    tries.map(|earlier| explain_case(plan, node, &earlier)).collect()
}

/// A test in the words of another tool.
fn explain_words(case: &TestCase, words: &str, at: Span) -> Diagnostic {
    let name = match &case.group {
        Some(group) => format!("{group}: {}", case.name),
        None => case.name.clone(),
    };
    let mut diagnostic =
        Diagnostic::new(run::TEST_FAILED, format!("the test “{name}” failed")).label(at, "told by this");
    if !words.trim().is_empty() {
        let words: Vec<String> = words.trim_end().lines().map(str::to_owned).collect();
        diagnostic = with_log(diagnostic, "it says", &words);
    }
    match &case.excerpt {
        Some(excerpt) => diagnostic.note(excerpt_drawn(excerpt)),
        None => diagnostic,
    }
}

/// A check that failed. What was asked and answered is shown once, behind the last check that failed of it.
fn explain_check(case: &TestCase, failure: &CheckFailure, next: Option<&CheckFailure>, test: Span) -> Diagnostic {
    let mut diagnostic =
        Diagnostic::new(run::EXPECTATION_FAILED, format!("“{}”: {} is not as expected", case.name, failure.subject))
            .label(failure.span, "this expectation");
    if failure.span != test {
        diagnostic = diagnostic.label(test, "of this test");
    }
    if !failure.causes.is_empty() {
        let causes: Vec<String> = failure.causes.iter().map(|cause| format!("cause: {}", in_words(cause))).collect();
        diagnostic = diagnostic.note(causes.join("\n"));
    }
    let whole = failure.actual_file.as_deref().map(all_of_it).unwrap_or_default();
    diagnostic = diagnostic.note(format!("expected: {}\nactual:   {}{whole}", failure.expected, failure.actual));
    if let Some(difference) = &failure.difference {
        let lines: Vec<String> = difference.lines().map(str::to_owned).collect();
        diagnostic = match lines.as_slice() {
            [line] => diagnostic.note(format!("difference: {line}")),
            lines => with_log(diagnostic, "difference", lines),
        };
    }
    if !failure.tries.is_empty() {
        diagnostic = diagnostic.note(tries_in_words(&failure.tries));
    }
    match &failure.exchange {
        Some(exchange) if !next.is_some_and(|next| is_of_the_same(failure, next)) => {
            with_exchange(diagnostic, exchange, failure.answer_file.as_deref())
        }
        _ => diagnostic,
    }
}

fn is_of_the_same(failure: &CheckFailure, next: &CheckFailure) -> bool {
    let exchange =
        |failure: &CheckFailure| failure.exchange.as_ref().map(|it| (it.request.clone(), it.response.clone()));
    failure.answer_file == next.answer_file && exchange(failure) == exchange(next)
}

fn with_exchange(diagnostic: Diagnostic, exchange: &Exchange, file: Option<&Path>) -> Diagnostic {
    let mut text = format!("$ {}", exchange.request);
    for line in exchange.response.iter().flat_map(|response| response.trim_end().lines()) {
        text.push_str("\n  ");
        text.push_str(line);
    }
    diagnostic.note(text + &file.map(all_of_it).unwrap_or_default())
}

fn all_of_it(file: &Path) -> String {
    format!("\nall of it: {}", file.display())
}

/// What became of a service before something failed.
pub(super) fn in_words(cause: &Cause) -> String {
    let service = &cause.service;
    let end = |code: i64, oom_killed: bool| match oom_killed {
        true => "was OOM-killed".to_owned(),
        false => format!("ended with {},", exit_words(code, false)),
    };
    let (what, more) = match &cause.mishap {
        Mishap::Ended { code, oom_killed } => (end(*code, *oom_killed), ""),
        Mishap::StartedAgain { code, oom_killed } => (end(*code, *oom_killed), ", and is started again"),
        Mishap::ByTest(deed) => {
            let done = match deed {
                Deed::Stopped => "stopped".to_owned(),
                Deed::Started => "started".to_owned(),
                Deed::Killed(signal) => format!("sent {signal}"),
                Deed::Paused => "paused".to_owned(),
                Deed::Unpaused => "unpaused".to_owned(),
                Deed::Restarted => "restarted".to_owned(),
                Deed::Disconnected => "taken off a network".to_owned(),
                Deed::Connected => "put on a network".to_owned(),
            };
            (format!("was {done} by this test"), "")
        }
    };
    let step = cause.step;
    let when = match cause.when {
        When::Before(time) => format!("{} before this {step}", short(time)),
        When::During(time) => format!("{} after this {step} began", short(time)),
    };
    format!("`{service}` {what} {when}{more}")
}

/// `40 ms`, `0.4 s`, `2m05s`.
fn short(time: Duration) -> String {
    match time.as_secs_f64() {
        under if under < 0.095 => format!("{} ms", time.as_millis()),
        under if under < 100.0 => format!("{under:.1} s"),
        _ => seconds(time),
    }
}

/// What came of tries, a line for those in a row that came to the same.
fn tries_in_words(tries: &[Tries]) -> String {
    let count = tries.last().map_or(0, |tries| tries.last);
    let mut text = format!("{}:", plural(count as usize, "try", "tries"));
    let mut before = 0;
    for Tries { first, last, at, outcome } in tries {
        if *first > before + 1 {
            text.push_str("\n  …");
        }
        before = *last;
        let number = if first == last { format!("#{first} at") } else { format!("#{first}-{last} from") };
        text.push_str(&format!("\n  {number} {}: {outcome}", seconds(*at)));
    }
    text
}

/// The lines around the one that is meant, which is marked.
fn excerpt_drawn(excerpt: &Excerpt) -> String {
    let mut text = format!("{}:{}", excerpt.file, excerpt.line);
    for (number, line) in (excerpt.first..).zip(&excerpt.lines) {
        let mark = if number == excerpt.line { '>' } else { ' ' };
        text.push_str(format!("\n {mark}{number:>4} | {line}").trim_end());
    }
    text
}

fn with_service_log(diagnostic: Diagnostic, log: &ServiceLog) -> Diagnostic {
    let service = &log.service;
    if log.lines.is_empty() {
        return diagnostic.note(format!("`{service}` wrote nothing while this test ran"));
    }
    let mut text = format!("`{service}` wrote while this test ran:");
    if log.before > 0 {
        text.push_str(&format!("\n  … {} before", plural(log.before as usize, "line", "lines")));
    }
    for line in &log.lines {
        text.push_str("\n  ");
        text.push_str(line);
    }
    log.files.iter().for_each(|file| text.push_str(&all_of_it(file)));
    diagnostic.note(text)
}
