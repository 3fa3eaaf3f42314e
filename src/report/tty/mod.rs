//! The live view on a terminal: what has happened scrolls by, what runs now stands below with its time and last line.

use std::collections::HashMap;
use std::time::Duration;

use anstyle::{AnsiColor, Style};
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::narrative::{Mark, Narrative, Told};
use super::summary::Failures;
use super::words::seconds;
use super::{Context, Reporter, Tally, summary_lines};
use crate::diagnostic::render::{self, clipped, printable, wrapped};
use crate::event::{Event, Stamped, Verdict};
use crate::plan::{NodeId, Operation, StepId};

/// How often the spinners turn.
const FRAME: Duration = Duration::from_millis(100);
/// The widest name that moves the text of all lines to the right.
const WIDEST: usize = 24;

/// Draws a run on a terminal.
pub struct Tty {
    context: Context,
    bars: MultiProgress,
    rows: HashMap<NodeId, Row>,
    narrative: Narrative,
    tally: Tally,
    failures: Failures,
    width: usize,
}

/// A node at work.
struct Row {
    bar: ProgressBar,
    step: StepId,
    doing: String,
}

impl Tty {
    /// Draws on standard output.
    pub fn new(context: Context) -> Self {
        let bars = MultiProgress::with_draw_target(ProgressDrawTarget::stdout_with_hz(10));
        let names = context.plan.nodes.iter().map(|node| node.name.chars().count());
        let width = names.filter(|length| *length <= WIDEST).max().unwrap_or(0);
        Tty {
            context,
            bars,
            rows: HashMap::new(),
            narrative: Narrative::default(),
            tally: Tally::default(),
            failures: Failures::default(),
            width,
        }
    }

    fn paint(&self, style: Style, text: &str) -> String {
        if self.context.style.color { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }

    fn say(&self, line: &str) {
        // A terminal that is gone is no error of the run.
        let _ = self.bars.println(line);
    }

    fn print(&self, told: &Told) {
        let (sign, colour) = match told.mark {
            Mark::Begin => return,
            Mark::Pass => ("✓", AnsiColor::Green),
            Mark::Fail => ("✗", AnsiColor::Red),
            Mark::Note => ("·", AnsiColor::BrightBlack),
            Mark::Warn => ("!", AnsiColor::Yellow),
        };
        let sign = self.paint(colour.on_default().bold(), sign);
        let name = told.node.map_or(self.context.plan.pipeline.as_str(), |node| &self.context.plan.node(node).name);
        let room = self.context.style.width.saturating_sub(self.width + 4).max(24);
        let indent = format!("\n{:1$}", "", self.width + 4);
        let text = wrapped(&told.text, room).join(&indent);
        let text = if told.mark == Mark::Note { self.paint(AnsiColor::BrightBlack.on_default(), &text) } else { text };
        self.say(&format!("{sign} {name:<width$}  {text}", width = self.width));
    }

    fn begin(&mut self, step: StepId) {
        let planned = self.context.plan.step(step);
        let words = match &planned.operation {
            Operation::ProvideImage(_)
            | Operation::RunStage(_)
            | Operation::RunTests(_)
            | Operation::RunBats(_)
            | Operation::Push(_) => planned.operation.to_string(),
            Operation::Pull { reference, .. } => format!("pull {reference}"),
            Operation::AwaitReady { healthcheck, .. } => {
                format!("waiting to be healthy, at most {}", seconds(healthcheck.budget()))
            }
            Operation::StopService(_) => "stopping".to_owned(),
            _ => return,
        };
        let bar = self.bars.add(ProgressBar::new_spinner());
        let template =
            ProgressStyle::with_template("{spinner} {prefix}  {wide_msg} {elapsed}").expect("the template is constant");
        bar.set_style(template.tick_strings(&["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏", " "]));
        bar.set_prefix(format!("{:<width$}", self.context.plan.node(planned.node).name, width = self.width));
        bar.set_message(words.clone());
        bar.enable_steady_tick(FRAME);
        if let Some(old) = self.rows.insert(planned.node, Row { bar, step, doing: words }) {
            self.bars.remove(&old.bar);
        }
    }

    fn end(&mut self, step: StepId) {
        let node = self.context.plan.step(step).node;
        if self.rows.get(&node).is_some_and(|row| row.step == step)
            && let Some(row) = self.rows.remove(&node)
        {
            row.bar.finish_and_clear();
            self.bars.remove(&row.bar);
        }
    }

    fn last_line(&self, node: NodeId, text: &str) {
        if let Some(row) = self.rows.get(&node) {
            let text = text.trim();
            let words = clipped(&row.doing, 40);
            row.bar.set_message(if text.is_empty() { words } else { format!("{words} · {text}") });
        }
    }

    fn finish(&mut self, summary: &crate::event::Summary) {
        for (_, row) in self.rows.drain() {
            row.bar.finish_and_clear();
        }
        let diagnostics = self.failures.diagnostics(&self.context.plan);
        if !diagnostics.is_empty() {
            self.say("");
            self.say(render::full(&diagnostics, &self.context.files, &self.context.style).trim_end());
        }
        let colour = if summary.verdict == Verdict::Passed { AnsiColor::Green } else { AnsiColor::Red };
        self.say("");
        for (index, line) in summary_lines(&self.context, &self.tally, summary).iter().enumerate() {
            let line = if index == 0 { self.paint(colour.on_default().bold(), line) } else { line.clone() };
            self.say(&line);
        }
    }
}

impl Reporter for Tty {
    fn handle(&mut self, stamped: &Stamped) {
        self.tally.count(&self.context.plan, &stamped.event);
        self.failures.notice(&stamped.event);
        match &stamped.event {
            Event::StepStarted(step) => self.begin(*step),
            Event::StepSettled { step, .. } => self.end(*step),
            Event::Output { node, line, .. } => self.last_line(*node, &printable(line, false)),
            Event::Build { node, step, done: None } if !step.starts_with("[internal]") => self.last_line(*node, step),
            Event::Transfer { node, what, current, total } if *total > 0 => {
                self.last_line(*node, &format!("{what} {} %", current * 100 / total));
            }
            Event::Probed { node, attempt, deadline } => {
                let left = deadline.saturating_sub(stamped.at);
                let said =
                    attempt.output.lines().next().map(|line| printable(line.as_bytes(), false)).unwrap_or_default();
                self.last_line(*node, &format!("try {}, {} left {said}", attempt.number, seconds(left)));
            }
            _ => {}
        }
        if let Some(told) = self.narrative.tell(&self.context.plan, stamped) {
            self.print(&told);
        }
        if let Event::RunFinished(summary) = &stamped.event {
            self.finish(summary);
        }
    }
}
