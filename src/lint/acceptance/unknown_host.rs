use super::tour::{probes, requests};
use super::url::Authority;
use crate::ast::{Look, Runnable, inside};
use crate::diagnostic::codes::acceptance::UNKNOWN_HOST;
use crate::diagnostic::{Diagnostic, Diagnostics, near};
use crate::lint::{Rule, Written};

/// A host that is a service, or nearly one: tests ask from outside of the run's network, where its names mean nothing.
pub(super) const RULE: Rule = Rule::across(UNKNOWN_HOST, check);

/// How many hosts are compared with the services: enough for a person, too few to take long.
const MOST: usize = 50;

fn check(written: &Written<'_>, diagnostics: &mut Diagnostics) {
    let services: Vec<&str> = written
        .spec
        .runnables
        .iter()
        .filter_map(|runnable| match runnable {
            Runnable::Service(service) => Some(service.name.value.as_str()),
            _ => None,
        })
        .collect();
    let known: std::collections::HashSet<&str> = services.iter().copied().collect();
    let mut compared = 0;
    for (_, request) in requests(written) {
        let url = &request.url;
        let Some(authority) = Authority::of(&url.value) else { continue };
        let place = |at| inside(written.files, url.span, &url.value, at);
        if known.contains(authority.host) {
            let hole = format!("{{{{{}.url}}}}", authority.host);
            diagnostics.push(
                Diagnostic::new(UNKNOWN_HOST, format!("`{}` is a name of the run's network alone", authority.host))
                    .label(place(authority.host_at()), "tests ask from outside")
                    .help(format!("write `{hole}`, where it is reached from outside"))
                    .suggestion(format!("write `{hole}`"), place(0..authority.end), hole),
            );
        } else if !authority.host.contains('.') && authority.host != "localhost" && compared < MOST {
            compared += 1;
            let misses = near(authority.host, services.iter().copied());
            let [only] = misses.as_slice() else { continue };
            let hole = format!("{{{{{only}.url}}}}");
            diagnostics.push(
                Diagnostic::new(UNKNOWN_HOST, format!("`{}` is no service", authority.host))
                    .label(place(authority.host_at()), "unknown host")
                    .help(format!("did you mean `{hole}`?"))
                    .suggestion(format!("write `{hole}`"), place(0..authority.end), hole),
            );
        }
    }
    for probe in probes(written) {
        let Look::Dns { name, .. } = &probe.look else { continue };
        if name.value.contains(['.', '{']) || known.contains(name.value.as_str()) || compared >= MOST {
            continue;
        }
        compared += 1;
        let misses = near(&name.value, services.iter().copied());
        let [only] = misses.as_slice() else { continue };
        diagnostics.push(
            Diagnostic::new(UNKNOWN_HOST, format!("`{}` is no service", name.value))
                .label(name.span, "unknown host")
                .help(format!("did you mean `{only}`?"))
                .suggestion(format!("write `{only}`"), name.span, *only),
        );
    }
}
