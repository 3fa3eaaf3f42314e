use crate::diagnostic::codes::acceptance::TEST_EXPECTS_NOTHING;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lint::{Rule, Subject};
use crate::model::Runnable;

/// A test whose requests expect nothing of their answers: any answer below status 400 passes it.
pub(super) const RULE: Rule = Rule::meant(TEST_EXPECTS_NOTHING, check);

fn check(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for runnable in subject.pipeline.runnables().values() {
        let Runnable::Acceptance(acceptance) = runnable else { continue };
        for test in &acceptance.tests {
            if !test.steps.is_empty() && test.steps.iter().all(|step| step.checks().next().is_none()) {
                diagnostics.push(
                    Diagnostic::new(
                        TEST_EXPECTS_NOTHING,
                        format!("test `{}` expects nothing but an answer", test.name.value),
                    )
                    .label(test.name.span, "expects nothing")
                    .help("say what is expected: `expect status 200`"),
                );
            }
        }
    }
}
