use super::tour::requests;
use crate::ast::{Fact, Operand, PredicateKind, Query};
use crate::diagnostic::codes::acceptance::NO_BODY;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lint::{Rule, Written};
use crate::source::Span;

/// Something that is looked for in the body of an answer that has none: to `HEAD`, or with the status 204 or 304.
pub(super) const RULE: Rule = Rule::written(NO_BODY, check);

fn check(written: &Written<'_>, diagnostics: &mut Diagnostics) {
    for (probe, request) in requests(written) {
        let head = (request.method.value == "HEAD").then_some((request.method.span, "answered without a body"));
        let Some((why, label)) = head.or_else(|| status_without_body(probe)) else { continue };
        let queries = probe.checks.iter().map(|check| (&check.query, check.looked_at));
        let captures = probe.captures.iter().map(|capture| (&capture.query, capture.span));
        for (query, span) in queries.chain(captures) {
            if matches!(query, Query::Json(_) | Query::Xml(_) | Query::Regex(_)) {
                diagnostics.push(
                    Diagnostic::new(NO_BODY, format!("there is no body for `{}` to look at", query.word()))
                        .label(span, "finds nothing")
                        .label(why, label)
                        .help("look at a header instead, or ask for an answer that has a body"),
                );
            }
        }
    }
}

fn status_without_body(probe: &crate::ast::Probe) -> Option<(Span, &'static str)> {
    let statuses = probe.checks.iter().filter(|check| check.query == Query::Fact(Fact::Status));
    let mut predicates = statuses.flat_map(|check| check.direct());
    let found = predicates.find(|predicate| {
        let is_empty = |code: f64| code == 204.0 || code == 304.0;
        !predicate.not && matches!(predicate.kind, PredicateKind::Equals(Operand::Number(code)) if is_empty(code))
    });
    found.map(|predicate| (predicate.span, "has no body"))
}
