use std::collections::{HashMap, HashSet};

use super::tour::acceptances;
use super::url::Authority;
use crate::ast::{Look, Runnable, Step, inside};
use crate::diagnostic::codes::acceptance::LOCALHOST_IN_TEST;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lint::{Rule, Written};

/// `http://localhost:8000` where a service has that port in its container: outside it has another one, in each run.
pub(super) const RULE: Rule = Rule::written(LOCALHOST_IN_TEST, check);

fn check(written: &Written<'_>, diagnostics: &mut Diagnostics) {
    let mut inner: HashMap<u16, Vec<&str>> = HashMap::new();
    let mut outer: HashSet<u16> = HashSet::new();
    for runnable in &written.spec.runnables {
        let Runnable::Service(service) = runnable else { continue };
        for port in &service.ports {
            inner.entry(port.container.value).or_default().push(&service.name.value);
            outer.extend(port.host.map(|host| host.value));
        }
    }
    for acceptance in acceptances(written) {
        let target = acceptance.target.as_ref().map(|target| target.service.value.as_str());
        let steps =
            acceptance.around().into_iter().flatten().chain(acceptance.tests.iter().flat_map(|test| &test.steps));
        for probe in steps.flat_map(Step::probes) {
            let Look::Http(request) = &probe.look else { continue };
            let url = &request.url;
            let Some(authority) = Authority::of(&url.value) else { continue };
            if !matches!(authority.host, "localhost" | "127.0.0.1" | "[::1]" | "0.0.0.0")
                || outer.contains(&authority.port)
            {
                continue;
            }
            let Some(services) = inner.get(&authority.port) else { continue };
            let place = |at| inside(written.files, url.span, &url.value, at);
            let diagnostic = Diagnostic::new(
                LOCALHOST_IN_TEST,
                format!("port {} of this machine is not that of the service", authority.port),
            )
            .label(place(authority.host_at()), "this machine");
            let is_target = target.is_some_and(|target| services.contains(&target));
            let path = &url.value[authority.end..];
            diagnostics.push(match services.as_slice() {
                _ if is_target && path.starts_with('/') => diagnostic
                    .help(format!("write the path alone: `\"{path}\"` goes to the target"))
                    .suggestion("write the path alone", place(0..authority.end), ""),
                [only] => {
                    let hole = format!("{{{{{only}.url}}}}");
                    diagnostic.help(format!("write `{hole}`")).suggestion(
                        format!("write `{hole}`"),
                        place(0..authority.end),
                        hole,
                    )
                }
                _ => diagnostic.help("write `{{SERVICE.url}}`, where it is reached from outside"),
            });
        }
    }
}
