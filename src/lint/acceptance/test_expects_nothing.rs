use crate::diagnostic::codes::acceptance::TEST_EXPECTS_NOTHING;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lint::{Rule, Subject};
use crate::model::{Look, Runnable, Step};

/// A test that is requests alone and expects nothing of their answers: any answer below status 400 passes it. What does something to a
/// service, keeps a part of an answer, or looks at something else than a URL promises more than that.
pub(super) const RULE: Rule = Rule::meant(TEST_EXPECTS_NOTHING, check);

fn check(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for runnable in subject.pipeline.runnables().values() {
        let Runnable::Acceptance(acceptance) = runnable else { continue };
        for test in &acceptance.tests {
            if !test.steps.is_empty() && test.steps.iter().all(only_asks) {
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

/// Whether a step is requests whose answers may be any.
fn only_asks(step: &Step) -> bool {
    let probes = step.probes();
    !probes.is_empty()
        && probes.iter().all(|probe| matches!(probe.look, Look::Http(_)))
        && step.checks().next().is_none()
        && step.captures().next().is_none()
}
