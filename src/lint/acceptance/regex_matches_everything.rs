use super::tour::{checks, predicates};
use crate::ast::PredicateKind;
use crate::diagnostic::codes::acceptance::REGEX_MATCHES_EVERYTHING;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lint::{Rule, Written};

/// `matches=".*"`: any text passes.
pub(super) const RULE: Rule = Rule::written(REGEX_MATCHES_EVERYTHING, check);

fn check(written: &Written<'_>, diagnostics: &mut Diagnostics) {
    for predicate in checks(written).flat_map(predicates) {
        let PredicateKind::Matches(pattern) = &predicate.kind else { continue };
        if matches_everything(&pattern.value) {
            diagnostics.push(
                Diagnostic::new(REGEX_MATCHES_EVERYTHING, format!("`{}` matches any text", pattern.value))
                    .label(pattern.span, "asks for nothing")
                    .help("write what must stand there, or `exists=#true` where anything will do"),
            );
        }
    }
}

/// Whether an expression is made of anchors and of “anything, any number of times”.
fn matches_everything(pattern: &str) -> bool {
    let mut rest = pattern.strip_prefix("(?s)").unwrap_or(pattern);
    rest = rest.strip_prefix('^').unwrap_or(rest);
    while let Some(after) = [".*?", ".*", "[\\s\\S]*", "(.*)"].iter().find_map(|all| rest.strip_prefix(all)) {
        rest = after;
    }
    let ends = rest.strip_suffix('$').unwrap_or(rest);
    // `^$` is the empty text, and `a$` something in particular.
    ends.is_empty() && pattern != "^$"
}

#[cfg(test)]
mod tests {
    use super::matches_everything;

    #[test]
    fn what_asks_for_something_is_left_alone() {
        for all in ["", ".*", "^.*$", "^", "$", ".*?", "(?s).*", "(.*)", "[\\s\\S]*"] {
            assert!(matches_everything(all), "{all}");
        }
        for some in [".+", "^$", "a", ".*a", "^a", "\\d*", "a$", ".", "(.+)"] {
            assert!(!matches_everything(some), "{some}");
        }
    }
}
