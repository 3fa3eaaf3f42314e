use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr};

use indexmap::IndexMap;

use super::merged::Merged;
use super::resolver::Resolver;
use super::resource::declared_name;
use super::text::Site;
use crate::ast;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::codes::services::{DUPLICATE_HOST_PORT, ISOLATED_SERVICE, MISSING_IMAGE};
use crate::model::{Artifact, HealthTest, Name, Piece, Port, Runnable, Service, Stage, Text};
use crate::source::{Span, Spanned};

impl Resolver<'_> {
    /// Services, stages and acceptances, in the order of the file; what cannot be resolved is left out.
    pub fn runnables(&mut self) -> IndexMap<Name, Runnable> {
        let declared: Vec<&ast::Runnable> = self.declared.runnables.values().copied().collect();
        let mut runnables = IndexMap::new();
        for runnable in declared {
            self.implied.clear();
            let resolved = match runnable {
                ast::Runnable::Service(service) => self.service(service).map(Runnable::Service),
                ast::Runnable::Stage(stage) => self.stage(stage).map(Runnable::Stage),
                ast::Runnable::Acceptance(acceptance) => Some(Runnable::Acceptance(self.acceptance(acceptance))),
            };
            match resolved {
                Some(resolved) => {
                    runnables.insert(resolved.name().value.clone(), resolved);
                }
                None => self.incomplete(),
            }
        }
        self.host_ports_are_free();
        runnables
    }

    fn service(&mut self, service: &ast::Service) -> Option<Service> {
        let merged = self.merged.get(service.name.value.as_str())?.clone();
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
        let needs = self.needs_of(&merged.settings.needs, &merged.settings.after);
        if merged.settings.image.is_none() && !merged.partial {
            self.missing_image("service", &service.name);
        }
        if let Some(isolated) = merged.settings.isolated {
            self.isolated(&merged, healthcheck.as_ref().map(|check| (&check.test, check.span)), isolated);
        }
        Some(Service {
            name: declared_name(&service.name),
            container: container?,
            needs,
            healthcheck,
            ports: merged.ports.iter().map(port).collect(),
            keep: service.keep.is_some_and(|keep| keep.value),
            span: service.span,
        })
    }

    fn stage(&mut self, stage: &ast::Stage) -> Option<Stage> {
        let merged = self.merged.get(stage.name.value.as_str())?.clone();
        let settings = &merged.settings;
        let container = self.container(settings, Site::Container(Some(&stage.name.value)), true);
        let site = Site::Container(Some(&stage.name.value));
        let artifacts = stage.artifacts.iter().map(|artifact| self.artifact(artifact, site)).collect::<Vec<_>>();
        let needs = self.needs_of(&settings.needs, &settings.after);
        let runs_something = settings.command.is_some()
            || settings.entrypoint.is_some()
            || !settings.env.is_empty()
            || !settings.mounts.is_empty()
            || !artifacts.is_empty();
        if settings.image.is_none() && runs_something && !merged.partial {
            self.missing_image("stage", &stage.name);
        }
        if settings.image.is_some() && container.is_none() {
            self.incomplete();
        }
        Some(Stage {
            name: declared_name(&stage.name),
            container,
            needs,
            artifacts,
            allow_failure: stage.allow_failure.is_some_and(|allow| allow.value),
            expect_exit: match stage.expect_exit.as_slice() {
                [] => vec![0],
                codes => codes.iter().map(|code| code.value).collect(),
            },
            span: stage.span,
        })
    }

    /// Where an artifact is put, from the pipeline's own directory.
    fn destination(&mut self, artifact: &ast::Artifact, site: Site<'_>) -> Option<Text> {
        let mut to = self.optional_text(artifact.to.as_ref(), site);
        let place = artifact.to.as_ref().map_or(artifact.span, |to| to.span);
        let directory = self.files.get(place.file).directory();
        let is_absolute = artifact.to.as_ref().is_some_and(|to| to.value.starts_with('/'));
        if !directory.as_os_str().is_empty() && !is_absolute {
            let prefix = format!("{}/", directory.display());
            to.get_or_insert(Text { pieces: Vec::new(), span: place }).pieces.insert(0, Piece::Literal(prefix));
        }
        to
    }

    /// What is copied out of a container.
    pub fn artifact(&mut self, artifact: &ast::Artifact, site: Site<'_>) -> Artifact {
        let path = self.text(&artifact.path, site);
        self.must_be_absolute(&path, &artifact.path, "the path of an artifact");
        Artifact {
            path,
            to: self.destination(artifact, site),
            report: artifact.report.map(|report| report.value),
            on: artifact.on.map(|on| on.value).unwrap_or_default(),
            span: artifact.span,
        }
    }

    /// Tells of a container without an image.
    fn missing_image(&mut self, kind: &str, name: &Spanned<String>) {
        self.report(
            Diagnostic::new(MISSING_IMAGE, format!("{kind} `{}` has no image", name.value))
                .label(name.span, "runs in which image?")
                .help("name a declared image, or one of a registry: `image \"busybox:1.35\"`"),
        );
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

    /// Tells of a port of the host that two services publish, at addresses that overlap.
    fn host_ports_are_free(&mut self) {
        let mut taken: HashMap<u16, Vec<(IpAddr, Span, &str)>> = HashMap::new();
        let mut clashes = Vec::new();
        let published = self.declared.runnables.keys().flat_map(|name| {
            let ports = self.merged.get(name).map(|merged| merged.ports.as_slice()).unwrap_or_default();
            ports.iter().map(move |port| (*name, port))
        });
        for (service, published) in published {
            let Some(host) = published.host else { continue };
            let bind = port(published).bind;
            let others = taken.entry(host.value).or_default();
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

fn port(port: &ast::Port) -> Port {
    Port {
        container: port.container,
        host: port.host,
        bind: port.bind.map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |bind| bind.value),
    }
}
