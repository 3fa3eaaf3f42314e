use std::collections::{HashMap, HashSet};

use crate::ast;
use crate::diagnostic::codes::services::SERVICE_WITHOUT_HEALTHCHECK;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lint::{Rule, Subject};
use crate::model::{Gate, Name, NeedKind, Runnable};
use crate::source::Span;

/// A service that others need, and that says nothing of when it is ready: they start as soon as its process is up.
pub(super) const RULE: Rule = Rule::meant(SERVICE_WITHOUT_HEALTHCHECK, check);

fn check(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let runnables = subject.pipeline.runnables();
    let said = explicit_gates(subject.spec);
    let mut first_users: HashMap<&Name, (&Name, Span)> = HashMap::new();
    for user in runnables.values() {
        for need in user.needs() {
            if need.gate == Gate::Started && need.kind != NeedKind::After && !said.contains(&need.span) {
                first_users.entry(&need.on).or_insert((&user.name().value, need.span));
            }
        }
    }
    for runnable in runnables.values() {
        let Runnable::Service(service) = runnable else { continue };
        if service.healthcheck.is_some() {
            continue;
        }
        if let Some((user, span)) = first_users.get(&service.name.value) {
            let name = &service.name.value;
            diagnostics.push(
                Diagnostic::new(SERVICE_WITHOUT_HEALTHCHECK, format!("service `{name}` has no healthcheck"))
                    .label(service.name.span, "ready as soon as started")
                    .label(*span, format!("`{user}` counts on it"))
                    .help(format!("say when it is ready: `healthcheck tcp=PORT`, or that it does not matter: `needs {name} gate=started`")),
            );
        }
    }
}

/// The places of needs whose gate the author wrote: what is said on purpose needs no advice.
fn explicit_gates(spec: &ast::Spec) -> HashSet<Span> {
    let of_runnables = spec.runnables.iter().flat_map(|runnable| match runnable {
        ast::Runnable::Service(service) => &service.settings.needs,
        ast::Runnable::Stage(stage) => &stage.settings.needs,
        ast::Runnable::Acceptance(acceptance) => &acceptance.needs,
    });
    let of_templates = spec.templates.iter().flat_map(|template| &template.settings.needs);
    of_runnables.chain(of_templates).filter(|need| need.gate.is_some()).map(|need| need.on.span).collect()
}
