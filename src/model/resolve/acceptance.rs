use std::collections::{HashMap, HashSet};

use super::captures::Captures;
use super::hole::unknown_port;
use super::resolver::Resolver;
use super::resource::declared_name;
use super::text::Site;
use crate::ast;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::codes::acceptance::{DUPLICATE_TEST, NO_TESTS};
use crate::diagnostic::codes::services::MISSING_IMAGE;
use crate::model::{Acceptance, BatsFile, ForeignTests, Name, NameKind, Need, NeedKind, Target};
use crate::source::Spanned;

impl Resolver<'_> {
    /// An acceptance; what is broken in it is left out and keeps the pipeline from being made.
    pub fn acceptance(&mut self, acceptance: &ast::Acceptance) -> Acceptance {
        let mut needs = Vec::new();
        let target = acceptance.target.as_ref().and_then(|target| {
            let (target, need) = self.target(target)?;
            needs.push(need);
            Some(target)
        });
        let has_target = acceptance.target.is_some();
        let first = Captures::of(&acceptance.before_all, None);
        let before = Captures::of(&acceptance.setup, Some(&first));
        let before_all = self.steps(&acceptance.before_all, &first, has_target);
        let setup = self.steps(&acceptance.setup, &before, has_target);
        let mut names: HashMap<&str, &Spanned<String>> = HashMap::new();
        let mut tests = Vec::new();
        for test in &acceptance.tests {
            if let Some(first) = names.insert(&test.name.value, &test.name) {
                self.report(
                    Diagnostic::new(DUPLICATE_TEST, format!("two tests are called `{}`", test.name.value))
                        .label(test.name.span, "again")
                        .label(first.span, "first")
                        .help("say what the second one promises"),
                );
            }
            tests.push(self.test(test, &before, has_target));
        }
        let after = Captures::of(&acceptance.teardown, Some(&before));
        let teardown = self.steps(&acceptance.teardown, &after, has_target);
        let last = Captures::of(&acceptance.after_all, Some(&first));
        let after_all = self.steps(&acceptance.after_all, &last, has_target);
        let mut files: HashMap<&str, &Spanned<String>> = HashMap::new();
        for bats in &acceptance.bats {
            if let Some(first) = files.insert(&bats.file.value, &bats.file) {
                self.report(
                    Diagnostic::new(DUPLICATE_TEST, format!("the file `{}` is run twice", bats.file.value))
                        .label(bats.file.span, "again")
                        .label(first.span, "first")
                        .help("leave one of the two out, or run it in an acceptance of its own"),
                );
            }
        }
        let bats = acceptance.bats.iter().filter_map(|bats| self.bats(bats)).collect();
        let foreign = acceptance.foreign.as_ref().and_then(|foreign| self.foreign(foreign));
        if acceptance.tests.is_empty() && acceptance.bats.is_empty() && acceptance.foreign.is_none() {
            self.report(
                Diagnostic::new(NO_TESTS, format!("acceptance `{}` has no test", acceptance.name.value))
                    .label(acceptance.name.span, "would always pass")
                    .help("add `test \"…\" { http GET \"/\" { expect status 200 } }` or `bats \"FILE\" image=NAME`"),
            );
        }
        let mut known: HashSet<_> = needs.iter().map(|need: &Need| (need.on.clone(), need.gate)).collect();
        let further = self.needs_of(Some(&acceptance.name), &acceptance.needs, &acceptance.after, &[]);
        needs.extend(further.into_iter().filter(|need| known.insert((need.on.clone(), need.gate))));
        Acceptance {
            name: declared_name(&acceptance.name),
            needs,
            target,
            before_all,
            after_all,
            setup,
            teardown,
            tests,
            bats,
            foreign,
            parallel: acceptance.parallel.map_or(1, |tests| tests.value as usize),
            timeout: acceptance.timeout,
            span: acceptance.span,
        }
    }

    /// The service that relative URLs go to, at a port that it publishes.
    fn target(&mut self, target: &ast::Target) -> Option<(Target, Need)> {
        let name = target.service.value.as_str();
        if self.declared.service(name).is_none() {
            let services = self.declared.services();
            let unknown = self.declared.unknown_among("service", NameKind::Runnable, &services, &target.service);
            self.report(unknown);
            return None;
        }
        self.note_use(NameKind::Runnable, name, target.service.span);
        let ports = self.templates.merged.get(name).map(|merged| merged.port_numbers()).unwrap_or_default();
        let service_span = self.declared.runnables[name].name().span;
        let port = match (target.port, ports.as_slice()) {
            (Some(port), ports) if ports.contains(&port.value) => port.value,
            (Some(port), ports) => {
                let wanted = port.value.to_string();
                self.report(unknown_port(name, Some(&wanted), ports, port.span, service_span));
                return None;
            }
            (None, [only]) => *only,
            (None, ports) => {
                self.report(unknown_port(name, None, ports, target.span, service_span));
                return None;
            }
        };
        let service = Spanned::new(Name::new(name), target.service.span);
        let gate = self.default_gate(name);
        let need = Need { on: service.value.clone(), gate, kind: NeedKind::Target, span: service.span };
        Some((Target { service, port }, need))
    }

    /// Tests in another tool: a container that runs something.
    fn foreign(&mut self, foreign: &ast::ForeignTests) -> Option<ForeignTests> {
        let site = Site::Container(None);
        let container = self.container(&foreign.settings, site, true);
        let artifacts = foreign.artifacts.iter().map(|artifact| self.artifact(artifact, site)).collect();
        if foreign.settings.image.is_none() {
            self.report(
                Diagnostic::new(MISSING_IMAGE, "the tests of another tool have no image to run in")
                    .label(foreign.span, "runs in which image?")
                    .help("name a declared image, or one of a registry: `image \"bats/bats:1.11.0\"`"),
            );
        } else if foreign.settings.command.is_none() {
            self.report(
                Diagnostic::new(NO_TESTS, "an image alone tests nothing")
                    .label(foreign.span, "what does it run?")
                    .help("say what writes TAP: `command prove \"-v\"` or `sh \"./tests.sh\"`"),
            );
        }
        if container.is_none() {
            self.incomplete();
        }
        Some(ForeignTests { container: container?, artifacts, span: foreign.span })
    }

    fn bats(&mut self, bats: &ast::Bats) -> Option<BatsFile> {
        let file = self.known(&bats.file);
        let there = file.as_ref().is_some_and(|file| self.file_is_there(file, "bats file"));
        let container = self.container(&bats.settings, Site::Container(None), true);
        if bats.settings.image.is_none() {
            self.report(
                Diagnostic::new(MISSING_IMAGE, format!("bats file `{}` has no image to run in", bats.file.value))
                    .label(bats.file.span, "runs in which image?")
                    .help(format!("name one that has bats: `bats \"{}\" image=NAME`", bats.file.value)),
            );
        }
        let resolved = match (file, container) {
            (Some(file), Some(container)) if there => {
                Some(BatsFile { file: self.place(&file), container, span: bats.span })
            }
            _ => None,
        };
        if resolved.is_none() {
            self.incomplete();
        }
        resolved
    }
}
