use std::collections::HashSet;
use std::time::Duration;

use super::matrix::MatrixScope;
use super::resolver::Resolver;
use super::resource::declared_name;
use super::text::Site;
use crate::ast;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::codes::graph::BAD_RETRY_CONDITION;
use crate::diagnostic::codes::services::MISSING_IMAGE;
use crate::model::{
    Artifact, Condition, ConditionTest, Instance, Name, NameKind, Oom, ParamSource, Piece, Retry, RetryOn, Stage,
    StageInput, Text,
};
use crate::source::Spanned;

impl Resolver<'_> {
    /// A stage, or the instances of its matrix; what cannot be resolved is left out.
    pub fn stages(&mut self, stage: &ast::Stage) -> Vec<Stage> {
        let Some(matrix) = &stage.matrix else {
            return self.stage(stage, None).into_iter().collect();
        };
        let Some(combinations) = self.combinations(stage, matrix) else {
            // Looked at as any other, so that its other mistakes are told too.
            self.matrix = MatrixScope::Open;
            self.stage(stage, None);
            self.matrix = MatrixScope::Outside;
            self.incomplete();
            return Vec::new();
        };
        let mut instances = Vec::new();
        let mut used = HashSet::new();
        let of = Name::new(stage.name.value.as_str());
        for (index, values) in combinations.into_iter().enumerate() {
            self.implied.clear();
            let uses = self.references.len();
            self.matrix = MatrixScope::Instance { values: values.clone(), used: HashSet::new() };
            instances.extend(self.stage(stage, Some(Instance { of: of.clone(), values })));
            if let MatrixScope::Instance { used: more, .. } = std::mem::take(&mut self.matrix) {
                used.extend(more);
            }
            if index > 0 {
                // The same words, looked at again.
                self.references.truncate(uses);
            }
        }
        // Values are what tells the instances of another matrix apart.
        if stage.inputs.is_empty() {
            self.axes_are_used(matrix, &used);
        }
        instances
    }

    fn stage(&mut self, stage: &ast::Stage, instance: Option<Instance>) -> Option<Stage> {
        let merged = self.templates.merged.get(stage.name.value.as_str())?.clone();
        let settings = &merged.settings;
        let site = Site::Container(Some(&stage.name.value));
        let container = self.container(settings, site, true);
        let artifacts: Vec<Artifact> = stage.artifacts.iter().map(|artifact| self.artifact(artifact, site)).collect();
        let inputs: Vec<StageInput> = stage.inputs.iter().filter_map(|input| self.stage_input(input, site)).collect();
        let needs = self.needs_of(Some(&stage.name), &settings.needs, &settings.after, &inputs);
        let runs_something = settings.command.is_some()
            || settings.entrypoint.is_some()
            || !settings.env.is_empty()
            || !settings.mounts.is_empty()
            || !artifacts.is_empty()
            || stage.report.is_some()
            || !stage.inputs.is_empty();
        if settings.image.is_none() && runs_something && !merged.partial {
            self.missing_image("stage", &stage.name);
        }
        if settings.image.is_some() && container.is_none() || inputs.len() < stage.inputs.len() {
            self.incomplete();
        }
        let tells_of_tests = stage.report.is_some() || artifacts.iter().any(|artifact| artifact.report.is_some());
        let name = declared_name(&stage.name);
        Some(Stage {
            host: name.value.clone(),
            name: name.map(|name| instance.as_ref().map_or(name, |instance| Name::new(instance.to_string()))),
            instance,
            container,
            needs,
            artifacts,
            report: stage.report.map(|report| report.value),
            inputs,
            conditions: stage.conditions.iter().filter_map(|condition| self.condition(condition)).collect(),
            retry: stage.retry.as_ref().and_then(|retry| self.retry(retry)),
            always: stage.always.is_some_and(|always| always.value),
            allow_failure: stage.allow_failure.is_some_and(|allow| allow.value),
            expect_exit: match stage.expect_exit.as_slice() {
                [] => vec![0],
                codes => codes.iter().map(|code| code.value).collect(),
            },
            oom: stage.oom.map_or(if tells_of_tests { Oom::Fail } else { Oom::Warn }, |oom| oom.value),
            span: stage.span,
        })
    }

    /// What is copied out of a container.
    pub fn artifact(&mut self, artifact: &ast::Artifact, site: Site<'_>) -> Artifact {
        let path = self.text(&artifact.path, site);
        self.must_be_absolute(&path, &artifact.path, "the path of an artifact");
        let to = self.destination(artifact, site);
        if let (Some(text), Some(written)) = (&to, &artifact.to) {
            self.must_stay_inside(text, written);
        }
        Artifact {
            path,
            to,
            report: artifact.report.map(|report| report.value),
            on: artifact.on.map(|on| on.value).unwrap_or_default(),
            span: artifact.span,
        }
    }

    /// Where an artifact is put, from the pipeline's own directory.
    fn destination(&mut self, artifact: &ast::Artifact, site: Site<'_>) -> Option<Text> {
        let mut to = self.optional_text(artifact.to.as_ref(), site);
        let place = artifact.to.as_ref().map_or(artifact.span, |to| to.span);
        let directory = self.files.get(place.file).directory();
        let is_absolute = artifact.to.as_ref().is_some_and(|to| to.value.starts_with('/'));
        if !directory.as_os_str().is_empty() && !is_absolute {
            let prefix = format!("{}/", directory.display());
            to.get_or_insert(Text { pieces: Vec::new(), span: place }).pieces.insert(0, Piece::Literal(prefix));
        }
        to
    }

    fn condition(&mut self, condition: &ast::Condition) -> Option<Condition> {
        let test = match &condition.test {
            ast::ConditionTest::Changed(pattern) => ConditionTest::Changed(pattern.value.clone()),
            ast::ConditionTest::Param { param, is, value } => {
                let name = self.refer(NameKind::Param, param)?;
                let Some(known) = self.params.get(&name.value).map(|param| param.source.clone()) else {
                    self.unset_param(&param.value, param.span);
                    return None;
                };
                let known = match known {
                    ParamSource::Value(value) => Some(value),
                    ParamSource::Command { .. } => None,
                };
                ConditionTest::Param { param: name.value, is: *is, value: value.value.clone(), known }
            }
        };
        Some(Condition { test, span: condition.span })
    }

    fn retry(&mut self, retry: &ast::Retry) -> Option<Retry> {
        let on = match &retry.on {
            None => vec![RetryOn::Any],
            Some(written) => self.retry_on(written)?,
        };
        Some(Retry {
            times: retry.times.value,
            on,
            backoff: retry.backoff.map_or(Duration::ZERO, |backoff| backoff.value),
            span: retry.span,
        })
    }

    /// `exit 137, oom`.
    fn retry_on(&mut self, written: &Spanned<String>) -> Option<Vec<RetryOn>> {
        let mut found = Vec::new();
        let mut begin = 0;
        for part in written.value.split(',') {
            let at = begin + (part.len() - part.trim_start().len());
            begin += part.len() + 1;
            let part = part.trim();
            match retry_condition(part) {
                Some(conditions) => found.extend(conditions),
                None => {
                    let span = if part.is_empty() { written.span } else { self.inside(written, at..at + part.len()) };
                    self.report(
                        Diagnostic::new(BAD_RETRY_CONDITION, format!("`{part}` is no failure to try again after"))
                            .label(span, "not known")
                            .help("write `exit CODE`, `oom`, `timeout` or `any`, separated by commas: `on=\"exit 137, oom\"`"),
                    );
                    return None;
                }
            }
        }
        Some(found)
    }

    /// Tells of a container without an image.
    pub fn missing_image(&mut self, kind: &str, name: &Spanned<String>) {
        self.report(
            Diagnostic::new(MISSING_IMAGE, format!("{kind} `{}` has no image", name.value))
                .label(name.span, "runs in which image?")
                .help("name a declared image, or one of a registry: `image \"busybox:1.35\"`"),
        );
    }
}

/// One condition of `retry on=`; `exit` takes several codes.
fn retry_condition(part: &str) -> Option<Vec<RetryOn>> {
    let mut words = part.split_whitespace();
    let found = match words.next()? {
        "any" => vec![RetryOn::Any],
        "oom" => vec![RetryOn::Oom],
        "timeout" => vec![RetryOn::Timeout],
        "exit" => {
            let codes: Option<Vec<RetryOn>> = words
                .by_ref()
                .map(|word| word.parse().ok().filter(|code| (0..=255).contains(code)).map(RetryOn::Exit))
                .collect();
            codes.filter(|codes| !codes.is_empty())?
        }
        _ => return None,
    };
    words.next().is_none().then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_are_words_and_codes() {
        assert_eq!(retry_condition("exit 137 1"), Some(vec![RetryOn::Exit(137), RetryOn::Exit(1)]));
        assert_eq!(retry_condition("oom"), Some(vec![RetryOn::Oom]));
        for wrong in ["", "exit", "exit 256", "exit x", "oom 1", "never"] {
            assert_eq!(retry_condition(wrong), None, "{wrong}");
        }
    }
}
