use std::collections::BTreeMap;

use indexmap::IndexMap;

use crate::source::Workspace;

/// What a pipeline may take from outside, as values: nothing else of the outside world is looked at.
pub struct Inputs<'a> {
    /// `--set NAME=VALUE`, in order.
    pub sets: IndexMap<String, String>,
    /// The variables of pipe's own environment; only those that a param or secret names are read.
    pub environment: BTreeMap<String, String>,
    /// The files around the pipeline.
    pub workspace: &'a dyn Workspace,
    /// The name of the pipeline's directory: the pipeline's name where its header gives none.
    pub directory: String,
}

impl<'a> Inputs<'a> {
    /// No values from outside; the files of `workspace`.
    pub fn new(workspace: &'a dyn Workspace) -> Self {
        Inputs { sets: IndexMap::new(), environment: BTreeMap::new(), workspace, directory: "pipeline".into() }
    }
}
