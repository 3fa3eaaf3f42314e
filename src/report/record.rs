use std::collections::VecDeque;
use std::time::Duration;

use super::narrative::{Mark, Narrative};
use super::{Account, Context, Ending};
use crate::event::{Event, OutputStream, Stamped, TestCase};
use crate::plan::{NodeId, StepId};

/// What happened in a run, in order, as far as documents tell it. It holds the last lines of each container alone: all of them are in
/// the files of the run.
pub struct Record {
    context: Context,
    /// The run's id.
    pub run: String,
    /// What its end is told from.
    pub account: Account,
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
        let nodes = context.plan.nodes.len();
        Record {
            account: Account::new(&context.plan),
            context,
            run: String::new(),
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
        self.account.take(&plan, stamped);
        if let Some(told) = self.narrative.tell(&plan, stamped).filter(|told| told.mark == Mark::Warn) {
            self.warnings.push((told.node, told.text));
        }
        match &stamped.event {
            Event::RunStarted { run, .. } => self.run.clone_from(run),
            Event::StepSettled { step, outcome, took } => {
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
