use crate::diagnostic::codes::services::PUBLIC_PORT;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lint::{Rule, Written};

/// A port bound to all addresses of the host: whoever reaches the machine reaches the service.
pub(super) const RULE: Rule = Rule::written(PUBLIC_PORT, check);

fn check(written: &Written<'_>, diagnostics: &mut Diagnostics) {
    for port in written.ports() {
        let Some(bind) = port.bind.as_ref().filter(|bind| bind.value.is_unspecified()) else { continue };
        diagnostics.push(
            Diagnostic::new(
                PUBLIC_PORT,
                format!("port {} can be reached from the whole network", port.container.value),
            )
            .label(bind.span, "all addresses")
            .help("leave the address out: ports are published on 127.0.0.1 alone")
            .note("the engine opens it past the firewall of most hosts"),
        );
    }
}
