use indexmap::IndexMap;
use petgraph::graph::DiGraph;

use super::resolver::Resolver;
use super::template::shown;
use crate::ast::{self, name_removal};
use crate::diagnostic::codes::graph::{
    ALWAYS_NEEDS_SUCCESS, DEPENDENCY_CYCLE, IMPOSSIBLE_GATE, NEEDS_THE_END, SELF_DEPENDENCY,
};
use crate::diagnostic::{Diagnostic, listed};
use crate::model::cycle::shortest_cycles;
use crate::model::{Gate, Name, NameKind, Need, NeedKind, Runnable, StageInput};
use crate::source::Spanned;

impl Resolver<'_> {
    /// What `needs`, `after`, the inputs and the texts resolved so far of the runnable `own` ask for. Takes the implied needs; each
    /// runnable and gate stands once.
    pub fn needs_of(
        &mut self,
        own: Option<&Spanned<String>>,
        needs: &[ast::Need],
        after: &[Spanned<String>],
        inputs: &[StageInput],
    ) -> Vec<Need> {
        let mut resolved: Vec<Need> = Vec::new();
        let is_own = |name: &str| own.is_some_and(|own| own.value == name);
        for need in needs {
            if is_own(&need.on.value) {
                self.needs_itself("needs", &need.on);
            } else if let Some(on) = self.refer(NameKind::Runnable, &need.on) {
                let gate = self.gate(&need.on, need.gate.as_ref());
                resolved.push(Need { on: on.value, gate, kind: NeedKind::Needs, span: on.span });
            }
        }
        for on in std::mem::take(&mut self.implied) {
            let gate = self.default_gate(on.value.as_str());
            resolved.push(Need { on: on.value, gate, kind: NeedKind::Reference, span: on.span });
        }
        for input in inputs {
            if is_own(input.from.value.as_str()) {
                self.needs_itself("takes an input of", &input.from.clone().map(|name| name.to_string()));
            } else {
                let (on, span) = (input.from.value.clone(), input.from.span);
                resolved.push(Need { on, gate: Gate::Succeeded, kind: NeedKind::Input, span });
            }
        }
        for name in after {
            if is_own(&name.value) {
                self.needs_itself("comes after", name);
            } else if let Some(on) = self.refer(NameKind::Runnable, name) {
                let gate = match self.default_gate(on.value.as_str()) {
                    // What comes after something waits for its end, well or not.
                    Gate::Succeeded => Gate::Completed,
                    gate => gate,
                };
                resolved.push(Need { on: on.value, gate, kind: NeedKind::After, span: on.span });
            }
        }
        let mut seen = std::collections::HashSet::new();
        resolved.retain(|need| {
            // An input is of one instance, a need of all.
            let kind = (need.kind == NeedKind::After, need.kind == NeedKind::Input);
            seen.insert((need.on.clone(), need.gate, kind))
        });
        resolved
    }

    /// The gate that follows the kind: a stage has succeeded, an acceptance has passed, a service is healthy where it has a
    /// healthcheck and started where it has none.
    pub fn default_gate(&self, name: &str) -> Gate {
        match self.declared.runnables.get(name) {
            Some(ast::Runnable::Service(_)) => {
                let checked = self.templates.merged.get(name).is_some_and(|merged| merged.is_checked());
                if checked { Gate::Healthy } else { Gate::Started }
            }
            _ => Gate::Succeeded,
        }
    }

    fn gate(&mut self, on: &Spanned<String>, written: Option<&Spanned<Gate>>) -> Gate {
        let Some(written) = written else { return self.default_gate(&on.value) };
        let runnable = self.declared.runnables[on.value.as_str()];
        let possible: &[Gate] = match runnable {
            ast::Runnable::Service(_) => &[Gate::Started, Gate::Healthy, Gate::Exited],
            ast::Runnable::Stage(_) => &[Gate::Started, Gate::Succeeded, Gate::Completed, Gate::Exited],
            ast::Runnable::Acceptance(_) => &[Gate::Succeeded, Gate::Completed],
        };
        if !possible.contains(&written.value) {
            let kind = runnable.kind();
            let article = if kind == "acceptance" { "an" } else { "a" };
            self.report(
                Diagnostic::new(IMPOSSIBLE_GATE, format!("{article} {kind} never becomes {}", written.value))
                    .label(written.span, format!("`{}` is {article} {kind}", on.value))
                    .label(runnable.name().span, "declared here")
                    .help(format!("write {}", listed(possible.iter().map(|gate| format!("gate={gate}")), "or"))),
            );
        } else if written.value == Gate::Healthy
            && !self.templates.merged.get(on.value.as_str()).is_some_and(|merged| merged.is_checked())
        {
            self.report(
                Diagnostic::new(
                    IMPOSSIBLE_GATE,
                    format!("service `{}` has no healthcheck, so it never becomes healthy", on.value),
                )
                .label(written.span, "never reached")
                .label(runnable.name().span, "no healthcheck")
                .help("give the service one: `healthcheck tcp=5432`, or write `gate=started`"),
            );
        }
        written.value
    }

    /// Tells of a runnable that waits for itself.
    fn needs_itself(&mut self, verb: &str, token: &Spanned<String>) {
        let diagnostic = Diagnostic::new(SELF_DEPENDENCY, format!("`{}` {verb} itself", token.value))
            .label(token.span, "would never start")
            .help("take it away");
        let diagnostic = match name_removal(self.files, token.span) {
            Some(span) => diagnostic.fix("take it away", span, ""),
            None => diagnostic,
        };
        self.report(diagnostic);
    }

    /// Tells of every knot of needs, by its shortest path. The instances of a stage have the same needs, so one stands for all.
    pub fn needs_have_no_cycle(&mut self, runnables: &IndexMap<Name, Vec<Runnable>>) {
        let mut graph = DiGraph::new();
        let nodes: Vec<_> = runnables.keys().map(|name| graph.add_node(name)).collect();
        for (index, runnable) in runnables.values().enumerate() {
            for need in runnable.first().map(Runnable::needs).unwrap_or_default() {
                if let Some(on) = runnables.get_index_of(&need.on) {
                    graph.add_edge(nodes[index], nodes[on], need);
                }
            }
        }
        for cycle in shortest_cycles(&graph) {
            let edges: Vec<(&Name, &Need)> = cycle
                .iter()
                .map(|edge| (graph[graph.edge_endpoints(*edge).expect("the edge is of this graph").0], graph[*edge]))
                .collect();
            self.report(cycle_report(&edges));
        }
    }

    /// Tells of stages that run in the end, whatever happened, and yet wait for a success, and of what waits for them.
    pub fn always_stands_last(&mut self, runnables: &IndexMap<Name, Vec<Runnable>>) {
        let is_always = |runnable: &Runnable| matches!(runnable, Runnable::Stage(stage) if stage.always);
        let mut found = Vec::new();
        for runnable in runnables.values().filter_map(|instances| instances.first()) {
            let (own, name) = (is_always(runnable), runnable.name());
            for need in runnable.needs() {
                let Some(needed) = runnables.get(&need.on).and_then(|instances| instances.first()) else { continue };
                let last = is_always(needed);
                let ends = !matches!(needed, Runnable::Service(_)) || need.gate == Gate::Exited;
                let base = if own && ends && !last && need.kind != NeedKind::After && need.gate != Gate::Completed {
                    let message = format!("`{}` may never get so far, and this runs whatever happens", need.on);
                    Diagnostic::new(ALWAYS_NEEDS_SUCCESS, message)
                        .label(need.span, "may never be")
                        .help(format!("write `after {0}`, or `needs {0} gate=completed`", need.on))
                } else if last && !own {
                    Diagnostic::new(NEEDS_THE_END, format!("`{}` runs when all else has ended", need.on))
                        .label(need.span, "waits for the end")
                        .label(needed.name().span, "runs in the end")
                        .help("take the need away, or the `always`")
                } else {
                    continue;
                };
                found.push(if own { base.label(name.span, "runs in the end") } else { base });
            }
        }
        for diagnostic in found {
            self.report(diagnostic);
        }
    }
}

/// Names the path of a cycle, and labels each of its edges, in the order of the path.
fn cycle_report(edges: &[(&Name, &Need)]) -> Diagnostic {
    let mut path: Vec<String> = edges.iter().map(|(from, _)| format!("`{from}`")).collect();
    path.extend(path.first().cloned());
    let mut diagnostic = Diagnostic::new(DEPENDENCY_CYCLE, format!("needs form a cycle: {}", shown(&path, " → ")))
        .help("take one of these needs away");
    for (from, need) in edges.iter().take(12) {
        let verb = match need.kind {
            NeedKind::Needs => "needs",
            NeedKind::After => "comes after",
            NeedKind::Target => "targets",
            NeedKind::Input => "takes an input of",
            NeedKind::Reference => "refers to",
        };
        diagnostic = diagnostic.label(need.span, format!("`{from}` {verb} `{}`", need.on));
    }
    if edges.len() > 12 {
        diagnostic = diagnostic.note(format!("the cycle has {} needs; the first 12 are shown", edges.len()));
    }
    diagnostic
}
