use super::tour::acceptances;
use crate::ast::Step;
use crate::diagnostic::codes::acceptance::WAIT_EXCEEDS_TIMEOUT;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lint::{Rule, Written};

/// A wait that is longer than the time-out around it: the time-out always comes first.
pub(super) const RULE: Rule = Rule::written(WAIT_EXCEEDS_TIMEOUT, check);

fn check(written: &Written<'_>, diagnostics: &mut Diagnostics) {
    for acceptance in acceptances(written) {
        for test in &acceptance.tests {
            let limits =
                [test.timeout.map(|it| (it, "of the test")), acceptance.timeout.map(|it| (it, "of the suite"))];
            let Some((timeout, whose)) = limits.into_iter().flatten().min_by_key(|(timeout, _)| timeout.value) else {
                continue;
            };
            for step in &test.steps {
                let Step::Wait(wait) = step else { continue };
                let Some(limit) = wait.limit.filter(|limit| limit.value >= timeout.value) else { continue };
                diagnostics.push(
                    Diagnostic::new(
                        WAIT_EXCEEDS_TIMEOUT,
                        format!("`{}` waits longer than the time-out {whose}", wait.kind.word()),
                    )
                    .label(limit.span, "never reached")
                    .label(timeout.span, "ends it before")
                    .help("make the wait shorter, or the time-out longer"),
                );
            }
        }
    }
}
