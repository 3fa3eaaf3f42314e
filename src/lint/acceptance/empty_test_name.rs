use super::tour::tests;
use crate::diagnostic::codes::acceptance::EMPTY_TEST_NAME;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lint::{Rule, Written};

/// `test ""`: nothing could be said of it in a report.
pub(super) const RULE: Rule = Rule::written(EMPTY_TEST_NAME, check);

fn check(written: &Written<'_>, diagnostics: &mut Diagnostics) {
    for test in tests(written).filter(|test| test.name.value.trim().is_empty()) {
        diagnostics.push(
            Diagnostic::new(EMPTY_TEST_NAME, "a test has no name")
                .label(test.name.span, "what does it promise?")
                .help("say what it promises: `test \"the root answers\" { … }`"),
        );
    }
}
