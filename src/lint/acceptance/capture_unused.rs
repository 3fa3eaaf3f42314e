use std::collections::HashSet;

use crate::diagnostic::codes::acceptance::CAPTURE_UNUSED;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lint::{Rule, Subject};
use crate::model::{EnvOrText, EnvValue, Hole, Runnable, Step, Text};
use crate::source::Span;

/// A capture that no later probe uses. That there is something to capture is a promise of its own, so this is advice alone.
pub(super) const RULE: Rule = Rule::meant(CAPTURE_UNUSED, check);

fn check(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for runnable in subject.pipeline.runnables().values() {
        let Runnable::Acceptance(acceptance) = runnable else { continue };
        let mut used_anywhere = HashSet::new();
        for test in &acceptance.tests {
            let used = used_in(&test.steps);
            tell(&test.steps, &used, diagnostics);
            used_anywhere.extend(used);
        }
        let around = [&acceptance.before_all, &acceptance.setup, &acceptance.teardown, &acceptance.after_all];
        for steps in around {
            used_anywhere.extend(used_in(steps));
        }
        for steps in around {
            tell(steps, &used_anywhere, diagnostics);
        }
    }
}

fn tell(steps: &[Step], used: &HashSet<String>, diagnostics: &mut Diagnostics) {
    for capture in steps.iter().flat_map(Step::captures) {
        if used.contains(&capture.name.value) {
            continue;
        }
        let start = Span::new(capture.span.file, capture.span.start as usize, capture.span.start as usize);
        diagnostics.push(
            Diagnostic::new(CAPTURE_UNUSED, format!("nothing uses what `{}` keeps", capture.name.value))
                .label(capture.name.span, "never used")
                .help(format!("write `{{{{{}}}}}` in a later probe, or take it out", capture.name.value))
                .suggestion("take it out", start, "/-"),
        );
    }
}

/// The names of captures that the texts of `steps` use.
fn used_in(steps: &[Step]) -> HashSet<String> {
    let mut used = HashSet::new();
    for step in steps {
        step.values(&mut |value| {
            let text: &Text = match *value {
                EnvOrText::Text(text) | EnvOrText::Env(EnvValue::Text(text)) => text,
                EnvOrText::Env(EnvValue::Secret(_)) | EnvOrText::Container(_) => return,
            };
            used.extend(text.holes().filter_map(|hole| match hole {
                Hole::Capture(name) => Some(name.clone()),
                _ => None,
            }));
        });
    }
    used
}
