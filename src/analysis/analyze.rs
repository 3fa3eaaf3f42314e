use super::cascade;
use crate::ast::{self, Spec};
use crate::diagnostic::Diagnostics;
use crate::model::{self, Inputs, Pipeline};
use crate::source::Files;
use crate::{lint, syntax};

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
}

/// Analyses the root of `files`. Total and deterministic; reads nothing but through the workspace of `inputs`.
pub fn analyze(files: &Files, inputs: &Inputs<'_>) -> Analysis {
    let (document, syntax) = syntax::parse(files.root());
    let (spec, shape) = ast::decode(&document, files);
    let (pipeline, meaning) = model::resolve(&spec, files, inputs);
    let mut diagnostics = cascade::without_spelling(syntax, &shape);
    let written = lint::written(&lint::Written::new(files, &spec, inputs.workspace));
    let mut told = cascade::without_consequences(files.root(), &document, &diagnostics, shape, meaning);
    told.extend(cascade::without_consequences(files.root(), &document, &diagnostics, Diagnostics::new(), written));
    let broken = told.has_errors() || diagnostics.has_errors() || document.incomplete;
    diagnostics.extend(told);
    let pipeline = pipeline.filter(|_| !broken);
    if let Some(pipeline) = &pipeline {
        diagnostics.extend(lint::meant(&lint::Subject { files, spec: &spec, workspace: inputs.workspace, pipeline }));
    }
    diagnostics.sort();
    Analysis { files: files.clone(), pipeline, spec, diagnostics }
}
