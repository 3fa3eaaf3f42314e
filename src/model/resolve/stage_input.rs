use indexmap::IndexMap;

use super::declared::with_guess;
use super::resolver::Resolver;
use super::text::Site;
use crate::ast;
use crate::diagnostic::codes::graph::{AMBIGUOUS_INPUT, ARTIFACT_NOT_PRODUCED, ARTIFACT_PATH_ESCAPE};
use crate::diagnostic::{Diagnostic, listed};
use crate::model::{Artifact, Name, NameKind, NeedKind, Runnable, Stage, StageInput, Text};
use crate::source::Spanned;

impl Resolver<'_> {
    /// An artifact of another stage; whether that stage leaves it is seen when all stages are there.
    pub fn stage_input(&mut self, input: &ast::Input, site: Site<'_>) -> Option<StageInput> {
        let path = self.text(&input.path, site);
        self.must_be_absolute(&path, &input.path, "the path of an artifact");
        let at = match &input.at {
            Some(written) => {
                let at = self.text(written, site);
                self.must_be_absolute(&at, written, "the place of an input");
                at
            }
            None => path.clone(),
        };
        let name = input.stage.value.as_str();
        if !matches!(self.declared.runnables.get(name), Some(ast::Runnable::Stage(_))) {
            let stages = self.declared.stages();
            let unknown = self.declared.unknown_among("stage", NameKind::Runnable, &stages, &input.stage);
            self.report(unknown);
            return None;
        }
        self.note_use(NameKind::Runnable, name, input.stage.span);
        Some(StageInput { from: Spanned::new(Name::new(name), input.stage.span), path, at, span: input.span })
    }

    /// Gives each input the stage or instance that leaves it, and tells of those that none does.
    pub fn inputs_are_produced(&mut self, resolved: &mut IndexMap<Name, Vec<Runnable>>) {
        let stages: IndexMap<Name, Vec<Stage>> = resolved
            .iter()
            .filter(|(name, _)| self.feeds.contains(*name))
            .map(|(name, runnables)| (name.clone(), runnables.iter().filter_map(as_stage).cloned().collect()))
            .collect();
        let users = resolved.values_mut().flatten().filter_map(|runnable| match runnable {
            Runnable::Stage(stage) if !stage.inputs.is_empty() => Some(stage),
            _ => None,
        });
        let mut problems = Vec::new();
        for stage in users {
            let mut chosen = Vec::new();
            for input in &mut stage.inputs {
                let Some(producers) = stages.get(&input.from.value).filter(|stages| !stages.is_empty()) else {
                    continue;
                };
                match producer(producers, stage.instance.as_ref()) {
                    Err(several) => problems.push(ambiguous(input, &several)),
                    Ok(found) => {
                        if !found.artifacts.iter().any(|artifact| leaves(artifact, &input.path)) {
                            problems.push(not_produced(input, found));
                        }
                        chosen.push((input.from.value.clone(), found.name.value.clone()));
                        input.from.value = found.name.value.clone();
                    }
                }
            }
            for need in stage.needs.iter_mut().filter(|need| need.kind == NeedKind::Input) {
                if let Some((_, instance)) = chosen.iter().find(|(stage, _)| *stage == need.on) {
                    need.on = instance.clone();
                }
            }
        }
        for problem in problems {
            self.report(problem);
        }
    }

    /// Tells of a place on the host that is not under the pipeline's directory.
    pub fn must_stay_inside(&mut self, text: &Text, written: &Spanned<String>) {
        let literal = text.to_string();
        let mut depth = 0_i32;
        let climbs = literal.split('/').any(|part| {
            depth += match part {
                "" | "." => 0,
                ".." => -1,
                _ => 1,
            };
            depth < 0
        });
        let absolute = written.value.starts_with('/');
        if !absolute && !climbs {
            return;
        }
        let mended = literal.split('/').filter(|part| !part.is_empty() && *part != "..").collect::<Vec<_>>().join("/");
        let mended = if literal.ends_with('/') && !mended.is_empty() { format!("{mended}/") } else { mended };
        let mended = if mended.is_empty() { "reports/".to_owned() } else { mended };
        self.report(
            Diagnostic::new(ARTIFACT_PATH_ESCAPE, "an artifact would be written outside of the pipeline's directory")
                .label(written.span, if absolute { "an absolute path" } else { "leads out of it" })
                .help(format!("write a path in it: `\"{mended}\"`"))
                .suggestion("stay inside", written.span, format!("\"{mended}\"")),
        );
    }
}

fn as_stage(runnable: &Runnable) -> Option<&Stage> {
    match runnable {
        Runnable::Stage(stage) => Some(stage),
        Runnable::Service(_) | Runnable::Acceptance(_) => None,
    }
}

/// The one stage that an input comes of: of a matrix, the instance that agrees with the user's own values.
fn producer<'a>(producers: &'a [Stage], user: Option<&crate::model::Instance>) -> Result<&'a Stage, Vec<&'a Stage>> {
    let agrees = |stage: &&Stage| match (&stage.instance, user) {
        (Some(instance), Some(user)) => instance.agrees_with(user),
        _ => true,
    };
    let fitting: Vec<&Stage> = producers.iter().filter(agrees).collect();
    match fitting.as_slice() {
        [only] => Ok(only),
        _ => Err(fitting),
    }
}

/// Whether `path` is an artifact, or lies in it. Where a value is not known yet, it may be.
fn leaves(artifact: &Artifact, path: &Text) -> bool {
    let (artifact_path, wanted) = (artifact.path.to_string(), path.to_string());
    let (artifact_path, wanted) = (artifact_path.trim_end_matches('/'), wanted.trim_end_matches('/'));
    wanted == artifact_path
        || wanted.strip_prefix(artifact_path).is_some_and(|rest| rest.starts_with('/'))
        || artifact.path.as_literal().is_none()
        || path.as_literal().is_none()
}

fn not_produced(input: &StageInput, producer: &Stage) -> Diagnostic {
    let message = format!("stage `{}` leaves no `{}`", input.from.value, input.path);
    let diagnostic = Diagnostic::new(ARTIFACT_NOT_PRODUCED, message)
        .label(input.path.span, "not an artifact of it")
        .label(producer.name.span, "declared here");
    let candidates: Vec<String> = producer.artifacts.iter().map(|artifact| artifact.path.to_string()).collect();
    match candidates.as_slice() {
        [] => diagnostic.help(format!("declare it in `{}`: `artifact \"{}\"`", input.from.value, input.path)),
        [only] => {
            let diagnostic = diagnostic
                .help(format!("write `\"{only}\"`, or declare it: `artifact \"{}\"`", input.path))
                .note(format!("it leaves `{only}`"));
            let mut diagnostic = with_guess(diagnostic, input.path.span, only);
            if let Some(edit) = diagnostic.fixes.last_mut().and_then(|fix| fix.edits.first_mut()) {
                edit.text = format!("\"{only}\"");
            }
            diagnostic
        }
        several => diagnostic
            .help(format!("name one that it leaves, or declare it: `artifact \"{}\"`", input.path))
            .note(format!("it leaves {}", listed(several.iter().take(12), "and"))),
    }
}

fn ambiguous(input: &StageInput, several: &[&Stage]) -> Diagnostic {
    let name = &input.from.value;
    let diagnostic = match several {
        [] => Diagnostic::new(AMBIGUOUS_INPUT, format!("no instance of `{name}` has the values of this stage"))
            .label(input.from.span, "of which instance?"),
        several => {
            let names: Vec<&str> = several.iter().take(4).map(|stage| stage.name.value.as_str()).collect();
            let more = if several.len() > 4 { format!(" and {} more", several.len() - 4) } else { String::new() };
            Diagnostic::new(AMBIGUOUS_INPUT, format!("`{name}` has {} instances that could leave it", several.len()))
                .label(input.from.span, "of which instance?")
                .note(format!("these could: {}{more}", listed(names, "and")))
        }
    };
    diagnostic.help("give this stage a matrix whose values agree with one instance alone")
}
