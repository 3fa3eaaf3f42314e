//! Promises of the whole road: the examples are clean, and mistakes are told once, where they were made.

mod again;
mod broken;
mod carets;
mod examples;
mod hostile;
mod images;
mod includes;
mod meaning;
mod names;
mod needs;
mod secrets;
mod stages;
mod tables;
mod templates;
mod values;
mod wishes;

use super::{Analysis, analyze};
use crate::diagnostic::{Diagnostic, Severity};
use crate::model::{Inputs, Name, Pipeline, Runnable, Service, Stage};
use crate::source::{Files, MemoryWorkspace, Workspace};

/// The analysis of `text` in a workspace.
fn in_workspace(text: &str, workspace: &dyn Workspace) -> Analysis {
    analyze(&Files::single("pipeline.kdl", text), &Inputs::new(workspace))
}

/// The analysis of `text` in an empty workspace.
fn of(text: &str) -> Analysis {
    in_workspace(text, &MemoryWorkspace::default())
}

/// The pipeline that `text` means.
fn pipeline(text: &str) -> Pipeline {
    let analysis = of(text);
    analysis.pipeline.unwrap_or_else(|| panic!("{:#?}", analysis.diagnostics))
}

/// The first diagnostic of `text`.
fn first(text: &str) -> Diagnostic {
    of(text).diagnostics.iter().next().expect("there is a diagnostic").clone()
}

/// The codes of all errors and warnings, in the order of the text, each with the text under its first label.
fn told(text: &str) -> Vec<String> {
    told_in(text, &MemoryWorkspace::default())
}

fn told_in(text: &str, workspace: &dyn Workspace) -> Vec<String> {
    let files = Files::single("pipeline.kdl", text);
    let analysis = analyze(&files, &Inputs::new(workspace));
    assert_eq!(
        analysis.pipeline.is_none(),
        analysis.diagnostics.has_errors(),
        "a pipeline is there if nothing is wrong"
    );
    let under = |span| analysis.files.slice(span).lines().next().unwrap_or_default().to_owned();
    let told = analysis.diagnostics.iter().filter(|diagnostic| diagnostic.severity > Severity::Advice);
    told.map(|diagnostic| format!("{} {}", diagnostic.code, diagnostic.span().map(under).unwrap_or_default())).collect()
}

/// The text under each label of a diagnostic, with the label.
fn labels(text: &str, diagnostic: &Diagnostic) -> Vec<(String, String)> {
    let files = Files::single("pipeline.kdl", text);
    diagnostic.labels.iter().map(|label| (files.slice(label.span).to_owned(), label.text.clone())).collect()
}

fn service<'a>(pipeline: &'a Pipeline, name: &str) -> &'a Service {
    match &pipeline.runnables()[&Name::from(name)] {
        Runnable::Service(service) => service,
        other => panic!("{} is no service", other.name().value),
    }
}

fn stage<'a>(pipeline: &'a Pipeline, name: &str) -> &'a Stage {
    match &pipeline.runnables()[&Name::from(name)] {
        Runnable::Stage(stage) => stage,
        other => panic!("{} is no stage", other.name().value),
    }
}
