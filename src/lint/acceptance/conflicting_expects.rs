use std::collections::HashMap;

use super::tour::probes;
use crate::ast::{CheckStrength, Operand, Predicate, PredicateKind};
use crate::diagnostic::codes::acceptance::CONFLICTING_EXPECTS;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lint::{Rule, Written};
use crate::source::Span;

/// Two expectations of one thing that no answer meets together: `equals 1` and `equals 2`, `gt 5` and `lt 3`.
pub(super) const RULE: Rule = Rule::written(CONFLICTING_EXPECTS, check);

fn check(written: &Written<'_>, diagnostics: &mut Diagnostics) {
    for probe in probes(written) {
        let mut seen: HashMap<String, Seen> = HashMap::new();
        for check in probe.checks.iter().filter(|check| check.strength != CheckStrength::StopIf) {
            let looked_at = format!("{:?}", check.query.map(&mut |text, _| text.value.clone()));
            let seen = seen.entry(looked_at).or_default();
            for predicate in check.direct() {
                if let Some(other) = seen.conflict(predicate) {
                    diagnostics.push(
                        Diagnostic::new(
                            CONFLICTING_EXPECTS,
                            format!("no `{}` is as both of these say", check.query.word()),
                        )
                        .label(predicate.span, "and this")
                        .label(other, "this")
                        .help("keep one of the two"),
                    );
                }
            }
        }
    }
}

/// What was expected of one thing so far.
#[derive(Default)]
struct Seen {
    equal: Option<(Operand<String>, Span)>,
    count: Option<(u64, Span)>,
    least: Option<(Bound, Span)>,
    most: Option<(Bound, Span)>,
    /// Predicates by their kind and value, and whether they were negated.
    same: HashMap<String, (bool, Span)>,
}

/// A number, and whether it is itself left out.
#[derive(Clone, Copy)]
struct Bound {
    number: f64,
    open: bool,
}

impl Seen {
    /// The place of what `predicate` cannot be met with; else it is noted.
    fn conflict(&mut self, predicate: &Predicate) -> Option<Span> {
        let plain = predicate.map(&mut |text, _| text.value.clone());
        let (kind, span) = (plain.kind, predicate.span);
        let text = format!("{kind:?}");
        if text.contains("{{") {
            return None;
        }
        let (negated, first) = *self.same.entry(text).or_insert((predicate.not, span));
        if negated != predicate.not {
            return Some(first);
        }
        if predicate.not {
            return None;
        }
        let closed = |number| Bound { number, open: false };
        let open = |number| Bound { number, open: true };
        match kind {
            PredicateKind::Equals(operand) => {
                if let Some((other, first)) = &self.equal
                    && other != &operand
                {
                    return Some(*first);
                }
                let number = match operand {
                    Operand::Number(number) => Some(number),
                    _ => None,
                };
                self.equal.get_or_insert((operand, span));
                number.and_then(|number| self.between(Some(closed(number)), Some(closed(number)), span))
            }
            PredicateKind::Count(count) => {
                let (other, first) = *self.count.get_or_insert((count, span));
                (other != count).then_some(first)
            }
            PredicateKind::Gt(number) => self.between(Some(open(number)), None, span),
            PredicateKind::Ge(number) => self.between(Some(closed(number)), None, span),
            PredicateKind::Lt(number) => self.between(None, Some(open(number)), span),
            PredicateKind::Le(number) => self.between(None, Some(closed(number)), span),
            PredicateKind::Between(least, most) if least <= most => {
                self.between(Some(closed(least)), Some(closed(most)), span)
            }
            _ => None,
        }
    }

    /// Narrows what a number may be; the place of the bound that leaves nothing.
    fn between(&mut self, least: Option<Bound>, most: Option<Bound>, span: Span) -> Option<Span> {
        let crossed = |least: Bound, most: Bound| {
            least.number > most.number || (least.number == most.number && (least.open || most.open))
        };
        if let (Some(least), Some((most, first))) = (least, self.most)
            && crossed(least, most)
        {
            return Some(first);
        }
        if let (Some(most), Some((least, first))) = (most, self.least)
            && crossed(least, most)
        {
            return Some(first);
        }
        if let Some(bound) = least
            && self.least.is_none_or(|(known, _)| bound.number > known.number)
        {
            self.least = Some((bound, span));
        }
        if let Some(bound) = most
            && self.most.is_none_or(|(known, _)| bound.number < known.number)
        {
            self.most = Some((bound, span));
        }
        None
    }
}
