//! Lines with the node's name in front, for logs and pipes: no cursor movement, no escape codes unless colours are asked for.

use super::narrative::{Mark, Narrative};
use super::summary::shown_summary;
use super::{Account, Context, Reporter, Screen};
use crate::diagnostic::render;
use crate::diagnostic::render::printable;
use crate::event::{Event, Stamped};
use crate::plan::{NodeId, NodeKind};

/// The widest name that moves the text of all lines to the right; longer ones stick out.
const WIDEST: usize = 24;

/// Tells the story of a run line by line, with the output of its containers.
pub struct Plain {
    context: Context,
    screen: Screen,
    narrative: Narrative,
    account: Account,
    width: usize,
    quiet: bool,
    annotates: bool,
}

impl Plain {
    /// With everything that containers write.
    pub fn new(context: Context, screen: Screen) -> Self {
        let width = context
            .plan
            .nodes
            .iter()
            .filter(|node| node.runnable.is_some())
            .map(|node| node.name.len())
            .filter(|length| *length <= WIDEST)
            .max()
            .unwrap_or(0);
        Plain {
            account: Account::new(&context.plan),
            context,
            screen,
            narrative: Narrative::default(),
            width,
            quiet: false,
            annotates: false,
        }
    }

    /// Failures, warnings and the end alone.
    pub fn quiet(context: Context, screen: Screen) -> Self {
        Plain { quiet: true, ..Plain::new(context, screen) }
    }

    /// With annotations in the end for a workflow of GitHub, where `annotates`.
    pub fn annotating(self, annotates: bool) -> Self {
        Plain { annotates, ..self }
    }

    fn name(&self, node: Option<NodeId>) -> String {
        let name = node.map_or(self.context.plan.pipeline.as_str(), |node| &self.context.plan.node(node).name);
        format!("{name:<width$}", width = self.width)
    }
}

impl Reporter for Plain {
    fn rest(&mut self) {
        self.screen.flush();
    }

    fn handle(&mut self, stamped: &Stamped) {
        self.account.take(&self.context.plan, stamped);
        let told = self.narrative.tell(&self.context.plan, stamped);
        if let Some(told) = told {
            let sign = match told.mark {
                Mark::Begin => '>',
                Mark::Pass => '+',
                Mark::Fail => 'x',
                Mark::Note => '-',
                Mark::Warn => '!',
            };
            if !self.quiet || matches!(told.mark, Mark::Warn) {
                let text = (self.context.hide)(&told.text);
                self.screen.line(&format!("{} {sign} {text}", self.name(told.node)));
            }
        }
        match &stamped.event {
            Event::RunStarted { run, .. } if !self.quiet => {
                self.screen.line(&format!("{} > run {run}", self.name(None)));
            }
            // What a test suite writes for machines is told test by test.
            Event::Output { node, line, .. } if !self.quiet && self.context.plan.node(*node).kind != NodeKind::Bats => {
                let text = printable(line, self.context.style.color);
                self.screen.line(&format!("{} | {text}", self.name(Some(*node))));
            }
            Event::Build { node, step, done: None } if !self.quiet && !step.starts_with("[internal]") => {
                self.screen.line(&format!("{} | {step}", self.name(Some(*node))));
            }
            Event::RunFinished(summary) => {
                let diagnostics = self.account.failures.diagnostics(&self.context.plan);
                if !diagnostics.is_empty() {
                    self.screen.line("");
                    self.screen.line(render::full(&diagnostics, &self.context.files, &self.context.style).trim_end());
                    self.screen.line("");
                }
                if self.annotates && !diagnostics.is_empty() {
                    self.screen.line(render::github(&diagnostics, &self.context.files).trim_end());
                }
                for line in shown_summary(&self.context, &self.account, summary) {
                    self.screen.line(&line);
                }
            }
            _ => {}
        }
    }
}
