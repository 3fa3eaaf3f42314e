use std::collections::{BTreeMap, HashSet};

use crate::diagnostic::codes::services::LOCALHOST_IN_CONTAINER;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lint::{Rule, Subject};
use crate::model::{Command, Container, EnvValue, HealthTest, Runnable, Text};

/// `localhost:5432` in a container that needs a service with that port: `localhost` is the container itself.
pub(super) const RULE: Rule = Rule::meant(LOCALHOST_IN_CONTAINER, check);

fn check(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let runnables = subject.pipeline.runnables();
    let mut seen = HashSet::new();
    for runnable in runnables.values() {
        let Some(container) = runnable.container() else { continue };
        let needed = runnable.needs().iter().filter_map(|need| match runnables.get(&need.on) {
            Some(Runnable::Service(service)) => Some(service),
            _ => None,
        });
        let mut ports: BTreeMap<u16, Option<&str>> = BTreeMap::new();
        for service in needed {
            let checked = service.healthcheck.as_ref().and_then(|check| match check.test {
                HealthTest::Http { port, .. } | HealthTest::Tcp { port } => Some(port),
                _ => None,
            });
            for port in service.ports.iter().map(|port| port.container.value).chain(checked) {
                // Two services with one port: neither is meant for sure.
                let name = service.name.value.as_str();
                ports
                    .entry(port)
                    .and_modify(|known| *known = known.filter(|known| *known == name))
                    .or_insert(Some(name));
            }
        }
        if ports.is_empty() || container.networks.iter().any(|network| network.name.value.as_str() == "host") {
            continue;
        }
        let own: Vec<u16> = match runnable {
            Runnable::Service(service) => service.ports.iter().map(|port| port.container.value).collect(),
            _ => Vec::new(),
        };
        for text in texts(container) {
            let Some(value) = text.as_literal() else { continue };
            for (at, host, port) in addresses(value) {
                let Some(Some(service)) = ports.get(&port) else { continue };
                if own.contains(&port) || starts_server(value) || !seen.insert((text.span, at)) {
                    continue;
                }
                let span = crate::ast::inside(subject.files, text.span, value, at..at + host.len());
                let told = Diagnostic::new(
                    LOCALHOST_IN_CONTAINER,
                    format!("`{host}` is this container itself, and `{service}` listens in its own"),
                )
                .label(span, "not the host")
                .help(format!("write `{service}:{port}`: services are reached by their names"));
                diagnostics.push(if span.len() == host.len() {
                    told.suggestion("name the service", span, *service)
                } else {
                    told
                });
            }
        }
    }
}

/// The texts that reach the container: its command and its variables.
fn texts(container: &Container) -> Vec<&Text> {
    let mut found: Vec<&Text> = match &container.command {
        Some(Command::Exec { words, .. }) => words.iter().collect(),
        Some(Command::Shell { script, .. }) => vec![script],
        None => Vec::new(),
    };
    found.extend(container.env.values().filter_map(|value| match value {
        EnvValue::Text(text) => Some(text),
        EnvValue::Secret(_) => None,
    }));
    found
}

/// Each `localhost:PORT` and `127.0.0.1:PORT` of a text: where, the host, the port.
fn addresses(text: &str) -> Vec<(usize, &str, u16)> {
    let mut found = Vec::new();
    for host in ["localhost:", "127.0.0.1:"] {
        for (at, _) in text.match_indices(host) {
            let digits: String = text[at + host.len()..].chars().take_while(char::is_ascii_digit).collect();
            let begins = !text[..at].ends_with(|c: char| c.is_ascii_alphanumeric() || c == '.' || c == '-');
            if let (true, Ok(port)) = (begins, digits.parse()) {
                found.push((at, &text[at..at + host.len() - 1], port));
            }
        }
    }
    found
}

/// Whether the text may well start what it talks to.
fn starts_server(text: &str) -> bool {
    text.contains(" & ") || text.contains("&\n") || text.contains("--listen") || text.contains("--bind")
}
