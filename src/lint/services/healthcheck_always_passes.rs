use crate::ast::HealthTest;
use crate::diagnostic::codes::services::HEALTHCHECK_ALWAYS_PASSES;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lint::{Rule, Written};

/// A healthcheck that passes whatever happens: what waits for it waits for nothing.
pub(super) const RULE: Rule = Rule::written(HEALTHCHECK_ALWAYS_PASSES, check);

fn check(written: &Written<'_>, diagnostics: &mut Diagnostics) {
    for healthcheck in written.healthchecks() {
        let (place, evidence) = match &healthcheck.test {
            Some(HealthTest::Shell { script: line, .. }) => {
                let text = line.value.trim().trim_end_matches(';').trim_end();
                let is_constant = matches!(text, "true" | ":" | "exit 0");
                let is_saved =
                    ["|| true", "|| :", "|| exit 0", "; true", "; exit 0"].iter().any(|end| text.ends_with(end));
                match (is_constant, is_saved) {
                    (true, _) => (line.span, "passes at once"),
                    (_, true) => (line.span, "ends in success"),
                    _ => continue,
                }
            }
            Some(HealthTest::Command(words)) => match words.words.as_slice() {
                [word] if matches!(word.value.as_str(), "true" | "/bin/true") => (word.span, "passes at once"),
                _ => continue,
            },
            _ => continue,
        };
        diagnostics.push(
            Diagnostic::new(HEALTHCHECK_ALWAYS_PASSES, "this healthcheck passes whatever the service does")
                .label(place, evidence)
                .help("write what shows that it works: `healthcheck http=\"/health\"`, `healthcheck tcp=PORT`; or `healthcheck none`"),
        );
    }
}
