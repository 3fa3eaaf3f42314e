use crate::diagnostic::codes::services::STATIC_HOST_PORT;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lint::{Rule, Subject};
use crate::model::Runnable;

/// A port of the host that the file chooses: two runs at once cannot both have it.
pub(super) const RULE: Rule = Rule::meant(STATIC_HOST_PORT, check);

fn check(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for runnable in subject.pipeline.runnables().values() {
        let Runnable::Service(service) = runnable else { continue };
        for port in &service.ports {
            if let Some(host) = port.host {
                diagnostics.push(
                    Diagnostic::new(
                        STATIC_HOST_PORT,
                        format!("port {} of the host can serve one run at a time", host.value),
                    )
                    .label(host.span, "chosen here")
                    .help(format!(
                        "write `port {}`, and read the port from `{{{{{}.url}}}}` or `pipe port`",
                        port.container.value, service.name.value
                    )),
                );
            }
        }
    }
}
