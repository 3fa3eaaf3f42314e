use crate::ast::Runnable;
use crate::diagnostic::codes::services::TIMEOUT_ORDER;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lint::{Rule, Written};

/// A time-out longer than that of the whole pipeline: it can never run out.
pub(super) const RULE: Rule = Rule::written(TIMEOUT_ORDER, check);

fn check(written: &Written<'_>, diagnostics: &mut Diagnostics) {
    let Some(whole) = written.spec.header.as_ref().and_then(|header| header.timeout.as_ref()) else { return };
    let acceptances = written.spec.runnables.iter().filter_map(|runnable| match runnable {
        Runnable::Acceptance(acceptance) => acceptance.timeout.as_ref(),
        _ => None,
    });
    let timeouts = written.settings().filter_map(|settings| settings.timeout.as_ref()).chain(acceptances);
    for timeout in timeouts.filter(|timeout| timeout.value >= whole.value) {
        diagnostics.push(
            Diagnostic::new(TIMEOUT_ORDER, "this time-out can never run out: the pipeline's own comes first")
                .label(timeout.span, "not shorter")
                .label(whole.span, "the whole run")
                .help("make it shorter than the pipeline's, or the pipeline's longer"),
        );
    }
    for healthcheck in written.healthchecks() {
        let set = [&healthcheck.start_period, &healthcheck.interval, &healthcheck.timeout];
        let Some(long) = set.into_iter().flatten().find(|time| time.value >= whole.value) else { continue };
        diagnostics.push(
            Diagnostic::new(TIMEOUT_ORDER, "the pipeline's time-out comes before this has passed once")
                .label(long.span, "not shorter")
                .label(whole.span, "the whole run")
                .help("make it shorter than the pipeline's, or the pipeline's longer"),
        );
    }
}
