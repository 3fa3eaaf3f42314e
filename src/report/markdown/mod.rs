//! A summary in the Markdown of GitHub, such as a workflow shows above its log: `--report markdown=$GITHUB_STEP_SUMMARY`.

use std::fmt::Write;
use std::io;
use std::time::Duration;

use super::words::seconds;
use super::{Context, Document, Record, summary_lines};
use crate::diagnostic::render::{self, Style, printable, word};
use crate::event::{CaseStatus, Stamped, Summary};

/// Collects what a summary tells.
pub struct Markdown {
    record: Record,
}

/// How many failures, and how many bytes of each, are shown: the page that shows it takes no more than a mebibyte.
const FAILURES: usize = 40;
const BYTES: usize = 16 * 1024;

/// How many of the steps that took longest are listed.
const SLOWEST: usize = 5;

impl Markdown {
    /// Of a run that has not begun.
    pub fn new(context: Context) -> Self {
        Markdown { record: Record::new(context) }
    }

    fn failures(&self, out: &mut String) {
        let context = self.record.context();
        let diagnostics = self.record.account.failures.diagnostics(&context.plan);
        if diagnostics.is_empty() {
            return;
        }
        out.push_str("\n### Failures\n");
        for diagnostic in diagnostics.iter().take(FAILURES) {
            let drawn = render::full(&std::iter::once(diagnostic.clone()).collect(), &context.files, &style());
            let drawn = hidden(context, &drawn);
            let title = format!("{}: {}", word(diagnostic.severity), hidden(context, &diagnostic.message));
            let _ = write!(out, "\n<details open><summary>{}</summary>\n\n", escaped(&title));
            fenced(out, cut(&drawn));
            out.push_str("\n</details>\n");
        }
        if let Some(rest) = diagnostics.len().checked_sub(FAILURES).filter(|rest| *rest > 0) {
            let _ = writeln!(out, "\nand {rest} more");
        }
    }

    fn tests(&self, out: &mut String) {
        let suites = self.record.suites();
        if suites.is_empty() {
            return;
        }
        out.push_str(
            "\n### Tests\n\n| suite | passed | of these flaky | failed | skipped | took |\n|---|--:|--:|--:|--:|--:|\n",
        );
        for (node, cases) in suites {
            let flaky = cases.iter().filter(|case| case.is_flaky()).count();
            let count = |is: fn(&CaseStatus) -> bool| cases.iter().filter(|case| is(&case.status)).count();
            let _ = writeln!(
                out,
                "| {} | {} | {flaky} | {} | {} | {} |",
                escaped(&self.record.context().plan.node(node).name),
                count(|status| matches!(status, CaseStatus::Passed)),
                count(CaseStatus::is_failure),
                count(|status| matches!(status, CaseStatus::Skipped(_))),
                seconds(cases.iter().filter_map(|case| case.took).sum()),
            );
        }
    }

    fn slowest(&self, out: &mut String) {
        let plan = &self.record.context().plan;
        let took = |index: usize| {
            let span = self.record.account.course.spans[index].as_ref()?;
            Some(span.ended?.saturating_sub(span.begun)).filter(|took| *took > Duration::ZERO)
        };
        let work = plan.steps.iter().filter(|step| step.lane.is_work());
        let mut steps: Vec<_> = work.filter_map(|step| Some((took(step.id.index())?, step))).collect();
        steps.sort_by_key(|(took, step)| (std::cmp::Reverse(*took), step.id));
        if steps.is_empty() {
            return;
        }
        out.push_str("\n### What took longest\n\n| | step | took |\n|---|---|--:|\n");
        for (took, step) in steps.into_iter().take(SLOWEST) {
            let node = plan.node(step.node);
            let _ = writeln!(
                out,
                "| {} | {} {} | {} |",
                node.kind.as_str(),
                step.operation.verb(),
                escaped(&node.name),
                seconds(took)
            );
        }
    }
}

impl Document for Markdown {
    fn take(&mut self, stamped: &Stamped) {
        self.record.take(stamped);
    }

    fn text(&mut self, summary: &Summary) -> io::Result<String> {
        let context = self.record.context();
        let mut lines = summary_lines(context, &self.record.account, summary).into_iter();
        let head = lines.next().unwrap_or_default();
        let mut out = format!("## {}: {}\n\n", context.plan.pipeline, escaped(&head));
        for line in std::iter::once(format!("run {}", self.record.run)).chain(lines) {
            let _ = writeln!(out, "- {}", escaped(&hidden(context, &line)));
        }
        self.failures(&mut out);
        self.tests(&mut out);
        self.slowest(&mut out);
        if !self.record.warnings.is_empty() {
            out.push_str("\n### Warnings\n\n");
            for (node, text) in &self.record.warnings {
                let name = node.map_or(String::new(), |node| format!("{}: ", context.plan.node(node).name));
                let _ = writeln!(out, "- {}", escaped(&hidden(context, &format!("{name}{text}"))));
            }
        }
        Ok(out)
    }
}

fn style() -> Style {
    Style { color: false, unicode: true, ..Style::default() }
}

fn hidden(context: &Context, text: &str) -> String {
    (context.hide)(text)
}

/// The first bytes, whole lines of them.
fn cut(text: &str) -> &str {
    if text.len() <= BYTES {
        return text;
    }
    let end = text.floor_char_boundary(BYTES);
    text[..end].rfind('\n').map_or(&text[..end], |line| &text[..=line])
}

/// A block of code whose fence is longer than any within.
fn fenced(out: &mut String, text: &str) {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    let _ = writeln!(out, "{fence}text\n{}\n{fence}", text.trim_end());
}

/// A line in which nothing is markup.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.lines().map(|line| printable(line.as_bytes(), false)).collect::<Vec<_>>().join(" ").chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\\' | '*' | '_' | '[' | ']' | '|' | '#' | '~' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out
}
