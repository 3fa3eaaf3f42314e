use std::ops::Range;
use std::sync::Arc;

use indexmap::IndexMap;

use super::declared::{Declared, GUESSES};
use super::merged::Merged;
use super::resolver::Resolver;
use super::template::Templates;
use crate::ast;
use crate::diagnostic::Diagnostics;
use crate::model::{Inputs, Name, Need, Pipeline, Runnable};
use crate::source::{Files, Span};

/// What a spec means, as far as it means something, with all that is needed to resolve one of its runnables anew.
pub struct Resolution {
    /// What could be resolved; a pipeline only where nothing was left out.
    draft: Pipeline,
    templates: Templates,
    /// What came of each runnable that is declared, by its name.
    parts: IndexMap<Name, Part>,
    /// What was told of everything else.
    told: Diagnostics,
    /// Whether nothing was left out of everything else.
    complete: bool,
    /// How many guesses all runnables and everything else took.
    guesses: usize,
}

/// What came of one runnable besides itself.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Part {
    /// What was told while it was resolved.
    pub told: Diagnostics,
    /// Its uses of names, among those of the pipeline.
    pub references: Range<usize>,
    /// Whether nothing of it was left out.
    pub complete: bool,
    /// How many guesses it took.
    pub guesses: usize,
}

impl Resolution {
    /// Resolves `spec`. Total: there is always something to tell of what is wrong, and a pipeline only where nothing is.
    ///
    /// `files` is the text that the spec's spans point into.
    pub fn of(spec: &ast::Spec, files: &Files, inputs: &Inputs<'_>) -> Self {
        let mut told = Diagnostics::new();
        let declared = Declared::collect(spec, &mut told);
        let templates = Templates::merge_all(&declared, &mut told);
        let mut resolver = Resolver::new(spec, declared, templates, files, inputs);
        resolver.diagnostics = told;
        let draft = resolver.pipeline(spec);
        resolver.must_declare_something(spec);
        Resolution {
            draft,
            parts: std::mem::take(&mut resolver.parts),
            told: std::mem::take(&mut resolver.diagnostics),
            complete: resolver.complete,
            guesses: resolver.declared.guesses_taken(),
            templates: resolver.templates,
        }
    }

    /// The same once the runnable `index` of `spec` was edited, which was `before`. Only that one is resolved, so all that is known of
    /// the others must still hold: `None` where they might see the edit, or be told of together with it.
    ///
    /// `around` is where the runnable stands in the text.
    pub fn again(
        mut self,
        spec: &ast::Spec,
        index: usize,
        before: &ast::Runnable,
        around: Span,
        files: &Files,
        inputs: &Inputs<'_>,
    ) -> Option<Self> {
        let runnable = &spec.runnables[index];
        let name = Name::new(runnable.name().value.as_str());
        let others = self.parts.iter().filter(|(other, _)| **other != name).flat_map(|(_, part)| part.told.iter());
        let is_told_with_others = self.told.iter().chain(others).any(|told| told.touches(around));
        if is_told_with_others || !self.draft.instances.is_empty() || !look_alike(before, runnable) {
            return None;
        }
        let mut again = Diagnostics::new();
        let declared = Declared::collect(spec, &mut again);
        if !declared.runnables.get(name.as_str()).is_some_and(|declared| std::ptr::eq(*declared, runnable)) {
            return None;
        }
        if !matches!(runnable, ast::Runnable::Acceptance(_)) {
            let merged = self.templates.merge_again(runnable)?;
            if !merge_alike(&merged, self.templates.merged.get(&name)?) {
                return None;
            }
        }
        let mut resolver = Resolver::new(spec, declared, self.templates, files, inputs);
        resolver.params = std::mem::take(&mut self.draft.params);
        let found = resolver.runnable(runnable);
        let part = resolver.parts.swap_remove(&name)?;
        self.draft.params = std::mem::take(&mut resolver.params);
        self.guesses = (self.guesses + part.guesses).checked_sub(self.parts.get(&name)?.guesses)?;
        // One that is left out leaves others without what they need; where guesses run out depends on all that come before.
        let [found] = <[Runnable; 1]>::try_from(found).ok()?;
        let place = self.draft.runnables.get_mut(&name).filter(|_| self.guesses <= GUESSES)?;
        if !needs_alike(place.needs(), found.needs()) {
            return None;
        }
        *place = found;
        let references = std::mem::take(&mut resolver.references);
        self.templates = resolver.templates;
        self.take_in(&name, part, references);
        Some(self)
    }

    /// Puts what came of a runnable in the place of what came of it before.
    fn take_in(&mut self, name: &Name, part: Part, references: Vec<crate::model::Reference>) {
        let Some(at) = self.parts.get_index_of(name) else { return };
        let old = self.parts[at].references.clone();
        let (was, is) = (old.len(), references.len());
        let start = old.start;
        self.draft.references.splice(old, references);
        self.parts[at] = Part { references: start..start + is, ..part };
        if was != is {
            for (_, part) in self.parts.iter_mut().skip(at + 1) {
                let length = part.references.len();
                part.references.start = part.references.start + is - was;
                part.references.end = part.references.start + length;
            }
        }
    }

    /// Everything that was told, in the order of the text.
    pub fn told(&self) -> Diagnostics {
        let mut all = self.told.clone();
        for part in self.parts.values() {
            all.extend(part.told.clone());
        }
        all.sort();
        all
    }

    /// The pipeline, where nothing is wrong.
    pub fn pipeline(&self) -> Option<&Pipeline> {
        self.is_valid().then_some(&self.draft)
    }

    /// The pipeline, where nothing is wrong, and everything that was told, in the order of the text.
    pub fn into_answer(self) -> (Option<Pipeline>, Diagnostics) {
        let told = self.told();
        (self.is_valid().then_some(self.draft), told)
    }

    fn is_valid(&self) -> bool {
        let is_right = |told: &Diagnostics, complete: bool| complete && !told.has_errors();
        is_right(&self.told, self.complete) && self.parts.values().all(|part| is_right(&part.told, part.complete))
    }
}

/// Whether all that others look at while they are resolved is the same, places left aside.
fn look_alike(before: &ast::Runnable, after: &ast::Runnable) -> bool {
    use ast::Runnable::{Acceptance, Service, Stage};
    let words = |list: &[crate::source::Spanned<String>]| list.iter().map(|it| it.value.clone()).collect::<Vec<_>>();
    let same = before.name().value == after.name().value;
    same && match (before, after) {
        (Service(before), Service(after)) => words(&before.settings.extends) == words(&after.settings.extends),
        (Stage(before), Stage(after)) => {
            let switch = |it: &ast::Stage| it.always.is_some_and(|always| always.value);
            words(&before.settings.extends) == words(&after.settings.extends)
                && [before, after].iter().all(|it| it.matrix.is_none() && it.inputs.is_empty())
                && artifacts(before).eq(artifacts(after))
                && switch(before) == switch(after)
        }
        (Acceptance(_), Acceptance(_)) => true,
        _ => false,
    }
}

/// What an `input` of another stage looks at.
fn artifacts(stage: &ast::Stage) -> impl Iterator<Item = (&str, Option<&str>)> {
    stage.artifacts.iter().map(|it| (it.path.value.as_str(), it.to.as_ref().map(|to| to.value.as_str())))
}

/// As [`look_alike`], with the templates underneath.
fn merge_alike(before: &Arc<Merged>, after: &Arc<Merged>) -> bool {
    let ports = |merged: &Merged| {
        let port =
            |it: &ast::Port| (it.container.value, it.host.map(|it| it.value), it.protocol, it.bind.map(|it| it.value));
        merged.ports.iter().map(port).collect::<Vec<_>>()
    };
    before.is_checked() == after.is_checked() && ports(before) == ports(after)
}

/// Whether both wait for the same, in the same way.
fn needs_alike(before: &[Need], after: &[Need]) -> bool {
    let parts = |need: &Need| (need.on.clone(), need.gate, need.kind);
    before.iter().map(parts).eq(after.iter().map(parts))
}
