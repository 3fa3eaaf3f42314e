//! TAP 14: a subtest for each suite, and each stage and service as a test of the pipeline.

use std::fmt::Write;
use std::io;
use std::time::Duration;

use super::{Context, Document, Ending, Record, explain_case};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::render::printable;
use crate::event::{CaseStatus, Stamped, Summary, TestCase, Verdict};
use crate::plan::NodeId;

/// Collects the tests of a run.
pub struct Tap {
    record: Record,
}

impl Tap {
    /// With no test in it yet.
    pub fn new(context: Context) -> Self {
        Tap { record: Record::new(context) }
    }

    fn suite(&self, node: NodeId, cases: &[&TestCase], out: &mut String) -> bool {
        let context = self.record.context();
        let _ = writeln!(out, "# Subtest: {}", escaped(&context.plan.node(node).name));
        let _ = writeln!(out, "    1..{}", cases.len());
        for (index, case) in cases.iter().enumerate() {
            let name = case.title(&context.plan.node(node).name);
            let skipped = match &case.status {
                CaseStatus::Skipped(why) => Some(why.as_str()),
                _ => None,
            };
            point(out, "    ", !case.status.is_failure(), index + 1, &name, skipped.map(|why| ("SKIP", why)));
            if case.is_flaky() {
                let _ = writeln!(out, "    # flaky: passed at try {}", case.earlier.len() + 1);
            }
            details(out, "      ", context, &explain_case(&context.plan, node, case), case.took);
        }
        cases.iter().any(|case| case.status.is_failure())
    }
}

impl Document for Tap {
    fn take(&mut self, stamped: &Stamped) {
        self.record.take(stamped);
    }

    fn text(&mut self, summary: &Summary) -> io::Result<String> {
        let context = self.record.context();
        let suites = self.record.suites();
        let mut out = String::from("TAP version 14\n");
        let _ = writeln!(out, "# run {} of {}", self.record.run, context.plan.pipeline);
        let _ = writeln!(out, "1..{}", suites.len() + self.record.endings.len());
        let mut number = 0;
        for (node, cases) in suites {
            number += 1;
            let failed = self.suite(node, &cases, &mut out);
            point(&mut out, "", !failed, number, &context.plan.node(node).name, None);
        }
        for (step, ending, took) in &self.record.endings {
            number += 1;
            let step = context.plan.step(*step);
            let name = format!("{}: {}", context.plan.node(step.node).name, step.operation.verb());
            match ending {
                Ending::Passed => point(&mut out, "", true, number, &name, None),
                Ending::Skipped(why) => point(&mut out, "", true, number, &name, Some(("SKIP", why))),
                Ending::Failed(diagnostic) => {
                    let allowed = Some(("TODO", "its failure is allowed")).filter(|_| !step.required);
                    point(&mut out, "", false, number, &name, allowed);
                    details(&mut out, "  ", context, std::slice::from_ref(diagnostic), Some(*took));
                }
            }
        }
        match summary.verdict {
            Verdict::Passed | Verdict::Failed => {}
            Verdict::EngineFailed => out.push_str("Bail out! the engine failed\n"),
            Verdict::TimedOut => out.push_str("Bail out! the time of the pipeline was up\n"),
            Verdict::Interrupted { signal } => {
                let _ = writeln!(out, "Bail out! interrupted by signal {signal}");
            }
        }
        Ok(out)
    }
}

/// A test and how it ended.
fn point(out: &mut String, indent: &str, is_ok: bool, number: usize, name: &str, directive: Option<(&str, &str)>) {
    let ok = if is_ok { "ok" } else { "not ok" };
    let _ = write!(out, "{indent}{ok} {number} - {}", escaped(name));
    if let Some((word, why)) = directive {
        let _ = write!(out, " # {word} {}", escaped(why));
    }
    while out.ends_with(' ') {
        out.pop();
    }
    out.push('\n');
}

/// What is to be known of a failure, as a block of YAML; its strings are those of JSON, which YAML has too.
fn details(out: &mut String, indent: &str, context: &Context, told: &[Diagnostic], took: Option<Duration>) {
    if told.is_empty() {
        return;
    }
    let _ = writeln!(out, "{indent}---");
    if let Some(took) = took {
        let _ = writeln!(out, "{indent}duration_ms: {}", took.as_millis());
    }
    let _ = writeln!(out, "{indent}failures:");
    for diagnostic in told {
        let _ = writeln!(out, "{indent}  - message: {}", string(&diagnostic.message));
        let _ = writeln!(out, "{indent}    code: {}", diagnostic.code.slug());
        if let Some(span) = diagnostic.span() {
            let file = context.files.get(span.file);
            let place = format!("{}:{}", file.path().display(), file.position(span.start as usize).line);
            let _ = writeln!(out, "{indent}    at: {}", string(&place));
        }
        if !diagnostic.notes.is_empty() {
            let _ = writeln!(out, "{indent}    notes:");
            for line in diagnostic.notes.iter().flat_map(|note| note.lines()) {
                let _ = writeln!(out, "{indent}      - {}", string(line));
            }
        }
        if let Some(help) = &diagnostic.help {
            let _ = writeln!(out, "{indent}    help: {}", string(help));
        }
    }
    let _ = writeln!(out, "{indent}...");
}

fn string(text: &str) -> String {
    serde_json::Value::from(plain(text)).to_string()
}

/// A description: what would begin a directive or an escape is escaped, lines are one.
fn escaped(text: &str) -> String {
    let line = text.lines().map(plain).collect::<Vec<_>>().join(" ");
    line.replace('\\', "\\\\").replace('#', "\\#")
}

fn plain(text: &str) -> String {
    printable(text.as_bytes(), false)
}
