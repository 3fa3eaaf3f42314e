use super::tour::steps;
use crate::ast::Step;
use crate::diagnostic::codes::acceptance::POLL_TOO_SLOW;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lint::{Rule, Written};

/// `eventually within="5s" every="10s"`: there is one try alone.
pub(super) const RULE: Rule = Rule::written(POLL_TOO_SLOW, check);

fn check(written: &Written<'_>, diagnostics: &mut Diagnostics) {
    for step in steps(written) {
        let Step::Wait(wait) = step else { continue };
        let (Some(limit), Some(every)) = (wait.limit, wait.every) else { continue };
        if every.value < limit.value {
            continue;
        }
        diagnostics.push(
            Diagnostic::new(POLL_TOO_SLOW, format!("`{}` tries once alone", wait.kind.word()))
                .label(every.span, "between two tries")
                .label(limit.span, "for all of them")
                .help("make `every` a small part of that time, such as `every=\"500ms\"`"),
        );
    }
}
