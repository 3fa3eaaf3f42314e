//! JSON lines, version 1: one object an event. The types here are the wire format; no type of another room is serialised.

mod evidence;

use std::io;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;

use super::explain::{explain_attempt, explain_failure};
use super::explain_case::{explain_case, explain_earlier};
use super::{Context, Reporter, Screen};
use crate::diagnostic::Diagnostic;
use crate::event::{BuildStepEnd, CaseStatus, Event, OutputStream, Stamped, StepOutcome};
use crate::plan::{NodeId, Operation, StepId};

/// The version of the format, in every line as `v`.
pub const VERSION: u32 = 1;

#[derive(Serialize)]
struct Line<'a> {
    v: u32,
    /// Seconds since the run began.
    at: f64,
    #[serde(flatten)]
    body: Body<'a>,
}

#[derive(Serialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
enum Body<'a> {
    RunStarted {
        run: &'a str,
        pipeline: &'a str,
        /// The seed that the order of tests was drawn with.
        #[serde(skip_serializing_if = "Option::is_none")]
        shuffle: Option<u64>,
    },
    StepStarted {
        step: u32,
        node: &'a str,
        kind: &'a str,
        operation: &'a str,
    },
    StepSettled {
        step: u32,
        node: &'a str,
        kind: &'a str,
        operation: &'a str,
        outcome: &'a str,
        took: f64,
        failure: Option<Problem>,
    },
    Output {
        node: &'a str,
        stream: &'a str,
        line: String,
        /// The bytes themselves, where they are not UTF-8 and `line` stands for them as well as it can.
        #[serde(skip_serializing_if = "Option::is_none")]
        base64: Option<String>,
    },
    Retrying {
        node: &'a str,
        attempt: u32,
        of: u32,
        pause: f64,
        failure: Problem,
    },
    BuildStep {
        node: &'a str,
        step: &'a str,
        state: &'a str,
    },
    Probed {
        node: &'a str,
        number: u32,
        passed: bool,
        code: Option<i64>,
        output: &'a str,
    },
    Published {
        node: &'a str,
        port: u16,
        url: &'a str,
    },
    Tested {
        node: &'a str,
        group: Option<&'a str>,
        name: &'a str,
        status: &'a str,
        took: Option<f64>,
        failures: Vec<Problem>,
        earlier: Vec<Vec<Problem>>,
        /// What services wrote meanwhile, of a test that failed.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        logs: Vec<evidence::Log<'a>>,
        /// The lines that it failed at, where its tool names them.
        #[serde(skip_serializing_if = "Option::is_none")]
        excerpt: Option<evidence::Excerpt<'a>>,
    },
    Collected {
        node: &'a str,
        from: &'a str,
        to: &'a str,
    },
    Warning {
        node: Option<&'a str>,
        message: &'a str,
    },
    SignalIgnored {
        node: &'a str,
        signal: &'a str,
        grace: f64,
    },
    Interrupted {
        signal: &'a str,
        count: u32,
    },
    RunFinished {
        verdict: &'a str,
        took: f64,
        created: usize,
        removed: usize,
        kept: usize,
        left: &'a [String],
        unknown: &'a [String],
        containers: Vec<Container<'a>>,
        urls: Vec<Url<'a>>,
    },
}

#[derive(Serialize)]
struct Problem {
    code: &'static str,
    message: String,
    line: Option<usize>,
    help: Option<String>,
    notes: Vec<String>,
    /// The parts of a check that did not hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    check: Option<evidence::Check>,
}

/// A container that stays.
#[derive(Serialize)]
struct Container<'a> {
    node: &'a str,
    name: &'a str,
}

#[derive(Serialize)]
struct Url<'a> {
    node: &'a str,
    port: u16,
    url: &'a str,
}

/// Writes every event as a line of JSON.
pub struct Json {
    context: Context,
    screen: Screen,
}

impl Json {
    /// Writes to `screen`.
    pub fn new(context: Context, screen: Screen) -> Self {
        Json { context, screen }
    }

    /// Why nothing more is written, where that is so.
    pub fn error(&self) -> Option<&io::Error> {
        self.screen.error()
    }

    fn name(&self, node: NodeId) -> &str {
        &self.context.plan.node(node).name
    }

    fn step(&self, step: StepId) -> (u32, &str, &'static str, &'static str) {
        let planned = self.context.plan.step(step);
        let node = self.context.plan.node(planned.node);
        (step.0, node.name.as_str(), node.kind.as_str(), planned.operation.verb())
    }

    fn problem(&self, diagnostic: Diagnostic) -> Problem {
        let line = diagnostic.span().map(|span| self.context.files.get(span.file).position(span.start as usize).line);
        Problem {
            code: diagnostic.code.slug(),
            message: diagnostic.message,
            line,
            help: diagnostic.help,
            notes: diagnostic.notes,
            check: None,
        }
    }

    /// A test that failed: each thing that did, and its parts.
    fn problems(&self, status: &CaseStatus, told: Vec<Diagnostic>) -> Vec<Problem> {
        let checks = match status {
            CaseStatus::Checks(failures) => failures.as_slice(),
            CaseStatus::Passed | CaseStatus::Skipped(_) | CaseStatus::Failed(_) => &[],
        };
        let checks =
            checks.iter().map(|failure| Some(evidence::Check::of(failure))).chain(std::iter::repeat_with(|| None));
        told.into_iter().zip(checks).map(|(told, check)| Problem { check, ..self.problem(told) }).collect()
    }

    fn body<'a>(&'a self, event: &'a Event) -> Option<Body<'a>> {
        Some(match event {
            Event::RunStarted { run, .. } => {
                let plan = &self.context.plan;
                Body::RunStarted { run, pipeline: plan.pipeline.as_str(), shuffle: plan.seed }
            }
            Event::StepStarted(step) => {
                let (step, node, kind, operation) = self.step(*step);
                Body::StepStarted { step, node, kind, operation }
            }
            Event::StepSettled { step: id, outcome, took } => {
                let (step, node, kind, operation) = self.step(*id);
                let failure = match outcome {
                    StepOutcome::Failed(failure) => {
                        Some(self.problem(explain_failure(&self.context.plan, *id, failure)))
                    }
                    _ => None,
                };
                let outcome = match self.context.plan.step(*id).operation {
                    Operation::Skip { .. } if outcome.succeeded() => "skipped",
                    _ => outcome_word(outcome),
                };
                Body::StepSettled { step, node, kind, operation, outcome, took: took.as_secs_f64(), failure }
            }
            Event::Output { node, stream, line } => Body::Output {
                node: self.name(*node),
                stream: match stream {
                    OutputStream::Stdout => "stdout",
                    OutputStream::Stderr => "stderr",
                },
                line: String::from_utf8_lossy(line).into_owned(),
                base64: std::str::from_utf8(line).is_err().then(|| STANDARD.encode(line)),
            },
            Event::Retrying { node, attempt, of, failure, pause } => Body::Retrying {
                node: self.name(*node),
                attempt: *attempt,
                of: *of,
                pause: pause.as_secs_f64(),
                failure: self.problem(explain_attempt(&self.context.plan, *node, failure)),
            },
            Event::Build { node, step, done } => Body::BuildStep {
                node: self.name(*node),
                step,
                state: match done {
                    None => "started",
                    Some(BuildStepEnd::Cached) => "cached",
                    Some(BuildStepEnd::Done) => "done",
                    Some(BuildStepEnd::Failed) => "failed",
                },
            },
            Event::Transfer { .. } => return None,
            Event::Probed { node, attempt, .. } => Body::Probed {
                node: self.name(*node),
                number: attempt.number,
                passed: attempt.passed,
                code: attempt.code,
                output: &attempt.output,
            },
            Event::Published { node, port, url } => Body::Published { node: self.name(*node), port: *port, url },
            Event::Tested { node, case } => Body::Tested {
                node: self.name(*node),
                group: case.group.as_deref(),
                name: &case.name,
                status: match &case.status {
                    CaseStatus::Passed if case.is_flaky() => "flaky",
                    CaseStatus::Passed => "passed",
                    CaseStatus::Skipped(_) => "skipped",
                    CaseStatus::Checks(_) | CaseStatus::Failed(_) => "failed",
                },
                took: case.took.map(|took| took.as_secs_f64()),
                failures: self.problems(&case.status, explain_case(&self.context.plan, *node, case)),
                earlier: case
                    .earlier
                    .iter()
                    .zip(explain_earlier(&self.context.plan, *node, case))
                    .map(|(status, told)| self.problems(status, told))
                    .collect(),
                logs: case.logs.iter().map(evidence::Log::of).collect(),
                excerpt: case.excerpt.as_deref().map(evidence::Excerpt::of),
            },
            Event::Collected { node, from, to } => Body::Collected { node: self.name(*node), from, to },
            Event::Warning { node, message } => Body::Warning { node: node.map(|node| self.name(node)), message },
            Event::SignalIgnored { node, signal, grace, .. } => {
                Body::SignalIgnored { node: self.name(*node), signal, grace: grace.as_secs_f64() }
            }
            Event::Interrupted { signal, count } => Body::Interrupted { signal, count: *count },
            Event::RunFinished(summary) => Body::RunFinished {
                verdict: summary.verdict.as_str(),
                took: summary.took.as_secs_f64(),
                created: summary.created,
                removed: summary.removed,
                kept: summary.kept,
                left: &summary.left,
                unknown: &summary.unknown,
                containers: summary
                    .containers
                    .iter()
                    .map(|(node, name)| Container { node: self.name(*node), name })
                    .collect(),
                urls: summary
                    .urls
                    .iter()
                    .map(|(node, port, url)| Url { node: self.name(*node), port: *port, url })
                    .collect(),
            },
        })
    }
}

impl Reporter for Json {
    fn rest(&mut self) {
        self.screen.flush();
    }

    fn handle(&mut self, stamped: &Stamped) {
        let line = self.body(&stamped.event).map(|body| {
            let line = Line { v: VERSION, at: stamped.at.as_secs_f64(), body };
            serde_json::to_string(&line).expect("the wire types have string keys and finite numbers")
        });
        if let Some(line) = line {
            self.screen.line(&line);
        }
    }
}

fn outcome_word(outcome: &StepOutcome) -> &'static str {
    match outcome {
        StepOutcome::Succeeded => "succeeded",
        StepOutcome::Failed(_) => "failed",
        StepOutcome::Skipped { .. } => "skipped",
        StepOutcome::Cancelled => "cancelled",
        StepOutcome::NotNeeded => "not-needed",
    }
}
