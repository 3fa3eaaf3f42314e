use crate::diagnostic::codes::text::TEXT_LIMIT;
use crate::diagnostic::{Diagnostic, Diagnostics};

/// The most that one analysis tells of. Nobody reads on; a text with more is not a pipeline.
const MOST: usize = 1000;

/// The first [`MOST`] of `diagnostics`, which are in the order of the text, and how many more there are. What is told of them is as
/// grave as the gravest that is left out, so that a pipeline that is refused always says why.
pub(super) fn capped(diagnostics: Diagnostics) -> Diagnostics {
    let total = diagnostics.len();
    if total <= MOST {
        return diagnostics;
    }
    let mut rest = diagnostics.into_iter();
    let mut told: Diagnostics = rest.by_ref().take(MOST).collect();
    let Some(first) = rest.next() else { return told };
    let severity = rest.map(|it| it.severity).fold(first.severity, Ord::max);
    let limit = Diagnostic {
        severity,
        ..Diagnostic::new(TEXT_LIMIT, format!("there are {} more findings, which are not told", total - MOST))
    };
    let limit = limit.help("mend those that are told, and check again");
    told.push(match first.span() {
        Some(span) => limit.label(span, "the next one is here"),
        None => limit,
    });
    told
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Severity;
    use crate::diagnostic::codes::names::{UNKNOWN_REFERENCE, UNUSED_PARAM};

    fn many(count: usize) -> Diagnostics {
        (0..count).map(|at| Diagnostic::new(UNUSED_PARAM, at.to_string())).collect()
    }

    #[test]
    fn what_is_too_much_is_counted() {
        assert_eq!(capped(many(MOST)), many(MOST));
        let told = capped(many(MOST + 3));
        let last = told.iter().last().expect("there are some");
        assert_eq!((told.len(), last.severity), (MOST + 1, UNUSED_PARAM.severity()));
        assert!(last.message.contains("3 more"), "{}", last.message);
    }

    #[test]
    fn an_error_that_is_left_out_is_still_an_error() {
        let mut diagnostics = many(MOST + 1);
        diagnostics.push(Diagnostic::new(UNKNOWN_REFERENCE, "x"));
        assert_eq!(capped(diagnostics).count(Severity::Error), 1);
    }
}
