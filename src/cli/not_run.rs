use std::collections::{BTreeSet, HashMap, HashSet};

use super::ExitStatus;
use super::load::Loaded;
use super::terminal::complain;
use crate::ast::{self, Spec};
use crate::diagnostic::Diagnostics;
use crate::model::Pipeline;
use crate::plan::{Demands, NodeKind, Plan};
use crate::source::Span;

/// Refuses a plan that needs what this version cannot run. What stands in declarations that the plan does not need is no hindrance.
pub fn refuse_not_run(loaded: &Loaded, pipeline: &Pipeline, plan: &Plan, demands: &Demands) -> Result<(), ExitStatus> {
    let not_run = &loaded.analysis.spec.not_run;
    if not_run.is_empty() {
        return Ok(());
    }
    let needed = needed(&loaded.analysis.spec, pipeline, plan, demands);
    let matters = |span: Span| {
        let before = needed.range(..=Span { end: u32::MAX, ..span }).next_back();
        before.is_some_and(|node| node.file == span.file && node.start <= span.start && span.end <= node.end)
    };
    let refused: Diagnostics = not_run.iter().filter(|it| it.span().is_none_or(matters)).cloned().collect();
    if refused.is_empty() {
        return Ok(());
    }
    complain(&refused, loaded.files());
    Err(ExitStatus::Usage)
}

/// The declarations that a plan needs: the header, what its nodes are about, what they take from outside, and the templates that they
/// extend.
fn needed(spec: &Spec, pipeline: &Pipeline, plan: &Plan, demands: &Demands) -> BTreeSet<Span> {
    let mut needed: BTreeSet<Span> = pipeline.header().span.into_iter().collect();
    for node in &plan.nodes {
        let name = node.name.as_str();
        needed.extend(match node.kind {
            NodeKind::Image => pipeline.images().get(name).map(|image| image.span),
            NodeKind::Network => pipeline.networks().get(name).map(|network| network.span),
            NodeKind::Volume => pipeline.volumes().get(name).map(|volume| volume.span),
            _ => None,
        });
        let runnable = node.runnable.as_ref().and_then(|name| pipeline.runnables().get(name));
        needed.extend(runnable.map(|runnable| runnable.span()));
    }
    needed.extend(demands.params.iter().filter_map(|name| Some(pipeline.params().get(name)?.span)));
    needed.extend(demands.secrets.iter().filter_map(|name| Some(pipeline.secrets().get(name)?.span)));
    let extended = extended(spec, &needed);
    needed.extend(extended);
    needed
}

/// The templates that the runnables of `needed` extend, directly or through others.
fn extended(spec: &Spec, needed: &BTreeSet<Span>) -> Vec<Span> {
    let templates: HashMap<&str, &ast::Template> =
        spec.templates.iter().map(|template| (template.name.value.as_str(), template)).collect();
    let settings = spec.runnables.iter().filter_map(|runnable| match runnable {
        ast::Runnable::Service(service) => Some((service.span, &service.settings)),
        ast::Runnable::Stage(stage) => Some((stage.span, &stage.settings)),
        ast::Runnable::Acceptance(_) => None,
    });
    let mut pending: Vec<&str> = settings
        .filter(|(span, _)| needed.contains(span))
        .flat_map(|(_, settings)| settings.extends.iter().map(|name| name.value.as_str()))
        .collect();
    let mut seen = HashSet::new();
    let mut spans = Vec::new();
    while let Some(name) = pending.pop() {
        if let Some(template) = templates.get(name).filter(|_| seen.insert(name)) {
            spans.push(template.span);
            pending.extend(template.settings.extends.iter().map(|name| name.value.as_str()));
        }
    }
    spans
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::analyze;
    use crate::model::{Inputs, Name};
    use crate::plan::{Goal, plan};
    use crate::source::{Files, MemoryWorkspace};

    const TEXT: &str = "\
template odd { image \"x:1\"; needs forwarded }
image agent { build . { ssh } }
stage plain { image \"x:1\"; command x }
stage forwarded { image agent; command x }
stage heir { extends odd; command x }
";

    /// How many of the parts that are not run matter to a run of `target`.
    fn matter(text: &str, target: &str) -> usize {
        let workspace = MemoryWorkspace::default().with("Dockerfile", "FROM x:1\n");
        let analysis = analyze(&Files::single("pipeline.kdl", text), &Inputs::new(&workspace));
        let pipeline = analysis.pipeline.unwrap_or_else(|| panic!("{:#?}", analysis.diagnostics));
        let goal = Goal { targets: vec![Name::from(target)], ..Goal::default() };
        let plan = plan(&pipeline, &goal);
        let needed = needed(&analysis.spec, &pipeline, &plan, &plan.demands());
        let is_in = |span: Span| needed.iter().any(|node| node.start <= span.start && span.end <= node.end);
        analysis.spec.not_run.iter().filter(|it| is_in(it.span().unwrap())).count()
    }

    #[test]
    fn only_what_a_plan_needs_is_refused() {
        assert_eq!(matter(TEXT, "plain"), 0);
        assert_eq!(matter(TEXT, "forwarded"), 1);
        assert_eq!(matter(TEXT, "heir"), 1);
    }
}
