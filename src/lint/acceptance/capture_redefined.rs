use std::collections::HashMap;

use super::tour::acceptances;
use crate::ast::Step;
use crate::diagnostic::codes::acceptance::CAPTURE_REDEFINED;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lint::{Rule, Written};
use crate::source::Span;

/// A name that is captured twice: which value a later probe sees depends on where it stands.
pub(super) const RULE: Rule = Rule::written(CAPTURE_REDEFINED, check);

fn check(written: &Written<'_>, diagnostics: &mut Diagnostics) {
    for acceptance in acceptances(written) {
        let mut before = HashMap::new();
        look(&acceptance.before_all, &mut before, diagnostics);
        look(&acceptance.setup, &mut before, diagnostics);
        for test in &acceptance.tests {
            look_after(&before, &test.steps, diagnostics);
        }
        look_after(&before, &acceptance.teardown, diagnostics);
    }
}

/// Steps that know what was captured before them, without a copy of it for each list.
fn look_after<'a>(before: &HashMap<&'a str, Span>, steps: &'a [Step], diagnostics: &mut Diagnostics) {
    let names = steps.iter().flat_map(Step::captures).map(|capture| capture.name.value.as_str());
    let mut known = names.filter_map(|name| Some((name, *before.get(name)?))).collect();
    look(steps, &mut known, diagnostics);
}

fn look<'a>(steps: &'a [Step], known: &mut HashMap<&'a str, Span>, diagnostics: &mut Diagnostics) {
    for capture in steps.iter().flat_map(Step::captures) {
        if let Some(first) = known.insert(&capture.name.value, capture.name.span) {
            diagnostics.push(
                Diagnostic::new(CAPTURE_REDEFINED, format!("`{}` is captured twice", capture.name.value))
                    .label(capture.name.span, "again here")
                    .label(first, "first here")
                    .help("give one of the two another name"),
            );
        }
    }
}
