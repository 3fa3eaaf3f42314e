use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tokio::time::Instant;

use super::actor::{Acted, Unable};
use super::captures::{Captured, Captures};
use super::fill;
use super::finding::{self, Done, Finding, Step as At};
use super::halt::{GRACE, Halted};
use super::history::History;
use super::look::{Looker, Seen, Unseen};
use super::site::Written;
use super::suite::Suite;
use crate::event::{CheckFailure, Deed, Exchange};
use crate::model::{
    Action, ActionKind, Capture, Check, CheckStrength, HttpRequest, Look, Name, Probe, Row, Step, Test, Wait, WaitKind,
};
use crate::probe::http::{Client, curl_line, response_text};
use crate::probe::judge::{self, FoundAnswer, Grounds, Judged, Shortfall, Subject};
use crate::source::{Span, Spanned};

/// Whether the rest of a list of steps is still worth a try.
#[derive(PartialEq, Eq)]
enum Course {
    Goes,
    Stops,
    /// A `stop-if` held: the wait around is over too.
    Over,
}

/// What came of a test.
pub(super) struct Tested {
    /// What failed, in order.
    pub failures: Vec<CheckFailure>,
    /// Why no other test can follow: a service that it disturbed is not what it was.
    pub ruin: Option<String>,
    /// It was cut short, and nobody knows what would have come of it.
    pub broken_off: bool,
}

/// Runs `test` for a row between the suite's setup and teardown. The teardown is run whatever happened, and what was done to services is
/// made good.
pub(super) async fn run_test(suite: &Suite<'_>, test: &Test, row: Option<&Row>, captures: Captures<'_>) -> Tested {
    let acceptance = suite.acceptance;
    let mut session = Session::new(suite, &test.name.value, captures);
    let mut cut = None;
    if session.take_row(row, test.name.span) {
        cut = session.unless_cut(test.timeout, &[&acceptance.setup, &test.steps]).await;
    }
    session.whatever_happened("teardown", &acceptance.teardown).await;
    let ruin = session.restore(&acceptance.disturbed_by(test)).await.err();
    Tested { failures: session.told().await, ruin, broken_off: cut == Some(Halted::BrokenOff) }
}

/// Runs the steps before all tests; what failed, and what they captured.
pub(super) async fn run_before_all<'a>(
    suite: &'a Suite<'_>,
    captures: Captures<'a>,
) -> (Vec<CheckFailure>, Captures<'a>) {
    let mut session = Session::new(suite, "before-all", captures);
    session.unless_cut(None, &[&suite.acceptance.before_all]).await;
    (session.told().await, session.captures)
}

/// Runs the steps after all tests, and makes good what those around them did to services; what failed.
pub(super) async fn run_after_all(suite: &Suite<'_>, captures: Captures<'_>) -> Vec<CheckFailure> {
    let mut session = Session::new(suite, "after-all", captures);
    session.whatever_happened("after-all", &suite.acceptance.after_all).await;
    // What cannot be restored is told among the failures.
    let _ = session.restore(&suite.acceptance.disturbed_around()).await;
    session.told().await
}

/// One test at work: its cookies, captures and failures.
struct Session<'a> {
    suite: &'a Suite<'a>,
    name: &'a str,
    client: Client,
    captures: Captures<'a>,
    /// What services had written when it began.
    written: Written,
    /// When it began.
    began: Instant,
    /// What it has done to services.
    done: Vec<Done>,
    failures: Vec<Finding>,
}

impl<'a> Session<'a> {
    fn new(suite: &'a Suite<'a>, name: &'a str, captures: Captures<'a>) -> Self {
        Session {
            suite,
            name,
            client: Client::new(suite.connections.clone()),
            captures,
            written: suite.site.written(),
            began: Instant::now(),
            done: vec![],
            failures: vec![],
        }
    }

    /// What failed, as it is told.
    async fn told(&mut self) -> Vec<CheckFailure> {
        let findings = std::mem::take(&mut self.failures);
        if findings.is_empty() {
            return Vec::new();
        }
        let site = self.suite.site;
        let name = format!("{}.{}", self.suite.acceptance.name.value, self.name);
        // What it did itself to services is reason enough for no answer.
        let unanswered = findings.iter().filter_map(Finding::unanswered).min().filter(|_| self.done.is_empty());
        let mut incidents = site.incidents(unanswered).await;
        // What was made good before it began is no cause of anything here.
        incidents.retain(|incident| incident.at >= self.began || !incident.is_over);
        finding::told(findings, &name, site, &incidents, &self.done)
    }

    /// Fills the cells of the row; whether all had a value.
    fn take_row(&mut self, row: Option<&Row>, span: Span) -> bool {
        let mut cells = HashMap::new();
        for (column, text) in row.iter().flat_map(|row| &row.cells) {
            match text.fill(&self.captures) {
                Ok(value) => drop(cells.insert(column.clone(), value)),
                Err(hole) => {
                    let actual = format!("`{{{{{hole}}}}}` has no value");
                    self.fail(At::begins("test"), span, format!("the cell `{column}`"), "a value".to_owned(), actual);
                    return false;
                }
            }
        }
        cells.into_iter().for_each(|(column, value)| self.captures.cell(&column, value));
        true
    }

    /// Runs lists of steps, one after the other, for as long as they may take: until `limit`, where there is one, and until the suite is
    /// broken off. Answers what cut them short.
    async fn unless_cut(&mut self, limit: Option<Spanned<Duration>>, lists: &[&[Step]]) -> Option<Halted> {
        let halt = self.suite.halt.clone();
        let at = At::begins("test");
        let cut = {
            let steps = async {
                for list in lists {
                    if self.steps(list).await != Course::Goes {
                        break;
                    }
                }
            };
            let out_of_time = async {
                match limit {
                    Some(limit) => tokio::time::sleep(limit.value).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                biased;
                () = steps => None,
                () = out_of_time => limit.map(Halted::OutOfTime),
                halted = halt.heard() => Some(halted),
            }
        };
        if let Some(Halted::OutOfTime(limit)) = cut {
            let expected = format!("an end within {:?}", limit.value);
            self.fail(at.ends(), limit.span, "timeout".to_owned(), expected, "it was still at work".to_owned());
        }
        cut
    }

    /// Runs steps that are run whatever happened; they have a grace of their own once the suite is broken off.
    async fn whatever_happened(&mut self, name: &str, steps: &[Step]) {
        let Some(first) = steps.first() else { return };
        let halt = self.suite.halt.clone();
        let at = At::begins("step");
        let out_of_patience = async {
            halt.heard().await;
            tokio::time::sleep(GRACE).await;
        };
        let ended = tokio::select! {
            biased;
            _ = self.steps(steps) => true,
            () = out_of_patience => false,
        };
        if !ended {
            let expected = format!("an end within {GRACE:?} once the suite was broken off");
            self.fail(at.ends(), first.span(), name.to_owned(), expected, "it was still at work".to_owned());
        }
    }

    async fn steps(&mut self, steps: &[Step]) -> Course {
        for step in steps {
            let course = match step {
                Step::Probe(probe) => Box::pin(self.probe(probe)).await,
                Step::Wait(wait) => Box::pin(self.wait(wait)).await,
                Step::Action(action) => Box::pin(self.act(action)).await,
            };
            if course != Course::Goes {
                return Course::Stops;
            }
        }
        Course::Goes
    }

    async fn probes(&mut self, probes: &[Probe]) -> Course {
        for probe in probes {
            let course = self.probe(probe).await;
            if course != Course::Goes {
                return course;
            }
        }
        Course::Goes
    }

    async fn probe(&mut self, probe: &Probe) -> Course {
        match &probe.look {
            Look::Http(request) => self.http(probe, request).await,
            look => self.inside(probe, look).await,
        }
    }

    /// A probe of what the run has on its engine.
    async fn inside(&mut self, probe: &Probe, look: &Look) -> Course {
        let looker = Looker { suite: self.suite, captures: &self.captures, written: &self.written };
        let before = self.failures.len();
        let at = At::begins(finding::word(look));
        match looker.look(probe).await {
            Ok(Seen { found, evidence }) => {
                let course = self.look(at.ends(), probe, &*found).await;
                self.attach(before, || evidence);
                course
            }
            Err(Unseen::Nothing { wanted, why, evidence }) => {
                self.fail(at.ends(), probe.span, look.word().to_owned(), wanted, why);
                if let Some(evidence) = evidence {
                    self.attach(before, || evidence);
                }
                Course::Stops
            }
            Err(Unseen::Engine(error)) => {
                self.suite.site.engine_failed(error);
                // Whoever runs the suite ends it now, and nothing is judged any more.
                std::future::pending().await
            }
        }
    }

    /// Does something to a service, and judges how that ended.
    async fn act(&mut self, action: &Action) -> Course {
        let (before, at) = (self.failures.len(), At::begins("step"));
        match self.suite.actor.act(action).await {
            Ok(acted) => {
                let at = at.ends();
                let (service, deed) = (action.service.value.clone(), deed(&action.kind));
                self.done.push(Done { service, deed, began: at.began, ended: at.ended });
                let course = self.check_all(at, &action.checks, &acted, &action.captures).await;
                self.attach(before, || deed_told(action, &acted, at.took()));
                course
            }
            Err(Unable::Because(why)) => {
                let at = at.ends();
                self.fail(at, action.span, action.title(), "done".to_owned(), why);
                let response = Some(format!("given up after {:.1?}", at.took()));
                self.attach(before, || Exchange { request: action.line(), response });
                Course::Stops
            }
            Err(Unable::Engine(error)) => {
                self.suite.site.engine_failed(error);
                std::future::pending().await
            }
        }
    }

    /// Makes good what the test did to services; the first that is not to be restored fails it. Where nobody waits for the suite any more,
    /// that is given up after a while: the services are about to go.
    async fn restore(&mut self, disturbed: &[(&Name, Span)]) -> Result<(), String> {
        for (name, span) in disturbed {
            let halt = &self.suite.halt;
            let given_up = async {
                if let Halted::OutOfTime(_) = halt.heard().await {
                    std::future::pending::<()>().await;
                }
                tokio::time::sleep(GRACE).await;
            };
            let restored = tokio::select! {
                biased;
                restored = self.suite.actor.restore(name) => restored,
                () = given_up => return Ok(()),
            };
            match restored {
                Ok(()) => {}
                Err(Unable::Because(why)) => {
                    let why = (self.suite.mask)(&why);
                    let expected = "up and healthy again after the test".to_owned();
                    self.fail(At::begins("restoration"), *span, format!("`{name}`"), expected, why.clone());
                    return Err(format!("`{name}` is not what it was before “{}”: {why}", self.name));
                }
                Err(Unable::Engine(error)) => {
                    self.suite.site.engine_failed(error);
                    std::future::pending().await
                }
            }
        }
        Ok(())
    }

    async fn wait(&mut self, wait: &Wait) -> Course {
        match wait.kind {
            WaitKind::Eventually => self.eventually(wait).await,
            WaitKind::Consistently => self.consistently(wait).await,
        }
    }

    /// Asks until all pass; the failures of the last whole try are those of the test, with what came of all tries.
    async fn eventually(&mut self, wait: &Wait) -> Course {
        let before = self.failures.len();
        let deadline = Instant::now() + wait.limit;
        let mut history = History::begin();
        let began = At::begins("wait");
        let mut pause = wait.every;
        let mut last = Vec::new();
        loop {
            let at = history.age();
            let course = tokio::time::timeout_at(deadline, self.probes(&wait.probes)).await;
            let failures = self.failures.split_off(before);
            match course {
                Ok(course) if course == Course::Over || !failures.is_empty() => {
                    history.failed(at, &failures);
                    last = failures;
                    if course == Course::Over {
                        break;
                    }
                }
                Ok(_) => return Course::Goes,
                Err(_) => {
                    history.tried(at, format!("still at work after {:?}", wait.limit));
                    break;
                }
            }
            if Instant::now() + pause >= deadline {
                break;
            }
            tokio::time::sleep(pause).await;
            // What is asked for is gone for good: no try will find it.
            if self.suite.site.lost().is_some() {
                break;
            }
            pause = pause.mul_f64(wait.backoff.clamp(1.0, 10.0));
        }
        if last.is_empty() {
            let expected = format!("all that is in it within {:?}", wait.limit);
            let actual = "the first try was still at work".to_owned();
            self.fail(began.ends(), wait.span, "eventually".to_owned(), expected, actual);
        }
        self.failures.extend(last);
        self.attach_history(before, history);
        Course::Stops
    }

    /// Asks for as long as it is to hold; the first failures end it.
    async fn consistently(&mut self, wait: &Wait) -> Course {
        let before = self.failures.len();
        let deadline = Instant::now() + wait.limit;
        let mut history = History::begin();
        loop {
            let at = history.age();
            if self.probes(&wait.probes).await != Course::Goes || self.failures.len() > before {
                history.failed(at, &self.failures[before..]);
                self.attach_history(before, history);
                return Course::Stops;
            }
            history.tried(at, "passed".to_owned());
            if Instant::now() >= deadline {
                return Course::Goes;
            }
            tokio::time::sleep_until(deadline.min(Instant::now() + wait.every)).await;
        }
    }

    fn attach_history(&mut self, before: usize, history: History) {
        let tries = history.tell();
        // Once for all that failed in the last try.
        if let Some(first) = self.failures.get_mut(before) {
            first.failure.tries = tries;
        }
    }

    async fn http(&mut self, probe: &Probe, http: &HttpRequest) -> Course {
        let suite = self.suite;
        let base = (suite.base)();
        let (before, at) = (self.failures.len(), At::begins("request"));
        let subject = || format!("http {} {}", http.method.value, http.url);
        let request = match fill::request(http, base.as_ref(), suite.directory, &self.captures).await {
            Ok(request) => request,
            Err(why) => {
                self.fail(at.ends(), probe.span, subject(), "a request".to_owned(), why);
                return Course::Stops;
            }
        };
        let at = At::begins(at.word);
        let answer = match self.client.send(&request).await {
            Ok(answer) => answer,
            Err(error) => {
                self.fail(at.ends(), probe.span, subject(), "an answer".to_owned(), error.message);
                self.attach(before, || Exchange { request: curl_line(&request), response: None });
                return Course::Stops;
            }
        };
        let course = self.look(at.ends(), probe, &FoundAnswer::new(&answer)).await;
        self.attach(before, || Exchange { request: curl_line(&request), response: Some(response_text(&answer)) });
        course
    }

    async fn look(&mut self, at: At, probe: &Probe, found: &dyn Subject) -> Course {
        if probe.checks.iter().all(|check| check.strength == CheckStrength::StopIf) {
            self.expect_success(at, probe, found);
        }
        self.check_all(at, &probe.checks, found, &probe.captures).await
    }

    async fn check_all(&mut self, at: At, checks: &[Check], found: &dyn Subject, captures: &[Capture]) -> Course {
        for check in checks {
            let Judged { failures: failed, snapshots } = judge::judge(check, found, &self.grounds());
            for snapshot in snapshots {
                if let Err(why) = self.suite.references.keep(snapshot).await {
                    self.fail(at, check.span, "snapshot".to_owned(), "a file that is made anew".to_owned(), why);
                }
            }
            match check.strength {
                CheckStrength::StopIf if failed.is_empty() => {
                    let subject = check.query.word().to_owned();
                    self.fail(at, check.span, subject, "not what `stop-if` says".to_owned(), "just that".to_owned());
                    return Course::Over;
                }
                CheckStrength::StopIf => {}
                CheckStrength::Require if !failed.is_empty() => {
                    self.failures.extend(failed.into_iter().map(|failure| Finding::of(failure, at)));
                    return Course::Stops;
                }
                CheckStrength::Expect | CheckStrength::Require => {
                    self.failures.extend(failed.into_iter().map(|failure| Finding::of(failure, at)));
                }
            }
        }
        self.capture(at, captures, found)
    }

    /// A probe that asks for nothing still asks for something: an answer that is no error.
    fn expect_success(&mut self, at: At, probe: &Probe, found: &dyn Subject) {
        if let Some(Shortfall { subject, expected, actual }) = found.shortfall() {
            self.fail(at, probe.span, subject, expected, actual);
        }
    }

    fn capture(&mut self, at: At, captures: &[Capture], found: &dyn Subject) -> Course {
        for capture in captures {
            let observed = judge::captured(capture, found, &self.grounds());
            match Captured::of(&observed) {
                Some(captured) => {
                    if capture.secret {
                        self.suite.site.hide(&captured.text);
                    }
                    self.captures.keep(&capture.name.value, captured);
                }
                None => {
                    let subject = format!("capture {}", capture.name.value);
                    self.fail(at, capture.span, subject, "a value".to_owned(), observed.to_string());
                    return Course::Stops;
                }
            }
        }
        Course::Goes
    }

    /// What values are judged by besides themselves, right now.
    fn grounds(&self) -> Grounds<'_> {
        Grounds {
            scope: &self.captures,
            files: &self.suite.references.files,
            now: SystemTime::now(),
            mask: self.suite.mask,
        }
    }

    fn fail(&mut self, at: At, span: Span, subject: String, expected: String, actual: String) {
        self.failures.push(Finding::new(span, subject, expected, actual, at));
        self.hide(self.failures.len() - 1);
    }

    /// Gives the failures since `before` their evidence, and hides secrets in all that came from outside.
    fn attach(&mut self, before: usize, evidence: impl FnOnce() -> Exchange) {
        if self.failures.len() == before {
            return;
        }
        self.hide(before);
        let mask = self.suite.mask;
        let Exchange { request, response } = evidence();
        let evidence = Arc::new(Exchange { request: mask(&request), response: response.as_deref().map(mask) });
        self.failures[before..].iter_mut().for_each(|failure| failure.exchange = Some(evidence.clone()));
    }

    fn hide(&mut self, from: usize) {
        let mask = self.suite.mask;
        self.failures[from..].iter_mut().for_each(|failure| failure.hide(mask));
    }
}

/// What an action does to a service.
fn deed(kind: &ActionKind) -> Deed {
    match kind {
        ActionKind::Stop(_) => Deed::Stopped,
        ActionKind::Start => Deed::Started,
        ActionKind::Kill(signal) => Deed::Killed(signal.clone()),
        ActionKind::Pause => Deed::Paused,
        ActionKind::Unpause => Deed::Unpaused,
        ActionKind::Restart(_) => Deed::Restarted,
        ActionKind::Disconnect(_) => Deed::Disconnected,
        ActionKind::Connect(_) => Deed::Connected,
    }
}

/// What was done to a service, what came of it and how long it took, as evidence.
fn deed_told(action: &Action, acted: &Acted, took: Duration) -> Exchange {
    let response = match acted {
        Acted::Ended { code, took, killed } => {
            let how = if *killed { "; its grace ran out, and it was killed" } else { "" };
            format!("exit code {code} after {took:.1?}{how}")
        }
        Acted::Done => format!("done in {took:.1?}"),
    };
    Exchange { request: action.line(), response: Some(response) }
}
