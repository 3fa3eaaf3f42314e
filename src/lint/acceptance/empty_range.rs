use super::tour::{checks, predicates};
use crate::ast::PredicateKind;
use crate::diagnostic::codes::acceptance::EMPTY_RANGE;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lint::{Rule, Written};
use crate::source::Span;

/// `between 300 200`: no number lies there.
pub(super) const RULE: Rule = Rule::written(EMPTY_RANGE, check);

fn check(written: &Written<'_>, diagnostics: &mut Diagnostics) {
    for predicate in checks(written).flat_map(predicates) {
        let PredicateKind::Between(least, most) = &predicate.kind else { continue };
        if least > most {
            let text = written.files.slice(predicate.span).trim_end();
            let start = predicate.span.start as usize;
            let span = Span::new(predicate.span.file, start, start + text.len());
            let mended = format!("between {most} {least}");
            diagnostics.push(
                Diagnostic::new(EMPTY_RANGE, format!("no number lies between {least} and {most}"))
                    .label(span, "the least comes first")
                    .help(format!("write `{mended}`"))
                    .fix("put the least first", span, mended),
            );
        }
    }
}
