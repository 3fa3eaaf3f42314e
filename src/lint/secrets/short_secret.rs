use crate::diagnostic::codes::secrets::SHORT_SECRET;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lint::{Rule, Written};

/// A secret of a few characters: masking them would tear holes into every log, and not masking them shows it.
pub(super) const RULE: Rule = Rule::written(SHORT_SECRET, check);

/// The fewest characters that can be told apart from ordinary text.
const LEAST: usize = 4;

fn check(written: &Written<'_>, diagnostics: &mut Diagnostics) {
    for secret in &written.spec.secrets {
        let Some(default) = secret.default.as_ref().filter(|default| default.value.chars().count() < LEAST) else {
            continue;
        };
        let count = default.value.chars().count();
        diagnostics.push(
            Diagnostic::new(
                SHORT_SECRET,
                format!("the default of secret `{}` has {count} characters", secret.name.value),
            )
            .label(default.span, "found in ordinary words")
            .help(format!("give it {LEAST} characters or more: what is shorter cannot be masked well")),
        );
    }
}
