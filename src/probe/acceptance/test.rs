use super::captures::Captures;
use super::fill;
use super::suite::Suite;
use crate::event::{CheckFailure, Exchange};
use crate::model::{CheckStrength, HttpProbe, Probe, Test};
use crate::probe::http::{Answer, Client, Request, curl_line, response_text};
use crate::probe::judge::{self, Observed};

/// Whether the rest of a list of probes is still worth a try.
#[derive(PartialEq, Eq)]
enum Course {
    Goes,
    Stops,
}

/// Runs `test` between the suite's setup and teardown; what failed, in order. The teardown is run whatever happened.
pub(super) async fn run_test(suite: &Suite<'_>, test: &Test) -> Vec<CheckFailure> {
    let mut session =
        Session { suite, client: Client::default(), captures: Captures::new(suite.scope), failures: vec![] };
    if session.probes(&suite.acceptance.setup).await == Course::Goes {
        session.probes(&test.probes).await;
    }
    session.probes(&suite.acceptance.teardown).await;
    session.failures
}

/// One test at work: its cookies, captures and failures.
struct Session<'a> {
    suite: &'a Suite<'a>,
    client: Client,
    captures: Captures<'a>,
    failures: Vec<CheckFailure>,
}

impl Session<'_> {
    async fn probes(&mut self, probes: &[Probe]) -> Course {
        for probe in probes {
            let Probe::Http(probe) = probe;
            if self.http(probe).await == Course::Stops {
                return Course::Stops;
            }
        }
        Course::Goes
    }

    async fn http(&mut self, probe: &HttpProbe) -> Course {
        let suite = self.suite;
        let request = match fill::request(probe, suite.base.as_ref(), suite.directory, &self.captures).await {
            Ok(request) => request,
            Err(why) => return self.no_answer(probe, "a request", why, None),
        };
        let answer = match self.client.send(&request).await {
            Ok(answer) => answer,
            Err(error) => {
                let exchange = Exchange { request: (suite.mask)(&curl_line(&request)), response: None };
                return self.no_answer(probe, "an answer", error.message, Some(exchange));
            }
        };
        let before = self.failures.len();
        let course = self.look(probe, &answer);
        self.attach_exchange(before, &request, &answer);
        course
    }

    fn look(&mut self, probe: &HttpProbe, answer: &Answer) -> Course {
        if probe.checks.is_empty() {
            self.expect_success(probe, answer);
        }
        for check in &probe.checks {
            let failed = judge::judge(check, answer, &self.captures);
            let stops = check.strength == CheckStrength::Require && !failed.is_empty();
            self.failures.extend(failed);
            if stops {
                return Course::Stops;
            }
        }
        self.capture(probe, answer)
    }

    /// A probe that asks for nothing still asks for something: an answer that is no error.
    fn expect_success(&mut self, probe: &HttpProbe, answer: &Answer) {
        if answer.status >= 400 {
            self.failures.push(CheckFailure {
                span: probe.span,
                subject: "status".to_owned(),
                expected: "lt 400, since the probe expects nothing else".to_owned(),
                actual: answer.status.to_string(),
                difference: None,
                exchange: None,
            });
        }
    }

    fn capture(&mut self, probe: &HttpProbe, answer: &Answer) -> Course {
        for capture in &probe.captures {
            let observed = judge::observe(&capture.query, answer, &self.captures)
                .unwrap_or_else(|hole| Observed::Broken(format!("`{{{{{hole}}}}}` has no value")));
            match observed.captured() {
                Some(value) => self.captures.keep(&capture.name.value, value),
                None => {
                    self.failures.push(CheckFailure {
                        span: capture.span,
                        subject: format!("capture {}", capture.name.value),
                        expected: "a value".to_owned(),
                        actual: observed.to_string(),
                        difference: None,
                        exchange: None,
                    });
                    return Course::Stops;
                }
            }
        }
        Course::Goes
    }

    fn no_answer(&mut self, probe: &HttpProbe, wanted: &str, why: String, exchange: Option<Exchange>) -> Course {
        self.failures.push(CheckFailure {
            span: probe.span,
            subject: format!("http {} {}", probe.method.value, probe.url),
            expected: wanted.to_owned(),
            actual: (self.suite.mask)(&why),
            difference: None,
            exchange,
        });
        Course::Stops
    }

    /// Gives the failures since `before` their evidence, and hides secrets in all that came from outside.
    fn attach_exchange(&mut self, before: usize, request: &Request, answer: &Answer) {
        let mask = self.suite.mask;
        for failure in &mut self.failures[before..] {
            failure.expected = mask(&failure.expected);
            failure.actual = mask(&failure.actual);
            failure.difference = failure.difference.as_deref().map(mask);
            failure.exchange =
                Some(Exchange { request: mask(&curl_line(request)), response: Some(mask(&response_text(answer))) });
        }
    }
}
