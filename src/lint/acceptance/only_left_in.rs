use super::tour::tests;
use crate::diagnostic::codes::acceptance::ONLY_LEFT_IN;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lint::{Rule, Written};
use crate::source::Span;

/// `only` is for the moment in which a test is written: left in, it leaves all others out.
pub(super) const RULE: Rule = Rule::written(ONLY_LEFT_IN, check);

fn check(written: &Written<'_>, diagnostics: &mut Diagnostics) {
    for test in tests(written) {
        let Some(only) = test.only else { continue };
        let start = Span::new(only.file, only.start as usize, only.start as usize);
        diagnostics.push(
            Diagnostic::new(ONLY_LEFT_IN, "`only` leaves the other tests out")
                .label(only, "for this moment alone?")
                .help("take `only` away before others run this pipeline")
                .suggestion("take it out", start, "/-"),
        );
    }
}
