use std::time::Duration;

use anstyle::{AnsiColor, Style};
use indexmap::IndexMap;
use unicode_width::UnicodeWidthStr;

use super::Terminal;
use super::region::Region;
use super::row::{Row, column, waiting_line};
use super::waiting::{Waiter, Waiting};
use crate::diagnostic::render::{self, printable, wrapped};
use crate::event::{Event, Stamped, Summary, Verdict};
use crate::plan::{Lane, NodeId, Operation, StepId};
use crate::report::narrative::{Mark, Narrative, Told};
use crate::report::summary::shown_summary;
use crate::report::words::seconds;
use crate::report::{Account, Context};

/// The widest name that moves the text of all lines to the right; longer ones are shortened in their middle, where there is room for less.
const WIDEST: usize = 40;
/// The most rows that tell what waits.
const MOST_WAITING: usize = 4;
/// A tear-down that is over sooner is not worth a row.
const WORTH_TELLING: Duration = Duration::from_millis(500);

/// What a terminal shows of a run.
pub(super) struct View {
    context: Context,
    region: Region,
    size: Box<dyn Fn() -> (usize, usize) + Send>,
    clock: Box<dyn Fn() -> Duration + Send>,
    /// Nodes at work, in the order in which they began.
    rows: IndexMap<NodeId, Row>,
    waiting: Waiting,
    next: Vec<Waiter>,
    /// The row of the tear-down, once some of it has begun.
    ending: Option<Row>,
    narrative: Narrative,
    account: Account,
    /// The width of the column of names, where the terminal has room for it.
    width: usize,
}

impl View {
    /// The view of a run that has not begun.
    pub(super) fn new(context: Context, terminal: Terminal) -> Self {
        let names = context.plan.nodes.iter().map(|node| node.name.width());
        let width = names.max().unwrap_or(0).min(WIDEST);
        View {
            region: Region::new(terminal.out),
            size: terminal.size,
            clock: terminal.clock,
            rows: IndexMap::new(),
            waiting: Waiting::new(&context.plan),
            next: Vec::new(),
            ending: None,
            narrative: Narrative::default(),
            account: Account::new(&context.plan),
            width,
            context,
        }
    }

    /// Takes an event.
    pub(super) fn handle(&mut self, stamped: &Stamped) {
        self.account.take(&self.context.plan, stamped);
        match &stamped.event {
            Event::StepStarted(step) => self.begin(*step),
            Event::StepSettled { step, .. } => self.end(*step),
            Event::Output { node, line, .. } => return self.last_line(*node, &printable(line, false)),
            Event::Build { node, step, done: None } if !step.starts_with("[internal]") => self.last_line(*node, step),
            Event::Transfer { node, what, current, total } if *total > 0 => {
                self.last_line(*node, &format!("{what} {} %", current * 100 / total));
            }
            Event::Probed { node, attempt, deadline } => {
                if let Some(row) = self.rows.get_mut(node) {
                    let left = seconds(deadline.saturating_sub(stamped.at));
                    row.does(format!("not healthy yet: try {}, {left} left", attempt.number));
                    row.say(&printable(attempt.output.lines().next().unwrap_or_default().as_bytes(), false));
                }
            }
            _ => {}
        }
        if self.waiting.notice(&stamped.event) {
            self.next = self.waiting.next(&self.context.plan);
        }
        if let Some(told) = self.narrative.tell(&self.context.plan, stamped) {
            self.tell(&told);
        }
        if let Event::RunFinished(summary) = &stamped.event {
            self.finish(summary);
        }
    }

    /// Draws what has changed, the spinners at least.
    pub(super) fn draw(&mut self) {
        let lines = self.lines();
        self.region.draw(lines);
    }

    /// The rows of now, as many as the terminal holds.
    fn lines(&self) -> Vec<String> {
        let ((columns, height), now) = ((self.size)(), (self.clock)());
        let name = |node: NodeId| self.context.plan.node(node).name.as_str();
        let mut lines: Vec<String> = self.rows.values().map(|row| row.line(now, self.width, columns)).collect();
        if let Some(ending) = self.ending.as_ref().filter(|row| lines.is_empty() && row.age(now) > WORTH_TELLING) {
            lines.push(ending.line(now, self.width, columns));
        }
        let most = height.saturating_sub(2).max(1);
        if lines.len() > most {
            let more = lines.len() - (most - 1);
            lines.truncate(most - 1);
            lines.push(format!("  and {more} more"));
        }
        for waiter in self.next.iter().take(MOST_WAITING.min(most - lines.len())) {
            let on: Vec<&str> = waiter.on.iter().map(|node| name(*node)).collect();
            lines.push(waiting_line(name(waiter.node), &on, self.width, columns));
        }
        lines
    }

    fn paint(&self, style: Style, text: &str) -> String {
        if self.context.style.color { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }

    fn say(&mut self, text: &str) {
        let lines = self.lines();
        self.region.say(text, lines);
    }

    fn tell(&mut self, told: &Told) {
        let (sign, colour) = match told.mark {
            Mark::Begin => return,
            Mark::Pass => ("✓", AnsiColor::Green),
            Mark::Fail => ("✗", AnsiColor::Red),
            Mark::Note => ("·", AnsiColor::BrightBlack),
            Mark::Warn => ("!", AnsiColor::Yellow),
        };
        let sign = self.paint(colour.on_default().bold(), sign);
        let name = told.node.map_or(self.context.plan.pipeline.as_str(), |node| &self.context.plan.node(node).name);
        let (columns, _) = (self.size)();
        let width = column(self.width, columns);
        let room = columns.saturating_sub(width + 4).max(24);
        let indent = format!("\n{:1$}", "", width + 4);
        let text = wrapped(&told.text, room).join(&indent);
        let text = if told.mark == Mark::Note { self.paint(AnsiColor::BrightBlack.on_default(), &text) } else { text };
        // What is said stays to be read: a name is never shortened here.
        let blanks = width.saturating_sub(name.width());
        let line = format!("{sign} {name}{:blanks$}  {text}", "");
        self.say(&line);
    }

    fn begin(&mut self, step: StepId) {
        let planned = self.context.plan.step(step);
        if planned.lane == Lane::TearDown && self.ending.is_none() {
            let doing = "removing what this run made".to_owned();
            self.ending = Some(Row::new(self.context.plan.pipeline.as_str(), step, (self.clock)(), doing, true));
        }
        let words = match &planned.operation {
            Operation::ProvideImage(_)
            | Operation::RunStage(_)
            | Operation::BeginTests(_)
            | Operation::RunTests(_)
            | Operation::EndTests(_)
            | Operation::RunBats(_)
            | Operation::RunTool(_)
            | Operation::Push(_) => (self.context.hide)(&planned.operation.to_string()),
            Operation::Pull { reference, .. } => format!("pull {reference}"),
            Operation::AwaitReady { healthcheck, .. } => {
                format!("waiting to be healthy, at most {}", seconds(healthcheck.budget()))
            }
            Operation::StopService(_) => "stopping".to_owned(),
            _ => return,
        };
        let stays = matches!(planned.operation, Operation::AwaitReady { .. } | Operation::StopService(_));
        let row = Row::new(&self.context.plan.node(planned.node).name, step, (self.clock)(), words, stays);
        self.rows.insert(planned.node, row);
    }

    fn end(&mut self, step: StepId) {
        let node = self.context.plan.step(step).node;
        if self.rows.get(&node).is_some_and(|row| row.step == step) {
            self.rows.shift_remove(&node);
        }
    }

    fn last_line(&mut self, node: NodeId, text: &str) {
        if let Some(row) = self.rows.get_mut(&node) {
            row.say(text);
        }
    }

    fn finish(&mut self, summary: &Summary) {
        self.rows.clear();
        self.next.clear();
        self.ending = None;
        let mut lines = Vec::new();
        let diagnostics = self.account.failures.diagnostics(&self.context.plan);
        if !diagnostics.is_empty() {
            let drawn = render::full(&diagnostics, &self.context.files, &self.context.style);
            lines.extend([String::new(), drawn.trim_end().to_owned()]);
        }
        lines.push(String::new());
        let colour = if summary.verdict == Verdict::Passed { AnsiColor::Green } else { AnsiColor::Red };
        for (index, line) in shown_summary(&self.context, &self.account, summary).iter().enumerate() {
            let colour = colour.on_default().bold();
            lines.push(if index == 0 { self.paint(colour, line) } else { line.clone() });
        }
        self.say(&lines.join("\n"));
    }
}
