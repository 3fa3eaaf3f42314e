use std::sync::{Mutex, PoisonError};

use super::cap::capped;
use super::cascade::{self, Cascade};
use super::dockerfiles::with_dockerfiles;
use super::elsewhere::with_elsewhere;
use super::gather::{Gathered, gather};
use super::memory::Memory;
use super::wishes;
use crate::ast::{self, Spec};
use crate::diagnostic::Diagnostics;
use crate::lint;
use crate::model::{self, Inputs, Pipeline};
use crate::source::Files;

/// What is known of a pipeline's text.
#[derive(Debug, Clone)]
pub struct Analysis {
    /// The files that were read: the root, and what it led to.
    pub files: Files,
    /// What it means; there only where no diagnostic is an error.
    pub pipeline: Option<Pipeline>,
    /// What is written, as far as it could be read.
    pub spec: Spec,
    /// Everything that is to be told of it, in the order of the text.
    pub diagnostics: Diagnostics,
    /// How many of the files are pipelines: they come first.
    documents: usize,
}

impl Analysis {
    /// What others found in the pipeline, as its author wants it: without what comments leave out, weighed as the header says.
    pub fn granted(&self, found: Diagnostics) -> Diagnostics {
        wishes::applied(found, self.spec.lint(), &self.files, self.documents)
    }
}

/// Analyses the root of `files` and all that it includes. Total and deterministic; reads nothing but through the workspace of
/// `inputs`.
pub fn analyze(files: &Files, inputs: &Inputs<'_>) -> Analysis {
    let gathered = gather(files, inputs.workspace, &mut Memory::default());
    meant(gathered, inputs)
}

/// From how many runnables on a second thread takes less time than it costs.
const MANY: usize = 500;

/// What both answer; side by side if `is_worth` it, as far as there is a thread to be had.
fn both<A, B: Send>(is_worth: bool, one: impl FnOnce() -> A, other: impl FnOnce() -> B + Send) -> (A, B) {
    if !is_worth {
        return (one(), other());
    }
    let other = Mutex::new(Some(other));
    let take = || other.lock().unwrap_or_else(PoisonError::into_inner).take();
    std::thread::scope(|scope| {
        let beside = std::thread::Builder::new().spawn_scoped(scope, || take().map(|other| other()));
        let one = one();
        let beside = beside.ok().map(std::thread::ScopedJoinHandle::join);
        match beside.unwrap_or_else(|| Ok(take().map(|other| other()))) {
            Ok(Some(answer)) => (one, answer),
            Ok(None) => unreachable!("it is taken once"),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}

/// What the texts that were gathered mean, and all that is to be told of them.
pub(super) fn meant(gathered: Gathered, inputs: &Inputs<'_>) -> Analysis {
    let (spec, shape) = ast::decode(&gathered.documents, &gathered.files);
    let files = with_dockerfiles(gathered.files, &spec, inputs.workspace);
    let mut diagnostics = cascade::without_spelling(gathered.diagnostics, &shape);
    let filter = Cascade::new(&files, &gathered.documents, &diagnostics, &shape, gathered.incomplete);
    let (documents, understood) = (gathered.documents.len(), gathered.documents);
    let resolve = || model::resolve(&spec, &files, inputs);
    let look = || {
        // The documents have been understood; a large one need not stay in memory beside what it means.
        drop(understood);
        lint::written(&lint::Written::new(&files, &spec, inputs.workspace))
    };
    let ((pipeline, meaning), written) = both(spec.runnables.len() > MANY, resolve, look);
    let mut told = filter.shape(&shape);
    told.extend(with_elsewhere(filter.meaning(meaning), &files, inputs.workspace));
    told.extend(filter.meaning(written));
    let is_broken = gathered.incomplete || told.has_errors() || diagnostics.has_errors();
    diagnostics.extend(told);
    let pipeline = pipeline.filter(|_| !is_broken);
    if let Some(pipeline) = &pipeline {
        let subject = lint::Subject { files: &files, spec: &spec, workspace: inputs.workspace, pipeline };
        diagnostics.extend(lint::meant(&subject));
    }
    let diagnostics = wishes::granted(diagnostics, spec.lint(), &files, documents, pipeline.is_some());
    let diagnostics = capped(diagnostics);
    let pipeline = pipeline.filter(|_| !diagnostics.has_errors());
    Analysis { files, pipeline, spec, diagnostics, documents }
}
