use super::tour::requests;
use crate::ast::{Fact, Operand, PredicateKind, Query};
use crate::diagnostic::codes::acceptance::HIDDEN_REDIRECT;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lint::{Rule, Written};

/// A redirect that is expected of a request that follows redirects: what is looked at is the answer behind it.
pub(super) const RULE: Rule = Rule::written(HIDDEN_REDIRECT, check);

fn check(written: &Written<'_>, diagnostics: &mut Diagnostics) {
    for (probe, request) in requests(written) {
        let Some(follow) = request.follow.filter(|follow| follow.value) else { continue };
        let statuses = probe.checks.iter().filter(|check| check.query == Query::Fact(Fact::Status));
        for predicate in statuses.flat_map(|check| check.direct()).filter(|predicate| !predicate.not) {
            let PredicateKind::Equals(Operand::Number(code)) = predicate.kind else { continue };
            if ![301.0, 302.0, 303.0, 307.0, 308.0].contains(&code) {
                continue;
            }
            diagnostics.push(
                Diagnostic::new(HIDDEN_REDIRECT, format!("the redirect {code} is followed, and not seen"))
                    .label(predicate.span, "never the last answer")
                    .label(follow.span, "follows it")
                    .help("take `follow=#true` away, or expect what is behind the redirect"),
            );
        }
    }
}
