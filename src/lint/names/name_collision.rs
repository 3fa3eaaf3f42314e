use std::collections::HashMap;

use crate::diagnostic::codes::names::NAME_COLLISION;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lint::{Rule, Written};

/// A param and a secret of one name: `{{name}}` shows the one, `(secret)name` hides the other.
///
/// Other kinds may share a name without harm: an image `app` for the service `app` is what people write.
pub(super) const RULE: Rule = Rule::written(NAME_COLLISION, check);

fn check(subject: &Written<'_>, diagnostics: &mut Diagnostics) {
    let params: HashMap<&str, _> =
        subject.spec.params.iter().map(|param| (param.name.value.as_str(), param.name.span)).collect();
    for secret in &subject.spec.secrets {
        let name = &secret.name;
        if let Some(param) = params.get(name.value.as_str()) {
            diagnostics.push(
                Diagnostic::new(NAME_COLLISION, format!("a param and a secret are both called `{}`", name.value))
                    .label(name.span, "the secret")
                    .label(*param, "the param")
                    .help("give one of them another name, or take the param away")
                    .note(format!("`{{{{{0}}}}}` is the param, and is shown; `(secret){0}` is the secret", name.value)),
            );
        }
    }
}
