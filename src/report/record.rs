use std::collections::VecDeque;
use std::time::Duration;

use super::narrative::{Mark, Narrative};
use super::summary::Failures;
use super::{Context, Ending, Tally};
use crate::event::{Event, Moment, OutputStream, Stamped, StepOutcome, TestCase};
use crate::plan::{NodeId, StepId};

/// What happened in a run, in order, as far as documents tell it. It holds the last lines of each container alone: all of them are in
/// the files of the run.
pub struct Record {
    context: Context,
    /// The run's id.
    pub run: String,
    /// The figures.
    pub tally: Tally,
    /// What failed.
    pub failures: Failures,
    /// When each step was at work, by index.
    pub spans: Vec<Option<Span>>,
    /// How the steps ended that count as tests of the pipeline, in the order of their ends.
    pub endings: Vec<(StepId, Ending, Duration)>,
    /// The tests, in the order of their ends.
    pub cases: Vec<(NodeId, TestCase)>,
    /// What the user should look at.
    pub warnings: Vec<(Option<NodeId>, String)>,
    /// What lies on the host now: whose, from, to.
    pub artifacts: Vec<(NodeId, String, String)>,
    /// The last lines of each node, by index.
    pub tails: Vec<Tail>,
    narrative: Narrative,
}

/// When a step was at work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// When it began.
    pub begun: Moment,
    /// When it ended; none while it is at work.
    pub ended: Option<Moment>,
    /// What came of it.
    pub end: End,
}

/// What came of a step, in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// It is still at work, or was when the run was left.
    None,
    /// It succeeded.
    Succeeded,
    /// It failed, and so did the run.
    Failed,
    /// It failed, and may.
    Allowed,
    /// It was broken off.
    Cancelled,
}

impl End {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            End::None => "running",
            End::Succeeded => "succeeded",
            End::Failed => "failed",
            End::Allowed => "failed, as allowed",
            End::Cancelled => "cancelled",
        }
    }
}

/// The last lines that a container wrote.
#[derive(Debug, Clone, Default)]
pub struct Tail {
    /// Oldest first.
    pub lines: VecDeque<(OutputStream, Vec<u8>)>,
    /// How many there were before.
    pub before: u64,
    bytes: usize,
}

/// How many lines, and bytes of them, are kept of a container.
const LINES: usize = 200;
const BYTES: usize = 16 * 1024;

impl Tail {
    fn push(&mut self, stream: OutputStream, line: &[u8]) {
        // The end of a line that is too long tells more than its beginning.
        let line = &line[line.len().saturating_sub(BYTES)..];
        self.bytes += line.len();
        self.lines.push_back((stream, line.to_vec()));
        while self.lines.len() > LINES || self.bytes > BYTES {
            let Some((_, oldest)) = self.lines.pop_front() else { return };
            self.bytes -= oldest.len();
            self.before += 1;
        }
    }
}

impl Record {
    /// Of a run that has not begun.
    pub fn new(context: Context) -> Self {
        let (steps, nodes) = (context.plan.steps.len(), context.plan.nodes.len());
        Record {
            context,
            run: String::new(),
            tally: Tally::default(),
            failures: Failures::default(),
            spans: vec![None; steps],
            endings: Vec::new(),
            cases: Vec::new(),
            warnings: Vec::new(),
            artifacts: Vec::new(),
            tails: vec![Tail::default(); nodes],
            narrative: Narrative::default(),
        }
    }

    /// What the run was begun with.
    pub fn context(&self) -> &Context {
        &self.context
    }

    /// Takes an event.
    pub fn take(&mut self, stamped: &Stamped) {
        let plan = self.context.plan.clone();
        self.tally.count(&plan, &stamped.event);
        self.failures.notice(&stamped.event);
        if let Some(told) = self.narrative.tell(&plan, stamped).filter(|told| told.mark == Mark::Warn) {
            self.warnings.push((told.node, told.text));
        }
        match &stamped.event {
            Event::RunStarted { run } => self.run.clone_from(run),
            Event::StepStarted(step) => {
                self.spans[step.index()] = Some(Span { begun: stamped.at, ended: None, end: End::None });
            }
            Event::StepSettled { step, outcome, took } => {
                if let Some(span) = &mut self.spans[step.index()] {
                    span.ended = Some(stamped.at);
                    span.end = match outcome {
                        StepOutcome::Succeeded | StepOutcome::NotNeeded => End::Succeeded,
                        StepOutcome::Failed(_) if plan.step(*step).required => End::Failed,
                        StepOutcome::Failed(_) => End::Allowed,
                        StepOutcome::Skipped { .. } | StepOutcome::Cancelled => End::Cancelled,
                    };
                }
                self.endings.extend(Ending::of(&plan, *step, outcome).map(|ending| (*step, ending, *took)));
            }
            Event::Output { node, stream, line } => self.tails[node.index()].push(*stream, line),
            Event::Tested { node, case } => self.cases.push((*node, case.clone())),
            Event::Collected { node, from, to } => self.artifacts.push((*node, from.clone(), to.clone())),
            _ => {}
        }
    }

    /// The tests suite by suite, suites in the order of the plan.
    pub fn suites(&self) -> Vec<(NodeId, Vec<&TestCase>)> {
        let mut suites: Vec<Vec<&TestCase>> = vec![Vec::new(); self.context.plan.nodes.len()];
        for (node, case) in &self.cases {
            suites[node.index()].push(case);
        }
        let nodes = self.context.plan.nodes.iter().map(|node| node.id);
        nodes.zip(suites).filter(|(_, cases)| !cases.is_empty()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_lines_are_kept_and_those_before_are_counted() {
        let mut tail = Tail::default();
        for number in 0..1000 {
            tail.push(OutputStream::Stdout, format!("line {number}").as_bytes());
        }
        assert_eq!((tail.lines.len(), tail.before), (LINES, 800));
        assert_eq!(tail.lines[0].1, b"line 800");
        tail.push(OutputStream::Stderr, &[b'x'; 1 << 20]);
        assert_eq!((tail.lines.len(), tail.before), (1, 1000));
        assert_eq!(tail.lines[0].1.len(), BYTES);
    }
}
