use std::path::Path;
use std::time::Duration;

use super::explain::explain_ignored;
use super::explain_case::explain_earlier;
use super::words::{plural, seconds, signal_name};
use super::{Account, Context, CriticalPath, explain_case, explain_failure};
use crate::diagnostic::render::wrapped;
use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::event::{Event, StepOutcome, Summary, Verdict};
use crate::plan::{NodeId, NodeKind, Plan};
use crate::source::Span;

/// The end of a run in words, a line each: verdict, what did not run, what it was waiting for, what was made and removed, how to look at what stays,
/// URLs of what is up.
pub fn summary_lines(context: &Context, account: &Account, summary: &Summary) -> Vec<String> {
    let tally = &account.tally;
    let verdict = match summary.verdict {
        Verdict::Passed => "passed".to_owned(),
        Verdict::Failed => "failed".to_owned(),
        Verdict::EngineFailed => "the engine failed".to_owned(),
        Verdict::TimedOut => "timed out".to_owned(),
        Verdict::Interrupted { signal } => format!("interrupted by {}", signal_name(signal)),
    };
    let mut counts = Vec::new();
    if tally.built > 0 {
        counts.push(format!("{} built", plural(tally.built, "image", "images")));
    }
    if tally.stages_passed > 0 {
        let again = match tally.stages_retried {
            0 => String::new(),
            retried => format!(" ({retried} when tried again)"),
        };
        counts.push(format!("{}{again}", plural(tally.stages_passed, "stage passed", "stages passed")));
    }
    if tally.stages_skipped > 0 {
        counts.push(plural(tally.stages_skipped, "stage skipped", "stages skipped"));
    }
    if tally.stages_failed > 0 {
        counts.push(plural(tally.stages_failed, "stage failed", "stages failed"));
    }
    if tally.allowed_failures > 0 {
        counts.push(format!("{} as allowed", plural(tally.allowed_failures, "stage failed", "stages failed")));
    }
    for (what, count) in &tally.other_failures {
        counts.push(what.counted(*count));
    }
    if tally.tests_passed > 0 {
        let flaky = match tally.tests_flaky {
            0 => String::new(),
            flaky => format!(" ({flaky} flaky)"),
        };
        counts.push(format!("{}{flaky}", plural(tally.tests_passed, "test passed", "tests passed")));
    }
    if tally.tests_failed > 0 {
        counts.push(plural(tally.tests_failed, "test failed", "tests failed"));
    }
    if tally.tests_skipped > 0 {
        counts.push(plural(tally.tests_skipped, "test skipped", "tests skipped"));
    }
    let mut head = format!("{verdict} in {}", seconds(summary.took));
    if !counts.is_empty() {
        head = format!("{head}: {}", counts.join(", "));
    }
    let mut lines = vec![head];
    for (title, names) in [("cut short", &tally.cut_short), ("not run", &tally.not_run)] {
        if !names.is_empty() {
            lines.push(format!("{title}: {}", names.iter().map(String::as_str).collect::<Vec<_>>().join(", ")));
        }
    }
    let path = CriticalPath::of(&context.plan, &account.course).filter(|_| summary.verdict == Verdict::Passed);
    lines.extend(path.map(|path| path.lines(&context.plan)).unwrap_or_default());
    let mut made = format!("created {}, removed {}, left {}", summary.created, summary.removed, summary.left.len());
    if summary.kept > 0 {
        made = format!(
            "created {}, removed {}, kept {}, left {}",
            summary.created,
            summary.removed,
            summary.kept,
            summary.left.len()
        );
    }
    if !summary.unknown.is_empty() {
        made = format!("{made}, not known {}", summary.unknown.len());
    }
    lines.push(made);
    for left in &summary.left {
        lines.push(format!("left behind: {left}; `pipe clean` removes it"));
    }
    for unknown in &summary.unknown {
        lines.push(format!("not known: whether {unknown} was made, since Docker did not say; `pipe clean` removes it"));
    }
    if summary.kept > 0 {
        lines.extend(farewell(context, summary));
    }
    for (node, _, url) in &summary.urls {
        lines.push(format!("{}  {url}", context.plan.node(*node).name));
    }
    lines
}

/// The same for a screen: no line is wider than that, what goes on is indented; one with a command to be pasted stays whole.
pub(super) fn shown_summary(context: &Context, account: &Account, summary: &Summary) -> Vec<String> {
    summary_lines(context, account, summary).iter().flat_map(|line| narrowed(line, context.style.width)).collect()
}

fn narrowed(line: &str, width: usize) -> Vec<String> {
    let is_to_be_pasted = ["`docker ", "`pipe "].iter().any(|command| line.contains(command));
    if line.chars().count() <= width || is_to_be_pasted {
        return vec![line.to_owned()];
    }
    let lines = wrapped(line, width.saturating_sub(2).max(38));
    lines.into_iter().enumerate().map(|(index, line)| if index == 0 { line } else { format!("  {line}") }).collect()
}

/// How to look inside what stays, and how to remove it.
fn farewell(context: &Context, summary: &Summary) -> Vec<String> {
    let mut lines = Vec::new();
    for (node, container) in &summary.containers {
        let node = context.plan.node(*node);
        lines.push(match node.kind {
            NodeKind::Service => format!("kept {}: `docker exec -it {container} sh` looks inside", node.name),
            _ => format!("kept {}: `docker cp {container}:/PATH .` copies out of it", node.name),
        });
    }
    let path = context.files.root().path();
    // Where it lies in this very directory, it is found again.
    let file = if path == Path::new("pipeline.kdl") { String::new() } else { format!(" {}", path.display()) };
    lines.push(format!("`pipe logs{file}` shows what it wrote, `pipe down{file}` removes all of it"));
    lines
}

/// Every failure of a run as a diagnostic, first causes first, those that only follow left out; and what it had to do by force.
#[derive(Debug, Clone, Default)]
pub struct Failures {
    cases: Vec<(NodeId, crate::event::TestCase)>,
    steps: Vec<(crate::plan::StepId, Box<crate::event::Failure>)>,
    ignored: Vec<(NodeId, String, Duration, Span)>,
}

impl Failures {
    /// Remembers what failed.
    pub fn notice(&mut self, event: &Event) {
        match event {
            Event::Tested { node, case } if case.status.is_failure() || case.is_flaky() => {
                self.cases.push((*node, case.clone()))
            }
            Event::StepSettled { step, outcome: StepOutcome::Failed(failure), .. } => {
                self.steps.push((*step, failure.clone()));
            }
            Event::SignalIgnored { node, signal, grace, span } => {
                self.ignored.push((*node, signal.clone(), *grace, *span));
            }
            _ => {}
        }
    }

    /// As diagnostics. A suite whose cases are told one by one is not told again as a whole.
    pub fn diagnostics(&self, plan: &Plan) -> Diagnostics {
        let mut out = Diagnostics::new();
        // A service that died is the cause of what failed for it.
        let is_cause = |failure: &crate::event::Failure| matches!(failure, crate::event::Failure::ServiceExited { .. });
        for (step, failure) in self.steps.iter().filter(|(_, failure)| is_cause(failure)) {
            out.push(explain_step(plan, *step, failure));
        }
        for (node, case) in &self.cases {
            for diagnostic in explain_case(plan, *node, case) {
                out.push(diagnostic);
            }
            // One that passed in the end has no failure of its own to show.
            let earlier = if case.is_flaky() { explain_earlier(plan, *node, case).pop() } else { None };
            for mut diagnostic in earlier.unwrap_or_default() {
                diagnostic.severity = Severity::Warning;
                let tries = case.earlier.len() + 1;
                out.push(diagnostic.note(format!("flaky: the test passed at try {tries}, when it was run again")));
            }
        }
        for (step, failure) in self.steps.iter().filter(|(_, failure)| !is_cause(failure)) {
            let told = self.cases.iter().any(|(node, case)| case.status.is_failure() && *node == plan.step(*step).node);
            let whole = match failure.as_ref() {
                crate::event::Failure::TestsFailed { failed, .. } => *failed == 0,
                crate::event::Failure::ReportFailed { .. } => !told,
                _ => true,
            };
            if whole || !told {
                out.push(explain_step(plan, *step, failure));
            }
        }
        for (node, signal, grace, span) in &self.ignored {
            out.push(explain_ignored(plan, *node, signal, *grace, *span));
        }
        out
    }
}

fn explain_step(plan: &Plan, step: crate::plan::StepId, failure: &crate::event::Failure) -> Diagnostic {
    let mut diagnostic = explain_failure(plan, step, failure);
    if !plan.step(step).required {
        diagnostic.severity = Severity::Warning;
        diagnostic = diagnostic.note("its failure is allowed, and fails nothing else");
    }
    diagnostic
}

#[cfg(test)]
mod tests {
    use super::narrowed;

    #[test]
    fn what_is_long_goes_on_below_and_what_is_pasted_stays_whole() {
        let path = "critical path 1.51s: create network 0.15s, create app 0.03s, start app 0.56s, await app 0.09s";
        let lines = narrowed(path, 60);
        assert!(lines.len() > 1 && lines.iter().all(|line| line.chars().count() <= 60), "{lines:#?}");
        assert!(lines[1..].iter().all(|line| line.starts_with("  ")), "{lines:#?}");
        for command in
            ["`pipe down /somewhere/pipeline.kdl` removes all of it", "`docker cp a-container:/PATH .` copies"]
        {
            let line = format!("{command}, and this line is longer than any screen that people look at is wide");
            assert_eq!(narrowed(&line, 60), [line]);
        }
    }
}
