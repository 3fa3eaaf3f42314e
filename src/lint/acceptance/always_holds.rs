use super::tour::checks;
use crate::ast::{Check, Fact, FactType, Operand, Predicate, PredicateKind, Query};
use crate::diagnostic::codes::acceptance::ALWAYS_HOLDS;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lint::{Rule, Written};

/// `contains=""`, `size ge=0`: what every answer keeps promises nothing.
pub(super) const RULE: Rule = Rule::written(ALWAYS_HOLDS, check);

fn check(written: &Written<'_>, diagnostics: &mut Diagnostics) {
    for check in checks(written) {
        for predicate in check.direct() {
            let Some(why) = why(check, predicate) else { continue };
            let holds = if predicate.not { "never" } else { "always" };
            diagnostics.push(
                Diagnostic::new(ALWAYS_HOLDS, format!("this {holds} holds of `{}`", check.query.word()))
                    .label(predicate.span, why)
                    .help("say what is expected in particular, or take it away"),
            );
        }
    }
}

fn why(check: &Check, predicate: &Predicate) -> Option<&'static str> {
    let is_empty = |text: &str| text.is_empty();
    match &predicate.kind {
        PredicateKind::Contains(Operand::Text(text)) if is_empty(&text.value) => Some("every text has it"),
        PredicateKind::StartsWith(text) | PredicateKind::EndsWith(text) if is_empty(&text.value) => {
            Some("every text does")
        }
        PredicateKind::Ge(bound) if *bound <= 0.0 && is_never_negative(&check.query) => Some("never less than 0"),
        PredicateKind::Gt(bound) if *bound < 0.0 && is_never_negative(&check.query) => Some("never less than 0"),
        PredicateKind::Exists if check.query == Query::Fact(Fact::Status) => Some("every answer has one"),
        _ => None,
    }
}

fn is_never_negative(query: &Query) -> bool {
    query.finds() == Some(FactType::Number) && !matches!(query, Query::Fact(Fact::Exit | Fact::ExitCode))
}
