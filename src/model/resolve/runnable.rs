use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use indexmap::IndexMap;

use super::merged::Merged;
use super::resolution::Part;
use super::resolver::Resolver;
use super::resource::declared_name;
use super::text::Site;
use crate::ast;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::codes::services::{DUPLICATE_HOST_PORT, DUPLICATE_PORT, ISOLATED_SERVICE};
use crate::model::{HealthTest, Name, Port, Protocol, Restart, Runnable, Service};
use crate::source::Span;

/// Who publishes a port of the host: at which address, where that stands, and the service.
type Publisher<'a> = (IpAddr, Span, &'a str);

/// How often a service is started again at most, where nobody says.
const RESTARTS: u32 = 5;
/// The pause before the first time, where nobody says.
const BACKOFF: Duration = Duration::from_millis(500);

impl Resolver<'_> {
    /// Services, stages and acceptances, in the order of the file, and the instances of each stage with a matrix; what cannot be
    /// resolved is left out.
    pub fn runnables(&mut self) -> (IndexMap<Name, Runnable>, IndexMap<Name, Vec<Name>>) {
        let declared: Vec<&ast::Runnable> = self.declared.runnables.values().copied().collect();
        let mut resolved: IndexMap<Name, Vec<Runnable>> = IndexMap::new();
        for runnable in declared {
            let found = self.runnable(runnable);
            if !found.is_empty() {
                resolved.insert(Name::new(runnable.name().value.as_str()), found);
            }
        }
        self.host_ports_are_free();
        self.needs_have_no_cycle(&resolved);
        self.always_stands_last(&resolved);
        self.inputs_are_produced(&mut resolved);
        self.with_instances(resolved)
    }

    /// One of them, its instances where it has a matrix; what it leads to besides is kept as its part.
    pub fn runnable(&mut self, runnable: &ast::Runnable) -> Vec<Runnable> {
        let around = (std::mem::take(&mut self.diagnostics), std::mem::replace(&mut self.complete, true));
        let (references, guesses) = (self.references.len(), self.declared.guesses_taken());
        self.implied.clear();
        let found: Vec<Runnable> = match runnable {
            ast::Runnable::Service(service) => self.service(service).map(Runnable::Service).into_iter().collect(),
            ast::Runnable::Stage(stage) => self.stages(stage).into_iter().map(Runnable::Stage).collect(),
            ast::Runnable::Acceptance(acceptance) => vec![Runnable::Acceptance(self.acceptance(acceptance))],
        };
        let part = Part {
            told: std::mem::replace(&mut self.diagnostics, around.0),
            references: references..self.references.len(),
            complete: std::mem::replace(&mut self.complete, around.1) && !found.is_empty(),
            guesses: self.declared.guesses_taken() - guesses,
        };
        self.parts.insert(Name::new(runnable.name().value.as_str()), part);
        found
    }

    fn service(&mut self, service: &ast::Service) -> Option<Service> {
        let merged = self.templates.merged.get(service.name.value.as_str())?.clone();
        let container = self.container(&merged.settings, Site::Container(Some(&service.name.value)), false);
        let numbers = merged.port_numbers();
        let healthcheck = match &merged.healthcheck {
            Some(check) => match self.healthcheck(&service.name, check, &numbers) {
                Some(check) => Some(check),
                None => {
                    self.incomplete();
                    None
                }
            },
            None => None,
        };
        let needs = self.needs_of(Some(&service.name), &merged.settings.needs, &merged.settings.after, &[]);
        if merged.settings.image.is_none() && !merged.partial {
            self.missing_image("service", &service.name);
        }
        self.ports_are_published_once(&merged);
        if let Some(isolated) = merged.settings.isolated {
            self.isolated(&merged, healthcheck.as_ref().map(|check| (&check.test, check.span)), isolated);
        }
        Some(Service {
            name: declared_name(&service.name),
            container: container?,
            needs,
            healthcheck,
            ports: merged.ports.iter().map(port).collect(),
            keep: merged.keep.is_some_and(|keep| keep.value),
            restart: merged.restart.as_ref().map(restart),
            span: service.span,
        })
    }

    /// Tells of what a service without network cannot have.
    fn isolated(&mut self, merged: &Merged, check: Option<(&HealthTest, Span)>, isolated: Span) {
        let port = merged.ports.first().map(|port| ("a published port", port.span));
        let check = check.and_then(|(test, span)| {
            matches!(test, HealthTest::Http { .. } | HealthTest::Tcp { .. })
                .then_some(("a healthcheck over the network", span))
        });
        for (what, span) in [port, check].into_iter().flatten() {
            self.report(
                Diagnostic::new(ISOLATED_SERVICE, format!("a container without network has no use for {what}"))
                    .label(span, "cannot be reached")
                    .label(isolated, "no network")
                    .help("take one of the two away"),
            );
        }
    }

    /// Tells of a port that is published twice on free ports of the host, so that nobody could tell which one is meant.
    fn ports_are_published_once(&mut self, merged: &Merged) {
        let mut seen: HashMap<(Protocol, u16, IpAddr), Span> = HashMap::new();
        for written in merged.ports.iter().filter(|port| port.host.is_none()) {
            let key = (written.protocol, written.container.value, port(written).bind);
            match seen.get(&key) {
                Some(first) => self.report(
                    Diagnostic::new(
                        DUPLICATE_PORT,
                        format!("port {} is published twice on a free port of the host", written.container.value),
                    )
                    .label(written.container.span, "again")
                    .label(*first, "first")
                    .help("take one of the two away"),
                ),
                None => drop(seen.insert(key, written.container.span)),
            }
        }
    }

    /// Tells of a port of the host that two services publish, at addresses that overlap.
    fn host_ports_are_free(&mut self) {
        let mut taken: HashMap<(Protocol, u16), Vec<Publisher<'_>>> = HashMap::new();
        let mut clashes = Vec::new();
        let published = self.declared.runnables.keys().flat_map(|name| {
            let ports = self.templates.merged.get(*name).map(|merged| merged.ports.as_slice()).unwrap_or_default();
            ports.iter().map(move |port| (*name, port))
        });
        for (service, published) in published {
            let Some(host) = published.host else { continue };
            let bind = port(published).bind;
            let others = taken.entry((published.protocol, host.value)).or_default();
            let overlaps = |other: &IpAddr| *other == bind || other.is_unspecified() || bind.is_unspecified();
            if let Some((_, span, other)) = others.iter().find(|(other, _, _)| overlaps(other)) {
                // Users of one template publish it at the same place of the text; then their names are shown.
                let places = if *span == host.span {
                    [self.declared.runnables[service].name().span, self.declared.runnables[other].name().span]
                } else {
                    [host.span, *span]
                };
                let diagnostic =
                    Diagnostic::new(DUPLICATE_HOST_PORT, format!("port {} of the host is published twice", host.value))
                        .label(places[0], format!("by `{service}`"))
                        .label(places[1], format!("by `{other}`"))
                        .help(format!("leave the host's port to pipe: `port {}`", published.container.value));
                clashes.push(diagnostic);
            }
            others.push((bind, host.span, service));
        }
        for clash in clashes {
            self.report(clash);
        }
    }
}

fn restart(written: &ast::Restart) -> Restart {
    Restart {
        policy: written.policy.value,
        max: written.max.map_or(RESTARTS, |max| max.value),
        backoff: written.backoff.map_or(BACKOFF, |backoff| backoff.value),
    }
}

fn port(port: &ast::Port) -> Port {
    Port {
        container: port.container,
        host: port.host,
        protocol: port.protocol,
        bind: port.bind.map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |bind| bind.value),
    }
}
