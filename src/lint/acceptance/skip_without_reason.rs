use super::tour::tests;
use crate::diagnostic::codes::acceptance::SKIP_WITHOUT_REASON;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lint::{Rule, Written};

/// `skip` alone: who reads the report does not learn why.
pub(super) const RULE: Rule = Rule::written(SKIP_WITHOUT_REASON, check);

fn check(written: &Written<'_>, diagnostics: &mut Diagnostics) {
    for test in tests(written) {
        let Some(skip) = test.skip.as_ref().filter(|skip| skip.reason.is_none() && skip.condition.is_none()) else {
            continue;
        };
        diagnostics.push(
            Diagnostic::new(SKIP_WITHOUT_REASON, format!("test `{}` is left out without a reason", test.name.value))
                .label(skip.span, "why?")
                .help("say why: `skip \"the service cannot do it yet\"`"),
        );
    }
}
