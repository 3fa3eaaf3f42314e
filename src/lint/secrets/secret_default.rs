use crate::diagnostic::codes::secrets::SECRET_DEFAULT;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lint::{Rule, Written};

/// A secret whose default stands in the file for everyone to read.
pub(super) const RULE: Rule = Rule::written(SECRET_DEFAULT, check);

fn check(subject: &Written<'_>, diagnostics: &mut Diagnostics) {
    for secret in &subject.spec.secrets {
        if let Some(default) = &secret.default {
            diagnostics.push(
                Diagnostic::new(
                    SECRET_DEFAULT,
                    format!("secret `{}` has a default that anyone can read", secret.name.value),
                )
                .label(default.span, "stands in the file")
                .help("take the default away where the secret guards anything"),
            );
        }
    }
}
