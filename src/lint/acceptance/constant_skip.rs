use super::tour::tests;
use crate::diagnostic::codes::acceptance::CONSTANT_SKIP;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lint::{Rule, Written};

/// `skip if="true"`: a condition without a name in it is the same each time.
pub(super) const RULE: Rule = Rule::written(CONSTANT_SKIP, check);

fn check(written: &Written<'_>, diagnostics: &mut Diagnostics) {
    for test in tests(written) {
        let Some(condition) = test.skip.as_ref().and_then(|skip| skip.condition.as_ref()) else { continue };
        if condition.value.contains("{{") {
            continue;
        }
        let never = matches!(condition.value.trim().to_ascii_lowercase().as_str(), "" | "false" | "no" | "off" | "0");
        let (message, label) = if never {
            ("this test is never skipped", "always false")
        } else {
            ("this test is always skipped", "always true")
        };
        diagnostics.push(
            Diagnostic::new(CONSTANT_SKIP, message)
                .label(condition.span, label)
                .help("name a param: `skip if=\"{{quick}}\"`, with `param quick default=\"\"` at the top level"),
        );
    }
}
