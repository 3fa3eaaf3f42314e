use indexmap::IndexMap;
use petgraph::graph::DiGraph;

use super::resolver::Resolver;
use super::template::shown;
use crate::ast;
use crate::diagnostic::codes::graph::{DEPENDENCY_CYCLE, IMPOSSIBLE_GATE};
use crate::diagnostic::{Diagnostic, listed};
use crate::model::cycle::shortest_cycles;
use crate::model::{Gate, Name, NameKind, Need, NeedKind, Runnable};
use crate::source::Spanned;

impl Resolver<'_> {
    /// What `needs`, `after` and the texts resolved so far ask for. Takes the implied needs; each runnable and gate stands once.
    pub fn needs_of(&mut self, needs: &[ast::Need], after: &[Spanned<String>]) -> Vec<Need> {
        let mut resolved: Vec<Need> = Vec::new();
        for need in needs {
            if let Some(on) = self.refer(NameKind::Runnable, &need.on) {
                let gate = self.gate(&need.on, need.gate.as_ref());
                resolved.push(Need { on: on.value, gate, kind: NeedKind::Needs, span: on.span });
            }
        }
        for on in std::mem::take(&mut self.implied) {
            let gate = self.default_gate(on.value.as_str());
            resolved.push(Need { on: on.value, gate, kind: NeedKind::Reference, span: on.span });
        }
        for name in after {
            if let Some(on) = self.refer(NameKind::Runnable, name) {
                let gate = match self.default_gate(on.value.as_str()) {
                    // What comes after something waits for its end, well or not.
                    Gate::Succeeded => Gate::Completed,
                    gate => gate,
                };
                resolved.push(Need { on: on.value, gate, kind: NeedKind::After, span: on.span });
            }
        }
        let mut seen = std::collections::HashSet::new();
        resolved.retain(|need| seen.insert((need.on.clone(), need.gate, need.kind == NeedKind::After)));
        resolved
    }

    /// The gate that follows the kind: a stage has succeeded, an acceptance has passed, a service is healthy where it has a
    /// healthcheck and started where it has none.
    pub fn default_gate(&self, name: &str) -> Gate {
        match self.declared.runnables.get(name) {
            Some(ast::Runnable::Service(_)) => {
                let checked = self.merged.get(name).is_some_and(|merged| merged.is_checked());
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
            && !self.merged.get(on.value.as_str()).is_some_and(|merged| merged.is_checked())
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

    /// Tells of every knot of needs, by its shortest path.
    pub fn needs_have_no_cycle(&mut self, runnables: &IndexMap<Name, Runnable>) {
        let mut graph = DiGraph::new();
        let nodes: Vec<_> = runnables.values().map(|runnable| graph.add_node(runnable.name())).collect();
        for (index, runnable) in runnables.values().enumerate() {
            for need in runnable.needs() {
                if let Some(on) = runnables.get_index_of(&need.on) {
                    graph.add_edge(nodes[index], nodes[on], need);
                }
            }
        }
        for cycle in shortest_cycles(&graph) {
            let edges: Vec<(&Name, &Need)> = cycle
                .iter()
                .map(|edge| {
                    (&graph[graph.edge_endpoints(*edge).expect("the edge is of this graph").0].value, graph[*edge])
                })
                .collect();
            let mut path: Vec<String> = edges.iter().map(|(from, _)| format!("`{from}`")).collect();
            path.extend(path.first().cloned());
            let mut diagnostic =
                Diagnostic::new(DEPENDENCY_CYCLE, format!("needs form a cycle: {}", shown(&path, " → ")))
                    .help("take one of these needs away");
            for (from, need) in edges.iter().take(12) {
                let verb = match need.kind {
                    NeedKind::Needs => "needs",
                    NeedKind::After => "comes after",
                    NeedKind::Target => "targets",
                    NeedKind::Reference => "refers to",
                };
                diagnostic = diagnostic.label(need.span, format!("`{from}` {verb} `{}`", need.on));
            }
            if edges.len() > 12 {
                diagnostic = diagnostic.note(format!("the cycle has {} needs; the first 12 are shown", edges.len()));
            }
            self.report(diagnostic);
        }
    }
}
