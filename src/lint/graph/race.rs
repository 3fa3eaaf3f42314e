use std::collections::HashMap;

use crate::diagnostic::codes::graph::{ARTIFACT_RACE, VOLUME_RACE};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lint::{Rule, Subject};
use crate::model::{Artifact, ArtifactOn, Mount, Name, Order, Runnable, Stage};
use crate::source::{Files, Span};

/// Two stages that write one thing, and none of which waits for the other, one rule a kind of thing.
pub(super) const RULES: [Rule; 2] = [Rule::meant(ARTIFACT_RACE, artifacts), Rule::meant(VOLUME_RACE, volumes)];

/// Where a stage says that it writes something.
struct Writer<'a> {
    stage: &'a Stage,
    span: Span,
}

fn artifacts(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let mut places: HashMap<String, Vec<(Writer<'_>, ArtifactOn)>> = HashMap::new();
    for stage in stages(subject) {
        for artifact in &stage.artifacts {
            let place = place(artifact);
            // What has no extension may be a directory, whose files are put beside those that are there.
            if place.as_deref().is_some_and(is_file) {
                let writer = Writer { stage, span: artifact.span };
                places.entry(place.unwrap_or_default()).or_default().push((writer, artifact.on));
            }
        }
    }
    let mut places: Vec<_> = places.into_iter().filter(|(_, writers)| writers.len() > 1).collect();
    places.sort_by_key(|(_, writers)| writers[0].0.span);
    if places.is_empty() {
        return;
    }
    let mut order = Order::of(subject.pipeline);
    for (place, writers) in places {
        let writers: Vec<Writer<'_>> = writers.into_iter().map(|(writer, _)| writer).collect();
        if let Some((one, other)) = first_race(&mut order, &writers) {
            let message = format!("`{}` and `{}` both write `{place}`", one.stage.name.value, other.stage.name.value);
            let diagnostic = Diagnostic::new(ARTIFACT_RACE, message)
                .label(other.span, "whichever ends last stays")
                .label(one.span, "written here too")
                .help(format!("give one of them a place of its own: `to=\"{}/\"`", other.stage.name.value));
            diagnostics.push(without_path(diagnostic, one, other));
        }
    }
}

fn volumes(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let mut places: HashMap<&Name, Vec<Writer<'_>>> = HashMap::new();
    for stage in stages(subject) {
        for mount in stage.container.iter().flat_map(|container| &container.mounts) {
            if let Mount::Volume(mount) = mount
                && !mount.read_only
                && subject.pipeline.volumes().get(&mount.volume.value).is_some_and(|volume| volume.external.is_none())
            {
                let writer = Writer { stage, span: mount.volume.span };
                places.entry(&mount.volume.value).or_default().push(writer);
            }
        }
    }
    let mut places: Vec<_> = places.into_iter().filter(|(_, writers)| writers.len() > 1).collect();
    places.sort_by_key(|(_, writers)| writers[0].span);
    if places.is_empty() {
        return;
    }
    let mut order = Order::of(subject.pipeline);
    for (volume, writers) in places {
        let Some((one, other)) = first_race(&mut order, &writers) else { continue };
        let (first, second) = (declared(one.stage), declared(other.stage));
        let message = format!("`{first}` and `{second}` may write volume `{volume}` at the same time");
        // Users of one template mount it at the same place of the text; then their names are shown.
        let places =
            if one.span == other.span { (one.stage.name.span, other.stage.name.span) } else { (one.span, other.span) };
        let diagnostic = Diagnostic::new(VOLUME_RACE, message)
            .label(places.1, "written here")
            .label(places.0, "and here")
            .help(format!("write `needs {first}` in `{second}`, or mount it `read-only` in one of them"));
        diagnostics.push(with_order(subject.files, without_path(diagnostic, one, other), one, other));
    }
}

fn stages<'a>(subject: &Subject<'a>) -> impl Iterator<Item = &'a Stage> {
    subject.pipeline.runnables().values().filter_map(|runnable| match runnable {
        Runnable::Stage(stage) => Some(stage),
        Runnable::Service(_) | Runnable::Acceptance(_) => None,
    })
}

/// The first two writers that may be at work at the same time. Instances of one stage are told of elsewhere.
fn first_race<'w, 'a>(order: &mut Order<'a>, writers: &'w [Writer<'a>]) -> Option<(&'w Writer<'a>, &'w Writer<'a>)> {
    let by_name: HashMap<&Name, &Writer<'a>> =
        writers.iter().map(|writer| (&writer.stage.name.value, writer)).collect();
    let mut names: Vec<&'a Name> = by_name.keys().copied().collect();
    // In the order of the file where nothing else orders them, so that the same file tells the same story.
    names.sort_by_key(|name| by_name[name].stage.span);
    order.sort(&mut names);
    names.windows(2).find_map(|pair| {
        let (one, other) = (by_name[pair[0]], by_name[pair[1]]);
        let same = one.stage.instance.as_ref().map(|it| &it.of) == other.stage.instance.as_ref().map(|it| &it.of)
            && one.stage.instance.is_some();
        if same || order.is_last(pair[0]) != order.is_last(pair[1]) {
            return None;
        }
        (order.are_apart(pair[0], pair[1]) == Some(false)).then_some((one, other))
    })
}

fn without_path(diagnostic: Diagnostic, one: &Writer<'_>, other: &Writer<'_>) -> Diagnostic {
    diagnostic.note(format!(
        "nothing leads from `{}` to `{}`, so they may run side by side",
        declared(other.stage),
        declared(one.stage)
    ))
}

/// Adds the edit that lets the second one wait for the first.
fn with_order(files: &Files, diagnostic: Diagnostic, one: &Writer<'_>, other: &Writer<'_>) -> Diagnostic {
    let name = other.stage.name.span;
    let file = files.get(name.file);
    let end = file.range(name).end;
    let rest = &file.text()[end..];
    // What else stands between a name and its block may hold a brace of its own.
    let Some(open) = rest.find('{').filter(|open| rest[..*open].trim().is_empty()) else { return diagnostic };
    let inside = &rest[open + 1..];
    let need = format!("needs {}", declared(one.stage));
    let line = inside.strip_prefix('\n').map(|line| &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]);
    let insertion = match line {
        Some(indent) => format!("\n{indent}{need}"),
        None => format!(" {need};"),
    };
    let at = end + open + 1;
    diagnostic.suggestion(format!("let `{}` wait", declared(other.stage)), file.span(at, at), insertion)
}

fn declared(stage: &Stage) -> &Name {
    stage.instance.as_ref().map_or(&stage.name.value, |instance| &instance.of)
}

/// The place of an artifact under the pipeline's directory, where it is known.
fn place(artifact: &Artifact) -> Option<String> {
    let path = artifact.path.as_literal()?;
    let to = match &artifact.to {
        Some(to) => Some(to.as_literal()?),
        None => None,
    };
    let place = Artifact::destination(path, to);
    let parts = place.components().filter(|part| !matches!(part, std::path::Component::CurDir));
    Some(parts.collect::<std::path::PathBuf>().to_string_lossy().into_owned())
}

fn is_file(place: &str) -> bool {
    let name = place.rsplit('/').next().unwrap_or_default();
    name.trim_start_matches('.').contains('.')
}
