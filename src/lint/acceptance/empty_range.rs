use super::tour::checks;
use crate::ast::{Link, PredicateKind};
use crate::diagnostic::codes::acceptance::EMPTY_RANGE;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lint::{Rule, Written};
use crate::source::Span;

/// `between 300 200`: no number lies there.
pub(super) const RULE: Rule = Rule::written(EMPTY_RANGE, check);

fn check(written: &Written<'_>, diagnostics: &mut Diagnostics) {
    for check in checks(written) {
        let mut open: Vec<&Link> = check.chain.iter().collect();
        while let Some(link) = open.pop() {
            let Link::Predicate(predicate) = link else { continue };
            match &predicate.kind {
                PredicateKind::Between(least, most) if least > most => {
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
                PredicateKind::Quantified(_, chain) | PredicateKind::Not(chain) => open.extend(chain),
                _ => {}
            }
        }
    }
}
