use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::incident::Incident;
use super::site::Site;
use crate::event::{Cause, CheckFailure, Deed, Exchange, Mishap, When};
use crate::model::{Look, Name};
use crate::source::Span;

/// Something that failed, while its test goes on: values and answers are whole, and are cut when it is told.
#[derive(Debug)]
pub(super) struct Finding {
    pub failure: CheckFailure,
    /// The request and its answer, whole; shared by all that failed of it.
    pub exchange: Option<Arc<Exchange>>,
    step: Step,
}

/// The part of a test that something failed in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Step {
    /// What it is: `request`.
    pub word: &'static str,
    pub began: Instant,
    pub ended: Instant,
}

/// What a test did to a service.
#[derive(Debug)]
pub(super) struct Done {
    pub service: Name,
    pub deed: Deed,
    pub began: Instant,
    pub ended: Instant,
}

/// How many characters of a value are shown.
const VALUE: usize = 300;
/// How many lines, and bytes of them, are shown of an answer.
const LINES: usize = 40;
const BYTES: usize = 2048;
/// How many causes are told.
const CAUSES: usize = 4;
/// How long the news of a service's end may take to come.
const NEWS: Duration = Duration::from_secs(1);
/// How long after what a test did to a service its end is what the test meant.
const MEANT: Duration = Duration::from_secs(2);

impl Step {
    /// One that begins now.
    pub fn begins(word: &'static str) -> Self {
        let now = Instant::now();
        Step { word, began: now, ended: now }
    }

    /// How long it took.
    pub fn took(self) -> Duration {
        self.ended - self.began
    }

    /// It has ended now.
    pub fn ends(self) -> Self {
        Step { ended: Instant::now(), ..self }
    }
}

/// What a probe does, in a word.
pub(super) fn word(look: &Look) -> &'static str {
    match look {
        Look::Http(_) => "request",
        Look::Sql(_) => "statement",
        Look::Exec(_) | Look::Run(_) | Look::Redis { .. } => "command",
        Look::Tcp(_) => "connection",
        Look::Dns { .. } => "question",
        Look::Logs { .. } | Look::File { .. } | Look::Container(_) | Look::Stats(_) | Look::Image(_) => "look",
    }
}

impl Finding {
    pub fn new(span: Span, subject: String, expected: String, actual: String, step: Step) -> Self {
        Finding { failure: CheckFailure::new(span, subject, expected, actual), exchange: None, step }
    }

    pub fn of(failure: CheckFailure, step: Step) -> Self {
        Finding { failure, exchange: None, step }
    }

    /// When it began that got no answer at all; none where there was one.
    pub fn unanswered(&self) -> Option<Instant> {
        let got_none = self.exchange.as_ref().is_some_and(|exchange| exchange.response.is_none());
        got_none.then_some(self.step.began)
    }

    /// Hides secrets in what was compared.
    pub fn hide(&mut self, mask: &dyn Fn(&str) -> String) {
        let failure = &mut self.failure;
        failure.subject = mask(&failure.subject);
        failure.expected = mask(&failure.expected);
        failure.actual = mask(&failure.actual);
        failure.difference = failure.difference.as_deref().map(mask);
    }
}

/// All that failed of a test called `name`, as it is told: with its causes, long texts cut, and the whole of these in files.
pub(super) fn told(
    findings: Vec<Finding>,
    name: &str,
    site: &dyn Site,
    incidents: &[Incident],
    done: &[Done],
) -> Vec<CheckFailure> {
    let mut failures: Vec<CheckFailure> = Vec::with_capacity(findings.len());
    let mut last: Option<Arc<Exchange>> = None;
    for Finding { mut failure, exchange, step } in findings {
        failure.causes = causes(step, incidents, done);
        let value = cut_value(&failure.actual);
        if let Some(cut) = value {
            failure.actual_file = site.keep(&format!("{name}.actual"), &plain(&failure.actual));
            failure.actual = cut;
        }
        if let Some(cut) = cut_value(&failure.expected) {
            failure.expected = cut;
        }
        if let Some(exchange) = &exchange {
            let cut = exchange.response.as_deref().and_then(cut_text);
            let is_same = last.as_ref().is_some_and(|last| Arc::ptr_eq(last, exchange));
            failure.answer_file = match (&cut, failures.last()) {
                (Some(_), Some(before)) if is_same => before.answer_file.clone(),
                (Some(_), _) => site.keep(&format!("{name}.answer"), exchange.response.as_deref().unwrap_or_default()),
                (None, _) => None,
            };
            let response = cut.or_else(|| exchange.response.clone());
            failure.exchange = Some(Exchange { request: exchange.request.clone(), response });
        }
        last = exchange;
        failures.push(failure);
    }
    failures
}

/// What had become of services by the end of a step, oldest first: ends that nobody meant, and what the test itself did.
fn causes(step: Step, incidents: &[Incident], done: &[Done]) -> Vec<Cause> {
    let is_meant = |incident: &Incident| {
        let ends = |deed: &Deed| matches!(deed, Deed::Stopped | Deed::Killed(_) | Deed::Restarted);
        let mut by = done.iter().filter(|done| done.service == incident.service && ends(&done.deed));
        by.any(|done| done.began <= incident.at && incident.at <= done.ended + MEANT)
    };
    let ends = incidents
        .iter()
        .filter(|incident| incident.at <= step.ended + NEWS && !is_meant(incident))
        .map(|incident| (incident.at, incident.service.to_string(), incident.mishap.clone()));
    let deeds = done
        .iter()
        .filter(|done| done.ended <= step.began)
        .map(|done| (done.ended, done.service.to_string(), Mishap::ByTest(done.deed.clone())));
    let mut all: Vec<(Instant, String, Mishap)> = ends.chain(deeds).collect();
    all.sort_by_key(|(at, ..)| *at);
    let cause = |(at, service, mishap): (Instant, String, Mishap)| {
        let when = match step.began.checked_duration_since(at) {
            Some(before) => When::Before(before),
            None => When::During(at - step.began),
        };
        Cause { service, mishap, when, step: step.word }
    };
    let earlier = all.len().saturating_sub(CAUSES);
    all.into_iter().skip(earlier).map(cause).collect()
}

/// A value that is too long, cut; none for one that is not.
fn cut_value(value: &str) -> Option<String> {
    let (end, _) = value.char_indices().nth(VALUE)?;
    Some(format!("{}… ({} bytes more)", &value[..end], value.len() - end))
}

/// A text of many lines that is too long, cut at a line where there is one; none for one that is not.
fn cut_text(text: &str) -> Option<String> {
    let mut end = text.floor_char_boundary(BYTES);
    if let Some((line, _)) = text[..end].match_indices('\n').nth(LINES - 1) {
        end = line;
    } else if end == text.len() {
        return None;
    } else if let Some(line) = text[..end].rfind('\n').filter(|line| *line > BYTES / 2) {
        end = line;
    }
    Some(format!("{}\n… ({} bytes more)", &text[..end], text.len() - end))
}

/// A value as it is best looked at in a file: text as it is, JSON on lines of its own.
fn plain(value: &str) -> String {
    match serde_json::from_str(value) {
        Ok(serde_json::Value::String(text)) => text,
        Ok(json) => serde_json::to_string_pretty(&json).unwrap_or_else(|_| value.to_owned()) + "\n",
        Err(_) => value.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::probe::acceptance::site::tests::Nowhere;

    fn at(base: Instant, milliseconds: u64) -> Instant {
        base + Duration::from_millis(milliseconds)
    }

    fn died(at: Instant, oom_killed: bool) -> Incident {
        Incident { service: "app".into(), at, mishap: Mishap::Ended { code: 137, oom_killed }, is_over: false }
    }

    #[test]
    fn what_became_of_services_is_told_seen_from_the_step() {
        let base = Instant::now();
        let step = Step { word: "request", began: at(base, 1000), ended: at(base, 1100) };
        let incidents = [died(at(base, 600), true), died(at(base, 1050), false), died(at(base, 9000), true)];
        let told = causes(step, &incidents, &[]);
        let when: Vec<When> = told.iter().map(|cause| cause.when).collect();
        let milliseconds = Duration::from_millis;
        assert_eq!(when, [When::Before(milliseconds(400)), When::During(milliseconds(50))]);
        assert_eq!(told[0].mishap, Mishap::Ended { code: 137, oom_killed: true });
    }

    #[test]
    fn an_end_that_the_test_meant_is_told_as_what_the_test_did() {
        let base = Instant::now();
        let step = Step { word: "request", began: at(base, 1000), ended: at(base, 1100) };
        let done = Done { service: "app".into(), deed: Deed::Stopped, began: at(base, 500), ended: at(base, 700) };
        let told = causes(step, &[died(at(base, 650), false)], &[done]);
        let [Cause { mishap: Mishap::ByTest(Deed::Stopped), when, .. }] = told.as_slice() else { panic!("{told:?}") };
        assert_eq!(*when, When::Before(Duration::from_millis(300)));
    }

    #[test]
    fn long_texts_are_cut_and_short_ones_are_not() {
        assert_eq!(cut_value("short"), None);
        assert_eq!(cut_value(&"é".repeat(VALUE + 1)), Some(format!("{}… (2 bytes more)", "é".repeat(VALUE))));
        assert_eq!(cut_text("a\nb\n"), None);
        let lines = cut_text(&"x\n".repeat(100)).expect("it is long");
        assert_eq!((lines.lines().count(), lines.ends_with("… (121 bytes more)")), (LINES + 1, true), "{lines}");
        let wide = cut_text(&"é".repeat(BYTES)).expect("it is long");
        assert!(wide.len() < BYTES + 40 && wide.ends_with("… (2048 bytes more)"), "{wide}");
    }

    #[test]
    fn a_file_holds_texts_as_they_are_and_json_on_lines() {
        assert_eq!(plain(r#""a\nb""#), "a\nb");
        assert_eq!(plain(r#"{"a":1}"#), "{\n  \"a\": 1\n}\n");
        assert_eq!(plain("nothing"), "nothing");
    }

    #[test]
    fn what_failed_of_one_answer_shares_its_file() {
        let exchange = Arc::new(Exchange { request: "curl".into(), response: Some("line\n".repeat(1000)) });
        let finding = |actual: &str| {
            let finding = Finding::new(
                Span::default(),
                "body".into(),
                "equals 1".into(),
                actual.to_owned(),
                Step::begins("request"),
            );
            Finding { exchange: Some(exchange.clone()), ..finding }
        };
        let told = told(vec![finding("2"), finding(&"3".repeat(400))], "t", &Nowhere::default(), &[], &[]);
        let files: Vec<_> = told.iter().map(|failure| (&failure.actual_file, &failure.answer_file)).collect();
        assert_eq!(files[0], (&None, &Some("t.answer".into())));
        assert_eq!(files[1], (&Some("t.actual".into()), &Some("t.answer".into())));
    }
}
