use std::collections::BTreeMap;
use std::sync::Arc;

use indexmap::IndexMap;

use super::asked::Asked;
use super::cap::capped;
use super::dockerfiles::with_dockerfiles;
use super::edit::Edit;
use super::elsewhere::with_elsewhere;
use super::gather::Gathered;
use super::wishes;
use crate::ast::{self, Runnable, Spec};
use crate::diagnostic::{Diagnostic, Diagnostics, Level};
use crate::lint;
use crate::model::{Inputs, Resolution};
use crate::source::{Files, Layout, SourceFile, Span, Spanned, Workspace};
use crate::syntax::{self, Document, limits};

/// A text whose form is right, and all that was found out about it, so that an edit within one runnable costs no more than that one.
///
/// Its files are laid out: spans are places that stay the same while something else is edited. An edit is taken in only where all that
/// is kept of the rest must still hold; the rest is small enough to be looked at anew.
pub(super) struct Kept {
    /// The files, laid out.
    laid_out: Files,
    /// The same as they were given.
    plain: Files,
    /// How many of them are pipelines.
    documents: usize,
    /// What stands at the top level of the pipeline's own file, in order.
    nodes: Vec<Top>,
    spec: Spec,
    resolution: Resolution,
    /// What the rules say that take runnables one by one.
    written: Diagnostics,
    /// What came from outside.
    asked: Asked,
    sets: IndexMap<String, String>,
    environment: BTreeMap<String, String>,
    directory: String,
}

/// A node at the top level.
#[derive(Debug, Clone, Copy)]
struct Top {
    span: Span,
    /// Which runnable of the spec it is.
    runnable: Option<usize>,
}

impl Kept {
    /// What is found out about the texts that were gathered; they are given back where their form is not right.
    pub fn of(gathered: Gathered, asked: Asked, inputs: &Inputs<'_>) -> Result<Kept, Box<Gathered>> {
        if gathered.incomplete || !gathered.diagnostics.is_empty() {
            return Err(Box::new(gathered));
        }
        let mut laid_out = gathered.files.clone();
        let mut documents = Vec::with_capacity(gathered.documents.len());
        for (file, document) in gathered.files.iter().zip(&gathered.documents) {
            let layout = Layout::new(document.nodes.iter().map(|node| node.span.start));
            let file = file.laid_out(Arc::new(layout));
            let nodes = document.nodes.iter().map(|node| {
                let place = file.span(node.span.start as usize, node.span.end as usize).start;
                node.clone().moved(place - node.span.start)
            });
            documents.push(Document { nodes: nodes.collect(), incomplete: false });
            laid_out.replace(file);
        }
        let (spec, shape) = ast::decode(&documents, &laid_out);
        if !shape.is_empty() {
            return Err(Box::new(gathered));
        }
        let workspace = asked.of(inputs.workspace);
        let plain = with_dockerfiles(gathered.files, &spec, &workspace);
        for file in plain.iter().skip(documents.len()) {
            laid_out.add_at(file.place(), file.text());
        }
        let mut runnables = 0..;
        let nodes = documents[0].nodes.iter().map(|node| {
            let is_runnable = ["service", "stage", "acceptance"].contains(&node.name.value.as_str());
            Top { span: node.span, runnable: is_runnable.then(|| runnables.next()).flatten() }
        });
        let nodes = nodes.collect();
        let inputs = &with_workspace(inputs, &workspace);
        let resolution = Resolution::of(&spec, &laid_out, inputs);
        let written = lint::one_by_one(&lint::Written::new(&laid_out, &spec, inputs.workspace));
        let Inputs { sets, environment, directory, .. } = inputs;
        let (sets, environment, directory) = (sets.clone(), environment.clone(), directory.clone());
        let documents = documents.len();
        drop(workspace);
        Ok(Kept { laid_out, plain, documents, nodes, spec, resolution, written, asked, sets, environment, directory })
    }

    /// The same for `files`, where they are what they were but for an edit within one runnable that no other one can see; `None`
    /// where all must be looked at anew.
    pub fn again(mut self, files: &Files, inputs: &Inputs<'_>) -> Option<Kept> {
        if !self.came_from(files, inputs) {
            return None;
        }
        let root = files.root();
        if root.text() == self.plain.root().text() {
            return Some(self);
        }
        let (at, node) = self.edited(root)?;
        let index = self.nodes[at].runnable?;
        let around = Span { end: node.span.end.max(self.nodes[at].span.end), ..node.span };
        self.nodes[at].span = node.span;
        let before = self.decoded(index, node, around)?;
        let asked = std::mem::take(&mut self.asked);
        let workspace = asked.of(inputs.workspace);
        let inputs = &with_workspace(inputs, &workspace);
        self.resolution = self.resolution.again(&self.spec, index, &before, around, &self.laid_out, inputs)?;
        self.written = self.linted(index, around, &workspace)?;
        drop(workspace);
        Some(Kept { asked, ..self })
    }

    /// Whether `files` are those that this was found out about, and all that came from outside is what it was; the text of the
    /// pipeline's own file may be another.
    fn came_from(&self, files: &Files, inputs: &Inputs<'_>) -> bool {
        let (root, before) = (files.root(), self.plain.root());
        (root.path(), root.place()) == (before.path(), before.place())
            && files.iter().nth(1).is_none()
            && inputs.sets == self.sets
            && inputs.environment == self.environment
            && inputs.directory == self.directory
            && self.asked.still_holds(inputs.workspace)
    }

    /// Puts the runnable that `node` says in the place of the one with that index, which is answered; `None` where the node is of the
    /// wrong form, or says more than a runnable. All of either stands in `around`.
    fn decoded(&mut self, index: usize, node: syntax::Node, around: Span) -> Option<Runnable> {
        let document = Document { nodes: vec![node], incomplete: false };
        let (mut said, shape) = ast::decode(&[document], &self.laid_out);
        let runnable = said.runnables.pop()?;
        let is_annotated = self.spec.annotated.iter().any(|it| around.holds(it.text.span));
        if !shape.is_empty() || !said.annotated.is_empty() || is_annotated {
            return None;
        }
        let not_run = std::mem::take(&mut self.spec.not_run);
        said.not_run.extend(not_run.into_iter().filter(|it| !it.touches(around)).collect());
        said.not_run.sort();
        self.spec.not_run = said.not_run;
        Some(std::mem::replace(&mut self.spec.runnables[index], runnable))
    }

    /// What the rules say that take runnables one by one, after an edit of one of them; `None` where they say something of others that
    /// shows a place in this one.
    fn linted(&mut self, index: usize, around: Span, workspace: &dyn Workspace) -> Option<Diagnostics> {
        let is_its_own = |it: &Diagnostic| it.span().is_some_and(|span| around.holds(span));
        let mut all: Diagnostics = self.written.iter().filter(|it| !is_its_own(it)).cloned().collect();
        if all.iter().any(|it| it.touches(around)) {
            return None;
        }
        let laid_out = &self.laid_out;
        let of_one =
            one_alone(&mut self.spec, index, |spec| lint::one_by_one(&lint::Written::new(laid_out, spec, workspace)));
        all.extend(of_one.into_iter().filter(is_its_own).collect());
        Some(all)
    }

    /// The node of the pipeline's own file that the edit which leads to `root` is within, as it reads now, and its index. Its file is
    /// laid out anew.
    fn edited(&mut self, root: &SourceFile) -> Option<(usize, syntax::Node)> {
        let text = root.text();
        // What is counted or compared over a whole text is left to those who read all of it.
        if text.contains('\r') || text.len() > limits::ITEMS {
            return None;
        }
        let before = self.laid_out.root().clone();
        let layout = before.layout()?;
        let edit = Edit::between(before.text(), text);
        let at = layout.starts().take_while(|start| *start < edit.before.start).count().checked_sub(1)?;
        let range = edit.within(&before.range(self.nodes[at].span))?;
        let alone = SourceFile::new(root.id(), root.path(), text.get(range.clone())?);
        let (document, told) = syntax::parse(&alone);
        let [node] = <[syntax::Node; 1]>::try_from(document.nodes).ok()?;
        if !told.is_empty() || document.incomplete || node.span != alone.span(0, range.len()) {
            return None;
        }
        let layout = layout.grown(at, range.len(), edit.growth())?;
        let root_laid_out = root.laid_out(Arc::new(layout));
        let place = root_laid_out.span(range.start, range.end).start;
        self.laid_out.replace(root_laid_out);
        self.plain.replace(root.clone());
        Some((at, node.moved(place)))
    }

    /// The secrets that are declared.
    pub fn secrets(&self) -> &[ast::Secret] {
        &self.spec.secrets
    }

    /// The files as they were given, everything that is to be told of them, and whether they are a pipeline that is valid.
    pub fn told(&self, workspace: &dyn Workspace) -> (Files, Diagnostics, bool) {
        let files = &self.laid_out;
        let subject = lint::Written::new(files, &self.spec, workspace);
        let mut told = with_elsewhere(self.resolution.told(), files, workspace);
        told.extend(self.written.clone());
        told.extend(lint::across(&subject));
        let pipeline = self.resolution.pipeline().filter(|_| !told.has_errors());
        if let Some(pipeline) = pipeline {
            told.extend(lint::meant(&lint::Subject { files, spec: &self.spec, workspace, pipeline }));
        }
        let place = |span: Span| {
            let file = files.get(span.file);
            let range = file.range(span);
            Span::new(span.file, range.start, range.end)
        };
        let told: Diagnostics = told.into_iter().map(|it| it.placed(place)).collect();
        let at_their_place =
            |(level, word): &(Level, Spanned<String>)| (*level, Spanned::new(word.value.clone(), place(word.span)));
        let lint: Vec<_> = self.spec.lint().iter().map(at_their_place).collect();
        let told = capped(wishes::granted(told, &lint, &self.plain, self.documents, pipeline.is_some()));
        let is_valid = pipeline.is_some() && !told.has_errors();
        (self.plain.clone(), told, is_valid)
    }

    /// What is written, and what it means.
    #[cfg(test)]
    pub fn meaning(&self) -> (&Spec, Option<&crate::model::Pipeline>) {
        (&self.spec, self.resolution.pipeline())
    }
}

/// The same inputs, but that `workspace` is asked.
fn with_workspace<'a>(inputs: &Inputs<'_>, workspace: &'a dyn Workspace) -> Inputs<'a> {
    let Inputs { sets, environment, directory, .. } = inputs;
    Inputs { sets: sets.clone(), environment: environment.clone(), directory: directory.clone(), workspace }
}

/// What `look` says of the runnable `index` of `spec` with nothing around it but the header, the params and the secrets.
fn one_alone<T>(spec: &mut Spec, index: usize, look: impl FnOnce(&Spec) -> T) -> T {
    let mut all: Vec<Runnable> = std::mem::take(&mut spec.runnables);
    let alone = Spec {
        header: spec.header.take(),
        params: std::mem::take(&mut spec.params),
        secrets: std::mem::take(&mut spec.secrets),
        runnables: vec![all.swap_remove(index)],
        ..Spec::default()
    };
    let answer = look(&alone);
    let Spec { header, params, secrets, runnables, .. } = alone;
    all.extend(runnables);
    let last = all.len() - 1;
    all.swap(index, last);
    (spec.header, spec.params, spec.secrets, spec.runnables) = (header, params, secrets, all);
    answer
}
