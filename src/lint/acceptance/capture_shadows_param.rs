use std::collections::HashMap;

use super::tour::steps;
use crate::ast::Step;
use crate::diagnostic::codes::acceptance::CAPTURE_SHADOWS_PARAM;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lint::{Rule, Written};

/// A capture that is called as a param is: `{{name}}` means one before it and the other after it.
pub(super) const RULE: Rule = Rule::written(CAPTURE_SHADOWS_PARAM, check);

fn check(written: &Written<'_>, diagnostics: &mut Diagnostics) {
    let params: HashMap<&str, _> =
        written.spec.params.iter().map(|param| (param.name.value.as_str(), param.name.span)).collect();
    for capture in steps(written).flat_map(Step::captures) {
        let Some(param) = params.get(capture.name.value.as_str()) else { continue };
        diagnostics.push(
            Diagnostic::new(CAPTURE_SHADOWS_PARAM, format!("capture `{}` hides the param", capture.name.value))
                .label(capture.name.span, "captured here")
                .label(*param, "the param")
                .help("give the capture another name"),
        );
    }
}
