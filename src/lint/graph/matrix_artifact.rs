use crate::ast::{Artifact, Runnable, Stage};
use crate::diagnostic::codes::graph::MATRIX_ARTIFACT;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lint::{Rule, Subject};
use crate::source::Span;

/// An artifact that every instance of a matrix puts in the same place.
pub(super) const RULE: Rule = Rule::meant(MATRIX_ARTIFACT, check);

fn check(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for runnable in &subject.spec.runnables {
        let Runnable::Stage(stage) = runnable else { continue };
        let instances = subject.pipeline.instances().get(stage.name.value.as_str()).map_or(0, Vec::len);
        if instances < 2 {
            continue;
        }
        for artifact in stage.artifacts.iter().filter(|artifact| !differs(artifact)) {
            diagnostics.push(told(stage, artifact, instances));
        }
    }
}

/// Whether its place, or the name that the place is made of, holds a value of the matrix. A run's own id tells no instances apart.
fn differs(artifact: &Artifact) -> bool {
    let holds = |text: &str| text.contains("{{matrix.") || text.contains("{{ matrix.");
    match &artifact.to {
        Some(to) => holds(&to.value) || to.value.ends_with('/') && holds(last(&artifact.path.value)),
        None => holds(last(&artifact.path.value)),
    }
}

fn last(path: &str) -> &str {
    path.trim_end_matches('/').rsplit('/').next().unwrap_or_default()
}

fn told(stage: &Stage, artifact: &Artifact, instances: usize) -> Diagnostic {
    let axes = stage.matrix.iter().flat_map(|matrix| &matrix.axes).filter(|axis| axis.values.len() > 1);
    let values: Vec<String> = axes.map(|axis| format!("{{{{matrix.{}}}}}", axis.name.value)).collect();
    let values = values.join("-");
    let message = format!("{instances} instances of `{}` put `{}` in one place", stage.name.value, artifact.path.value);
    let primary = artifact.to.as_ref().map_or(artifact.path.span, |to| to.span);
    let diagnostic = Diagnostic::new(MATRIX_ARTIFACT, message).label(primary, "the last one stays");
    match &artifact.to {
        None => {
            let place = format!("to=\"{values}/\"");
            let end = artifact.path.span.end as usize;
            diagnostic.help(format!("add `{place}`")).suggestion(
                "a place for each instance",
                Span::new(primary.file, end, end),
                format!(" {place}"),
            )
        }
        Some(to) if to.value.ends_with('/') => {
            let place = format!("\"{}{values}/\"", to.value);
            diagnostic.help(format!("write `to={place}`")).suggestion("a place for each instance", to.span, place)
        }
        Some(_) => diagnostic.help(format!("let the place hold the values: `{values}`")),
    }
}
