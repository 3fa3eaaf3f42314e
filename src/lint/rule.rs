use std::cell::OnceCell;

use super::images::Built;
use super::shell::ShellText;
use super::{acceptance, graph, hygiene, images, names, secrets, services, shell};
use crate::ast::{ContainerSettings, Healthcheck, Port, Runnable, Spec};
use crate::diagnostic::{Code, Diagnostics};
use crate::model::Pipeline;
use crate::source::{Files, Workspace};

/// One opinion: its code, whose page says why, and the function that looks for it.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// What it tells; its severity and its page are the code's.
    pub code: Code,
    look: Look,
}

#[derive(Debug, Clone, Copy)]
enum Look {
    Written(fn(&Written<'_>, &mut Diagnostics)),
    Across(fn(&Written<'_>, &mut Diagnostics)),
    Meant(fn(&Subject<'_>, &mut Diagnostics)),
}

/// What is written, whether or not it is right.
pub struct Written<'a> {
    /// The text, for edits.
    pub files: &'a Files,
    /// What could be read of it.
    pub spec: &'a Spec,
    /// The files around it.
    pub workspace: &'a dyn Workspace,
    scripts: OnceCell<Vec<ShellText<'a>>>,
    built: OnceCell<Vec<Built<'a>>>,
}

/// A pipeline that is valid.
#[derive(Clone, Copy)]
pub struct Subject<'a> {
    /// The text, for edits.
    pub files: &'a Files,
    /// What is written.
    pub spec: &'a Spec,
    /// The files around it.
    pub workspace: &'a dyn Workspace,
    /// What it means.
    pub pipeline: &'a Pipeline,
}

impl<'a> Written<'a> {
    /// What stands in `files` and was read as `spec`.
    pub fn new(files: &'a Files, spec: &'a Spec, workspace: &'a dyn Workspace) -> Self {
        Written { files, spec, workspace, scripts: OnceCell::new(), built: OnceCell::new() }
    }

    /// The scripts in it, parsed once for all rules about them.
    pub(super) fn scripts(&self) -> &[ShellText<'a>] {
        self.scripts.get_or_init(|| ShellText::all(self.spec))
    }

    /// The images whose Dockerfiles are known, read once for all rules about them.
    pub(super) fn built(&self) -> &[Built<'a>] {
        self.built.get_or_init(|| Built::all(self.files, self.spec))
    }

    /// The settings of all templates, services and stages, in this order.
    pub(super) fn settings(&self) -> impl Iterator<Item = &'a ContainerSettings> + use<'a> {
        let spec = self.spec;
        let templates = spec.templates.iter().map(|template| &template.settings);
        templates.chain(spec.runnables.iter().filter_map(|runnable| match runnable {
            Runnable::Stage(stage) => Some(&stage.settings),
            Runnable::Service(service) => Some(&service.settings),
            Runnable::Acceptance(_) => None,
        }))
    }

    /// The ports that templates and services publish.
    pub(super) fn ports(&self) -> impl Iterator<Item = &'a Port> + use<'a> {
        let services = self.spec.runnables.iter().filter_map(|runnable| match runnable {
            Runnable::Service(service) => Some(&service.ports),
            _ => None,
        });
        self.spec.templates.iter().map(|template| &template.ports).chain(services).flatten()
    }

    /// The healthchecks of templates and services.
    pub(super) fn healthchecks(&self) -> impl Iterator<Item = &'a Healthcheck> + use<'a> {
        let services = self.spec.runnables.iter().filter_map(|runnable| match runnable {
            Runnable::Service(service) => service.healthcheck.as_ref(),
            _ => None,
        });
        self.spec.templates.iter().filter_map(|template| template.healthcheck.as_ref()).chain(services)
    }
}

impl Rule {
    /// A rule about what is written: it looks at broken files too, so the lack of something proves nothing to it.
    ///
    /// It takes services, stages and acceptances one by one: what it has to say of one follows from that one, the header, the params
    /// and the secrets; and what it says of anything else, from no runnable.
    pub(super) const fn written(code: Code, look: fn(&Written<'_>, &mut Diagnostics)) -> Self {
        Rule { code, look: Look::Written(look) }
    }

    /// As [`written`](Self::written), for a rule that compares one runnable with others.
    pub(super) const fn across(code: Code, look: fn(&Written<'_>, &mut Diagnostics)) -> Self {
        Rule { code, look: Look::Across(look) }
    }

    /// A rule about what is meant: it looks at valid pipelines alone.
    pub(super) const fn meant(code: Code, look: fn(&Subject<'_>, &mut Diagnostics)) -> Self {
        Rule { code, look: Look::Meant(look) }
    }
}

/// Every rule there is, class by class.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    [
        names::RULES,
        graph::RULES,
        images::RULES,
        services::RULES,
        acceptance::RULES,
        shell::RULES,
        secrets::RULES,
        hygiene::RULES,
    ]
    .into_iter()
    .flatten()
}

/// What the rules about the text have to say.
pub fn written(subject: &Written<'_>) -> Diagnostics {
    let mut diagnostics = one_by_one(subject);
    diagnostics.extend(across(subject));
    diagnostics
}

/// What those of them have to say that take runnables one by one.
pub fn one_by_one(subject: &Written<'_>) -> Diagnostics {
    told(|look, diagnostics| {
        if let Look::Written(look) = look {
            look(subject, diagnostics);
        }
    })
}

/// What the others of them have to say, which compare runnables.
pub fn across(subject: &Written<'_>) -> Diagnostics {
    told(|look, diagnostics| {
        if let Look::Across(look) = look {
            look(subject, diagnostics);
        }
    })
}

/// What the rules about the pipeline have to say.
pub fn meant(subject: &Subject<'_>) -> Diagnostics {
    told(|look, diagnostics| {
        if let Look::Meant(look) = look {
            look(subject, diagnostics);
        }
    })
}

/// What all rules tell, each asked by `ask`.
fn told(ask: impl Fn(Look, &mut Diagnostics)) -> Diagnostics {
    let mut diagnostics = Diagnostics::new();
    rules().for_each(|rule| ask(rule.look, &mut diagnostics));
    diagnostics
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_one_rule() {
        let mut slugs: Vec<_> = rules().map(|rule| rule.code.slug()).collect();
        slugs.sort_unstable();
        let all = slugs.len();
        slugs.dedup();
        assert_eq!(slugs.len(), all);
    }
}
