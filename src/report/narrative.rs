use std::collections::{HashMap, HashSet};
use std::time::Duration;

use super::words::{plural, seconds};
use crate::diagnostic::render::printable;
use crate::event::{Attempt, BuildStepEnd, CaseStatus, Event, Failure, Stamped, StepOutcome};
use crate::plan::{NodeId, Operation, Plan, StepId};

/// A sentence of a run's story, for screens of every kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// What kind of sentence.
    pub mark: Mark,
    /// About which node.
    pub node: Option<NodeId>,
    /// Without the node's name.
    pub text: String,
}

/// Kinds of sentences.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// Something begins.
    Begin,
    /// Something went well.
    Pass,
    /// Something went badly.
    Fail,
    /// Something to know.
    Note,
    /// Something that the user should look at.
    Warn,
}

/// Turns events into sentences. What takes no time worth telling (creates, removes) is left out.
#[derive(Debug, Default)]
pub struct Narrative {
    tries: HashMap<NodeId, u32>,
    /// When it is next worth telling that a service is still awaited, since its start.
    patience: HashMap<NodeId, Duration>,
    /// What of a node is being taken from a registry.
    pulls: HashSet<(NodeId, String)>,
    build_steps: HashMap<NodeId, (usize, usize)>,
    /// The last attempt of each stage that failed and was run again, and how many there may be.
    attempts: HashMap<NodeId, (u32, u32)>,
}

/// How long a service is awaited in silence; after that every time the wait has doubled.
const SILENCE: Duration = Duration::from_secs(5);

impl Narrative {
    /// The sentences that an event is worth.
    pub fn tell(&mut self, plan: &Plan, stamped: &Stamped) -> Option<Told> {
        match &stamped.event {
            Event::StepStarted(step) => self.begun(plan, *step),
            Event::StepSettled { step, outcome, took } => self.settled(plan, *step, outcome, *took),
            Event::Retrying { node, attempt, of, failure, pause } => {
                self.attempts.insert(*node, (*attempt, *of));
                let why = why(failure);
                let when = if pause.is_zero() { String::new() } else { format!(" in {}", seconds(*pause)) };
                told(Mark::Warn, *node, format!("attempt {attempt} of {of} {why}; again{when}"))
            }
            Event::Build { node, done: Some(end), .. } => {
                let (steps, cached) = self.build_steps.entry(*node).or_default();
                *steps += 1;
                *cached += usize::from(*end == BuildStepEnd::Cached);
                None
            }
            Event::Probed { node, attempt, deadline } => {
                self.probed(*node, attempt, deadline.saturating_sub(stamped.at))
            }
            Event::Transfer { node, what, .. } if what.starts_with("pulling") => {
                let begins = self.pulls.insert((*node, what.clone()));
                begins.then(|| Told { mark: Mark::Begin, node: Some(*node), text: what.clone() })
            }
            Event::Published { node, port, url } => told(Mark::Note, *node, format!("port {port} is {url}")),
            Event::Tested { node, case } => {
                let took = case.took.map_or(String::new(), |took| format!("  {}", seconds(took)));
                match &case.status {
                    CaseStatus::Passed if case.is_flaky() => {
                        let tries = case.earlier.len() + 1;
                        told(Mark::Warn, *node, format!("{} (flaky: passed at try {tries}){took}", case.name))
                    }
                    CaseStatus::Passed => told(Mark::Pass, *node, format!("{}{took}", case.name)),
                    CaseStatus::Skipped(why) if why.is_empty() => {
                        told(Mark::Note, *node, format!("{} (skipped)", case.name))
                    }
                    CaseStatus::Skipped(why) => told(Mark::Note, *node, format!("{} (skipped: {why})", case.name)),
                    CaseStatus::Checks(_) | CaseStatus::Failed(_) => {
                        let tries = match case.earlier.len() {
                            0 => String::new(),
                            earlier => format!(" (at each of {} tries)", earlier + 1),
                        };
                        told(Mark::Fail, *node, format!("{}{tries}{took}", case.name))
                    }
                }
            }
            Event::Collected { node, from, to } => told(Mark::Note, *node, format!("{from} -> {to}")),
            Event::Warning { node, message } => Some(Told { mark: Mark::Warn, node: *node, text: message.clone() }),
            Event::SignalIgnored { node, signal, grace, .. } => {
                told(Mark::Warn, *node, format!("ignored {signal} for {} and was killed", seconds(*grace)))
            }
            Event::Interrupted { signal, count } => {
                let text = match count {
                    1 => format!("{signal}: stopping and removing what this run made (again to kill)"),
                    2 => format!("{signal}: killing (again to leave at once)"),
                    _ => format!("{signal}: leaving"),
                };
                Some(Told { mark: Mark::Warn, node: None, text })
            }
            Event::RunStarted { .. } => {
                let chosen = plan.chosen.map(|chosen| format!("{} of {} tests chosen", chosen.tests, chosen.of));
                let seed =
                    plan.seed.map(|seed| format!("tests in an order drawn by lot; `--shuffle={seed}` repeats it"));
                let text: Vec<String> = chosen.into_iter().chain(seed).collect();
                (!text.is_empty()).then(|| Told { mark: Mark::Note, node: None, text: text.join("; ") })
            }
            Event::Transfer { .. } | Event::Build { .. } | Event::Output { .. } | Event::RunFinished(_) => None,
        }
    }

    /// A wait for a service is told when it gets long, with its reason, less and less often.
    fn probed(&mut self, node: NodeId, attempt: &Attempt, left: Duration) -> Option<Told> {
        *self.tries.entry(node).or_default() += 1;
        let patience = self.patience.entry(node).or_insert(SILENCE);
        if attempt.passed || attempt.at < *patience {
            return None;
        }
        *patience = attempt.at * 2;
        told(Mark::Note, node, awaited(attempt, left))
    }

    fn begun(&self, plan: &Plan, step: StepId) -> Option<Told> {
        let step = plan.step(step);
        match &step.operation {
            Operation::ProvideImage(_)
            | Operation::RunStage(_)
            | Operation::BeginTests(_)
            | Operation::RunTests(_)
            | Operation::EndTests(_)
            | Operation::RunBats(_)
            | Operation::RunTool(_)
            | Operation::StartService(_)
            | Operation::Push(_) => told(Mark::Begin, step.node, step.operation.to_string()),
            _ => None,
        }
    }

    fn settled(&self, plan: &Plan, step: StepId, outcome: &StepOutcome, took: Duration) -> Option<Told> {
        let step = plan.step(step);
        match outcome {
            StepOutcome::Succeeded => {
                let text = match &step.operation {
                    Operation::ProvideImage(_) if step.operation.verb() == "build" => {
                        match self.build_steps.get(&step.node) {
                            Some((steps, cached)) if steps == cached => {
                                format!("built, all cached, in {}", seconds(took))
                            }
                            _ => format!("built in {}", seconds(took)),
                        }
                    }
                    Operation::ProvideImage(_) => format!("{} done in {}", step.operation.verb(), seconds(took)),
                    // An image that the engine has already is not worth a line.
                    Operation::Pull { .. } if self.pulls.iter().any(|(node, _)| *node == step.node) => {
                        format!("pulled in {}", seconds(took))
                    }
                    Operation::AwaitReady { .. } => {
                        let tries = self.tries.get(&step.node).copied().unwrap_or(0);
                        format!("healthy after {}, {}", plural(tries as usize, "try", "tries"), seconds(took))
                    }
                    Operation::RunStage(_) => match self.attempts.get(&step.node) {
                        Some((failed, of)) => {
                            format!("succeeded at attempt {} of {of}, in {}", failed + 1, seconds(took))
                        }
                        None => format!("succeeded in {}", seconds(took)),
                    },
                    Operation::Skip { reason } => return told(Mark::Note, step.node, format!("skipped: {reason}")),
                    Operation::RunTests(_) | Operation::RunBats(_) | Operation::RunTool(_) => {
                        format!("passed in {}", seconds(took))
                    }
                    Operation::Push(_) => format!("pushed in {}", seconds(took)),
                    Operation::Milestone => "reached".to_owned(),
                    _ => return None,
                };
                told(Mark::Pass, step.node, text)
            }
            StepOutcome::Failed(failure) => {
                let text = format!("{} after {}", failed(&step.operation, failure), seconds(took));
                told(if step.required { Mark::Fail } else { Mark::Warn }, step.node, text)
            }
            StepOutcome::Cancelled if took > Duration::ZERO => match &step.operation {
                Operation::RunStage(_)
                | Operation::BeginTests(_)
                | Operation::RunTests(_)
                | Operation::EndTests(_)
                | Operation::RunBats(_)
                | Operation::RunTool(_)
                | Operation::ProvideImage(_) => {
                    told(Mark::Note, step.node, format!("cancelled after {}", seconds(took)))
                }
                _ => None,
            },
            StepOutcome::Cancelled | StepOutcome::Skipped { .. } | StepOutcome::NotNeeded => None,
        }
    }
}

/// Why a service is not ready yet, in a line: the last try, and the time that is left.
fn awaited(attempt: &Attempt, left: Duration) -> String {
    let said = attempt.output.lines().next().unwrap_or_default();
    let said = printable(said.as_bytes(), false);
    let why = match attempt.code {
        Some(code) if said.is_empty() => format!("code {code}"),
        Some(code) => format!("code {code}, {said}"),
        None => said,
    };
    format!("awaited for {}, at most {} more; try {}: {why}", seconds(attempt.at), seconds(left), attempt.number)
}

fn told(mark: Mark, node: NodeId, text: String) -> Option<Told> {
    Some(Told { mark, node: Some(node), text })
}

/// Why an attempt failed.
fn why(failure: &Failure) -> String {
    match failure {
        Failure::StageFailed { oom_killed: true, .. } | Failure::OutOfMemory { .. } => "ran out of memory".to_owned(),
        Failure::StageFailed { code, .. } => format!("failed with exit code {code}"),
        Failure::TimedOut { limit, .. } => format!("took longer than {}", seconds(*limit)),
        _ => "failed".to_owned(),
    }
}

fn failed(operation: &Operation, failure: &Failure) -> String {
    match failure {
        Failure::StageFailed { code, .. } => format!("failed with exit code {code}"),
        Failure::OutOfMemory { .. } => "lost a process for want of memory".to_owned(),
        Failure::TimedOut { .. } => "timed out".to_owned(),
        Failure::NotReady { .. } => "not ready".to_owned(),
        Failure::ServiceExited { code, .. } => format!("ended with exit code {code}"),
        Failure::TestsFailed { failed, total, .. } => format!("{failed} of {total} tests failed"),
        Failure::NoTests { .. } => "ran no test".to_owned(),
        _ => format!("{} failed", operation.verb()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_wait_is_told_with_its_reason_less_and_less_often() {
        let mut narrative = Narrative::default();
        let mut told = Vec::new();
        for second in 1..=60 {
            let at = Duration::from_secs(second);
            let output = "no route\nto it".to_owned();
            let attempt = Attempt { number: 1, at, took: Duration::ZERO, passed: false, code: Some(1), output };
            let line = narrative.probed(NodeId(0), &attempt, Duration::from_secs(90) - at);
            told.extend(line.map(|line| (second, line.text)));
        }
        let seconds: Vec<u64> = told.iter().map(|(second, _)| *second).collect();
        assert_eq!(seconds, [5, 10, 20, 40]);
        assert_eq!(told[1].1, "awaited for 10.0s, at most 80.0s more; try 1: code 1, no route");
    }
}
