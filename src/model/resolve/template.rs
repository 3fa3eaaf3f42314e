use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use petgraph::algo::toposort;
use petgraph::graph::DiGraph;

use super::declared::Declared;
use super::matrix::MatrixScope;
use super::merged::Merged;
use super::resolver::Resolver;
use super::text::Site;
use crate::ast;
use crate::diagnostic::codes::graph::{TEMPLATE_CYCLE, TOO_MUCH_EXTENDED};
use crate::diagnostic::codes::services::SERVICE_ONLY;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::cycle::shortest_cycles;
use crate::model::{Name, NameKind};
use crate::source::Spanned;

/// How many settings all templates together may add to what extends them, so that a few lines cannot fill the memory.
const MOST_ADDED: usize = 500_000;

/// The settings of templates, services and stages with all that they extend.
pub(super) struct Templates {
    /// Templates by name, each with those that it extends underneath.
    templates: HashMap<Name, Merged>,
    /// How much may still be added.
    left: usize,
    /// Where too much would have been added.
    overflow: Option<Spanned<String>>,
    /// Services and stages by name.
    pub merged: HashMap<Name, Arc<Merged>>,
}

impl Templates {
    /// Merges templates into their users: scalars replace, `env` and `label` merge by key, lists append; later ones win, the user
    /// wins over all. Tells of unknown templates and of cycles.
    pub fn merge_all(declared: &Declared<'_>, diagnostics: &mut Diagnostics) -> Self {
        let mut graph = DiGraph::new();
        let nodes: HashMap<&str, _> =
            declared.templates.iter().map(|(name, template)| (*name, graph.add_node(*template))).collect();
        for (name, template) in &declared.templates {
            for parent in &template.settings.extends {
                match nodes.get(parent.value.as_str()) {
                    Some(node) => {
                        graph.add_edge(nodes[name], *node, parent);
                    }
                    None => diagnostics.push(declared.unknown(NameKind::Template, parent)),
                }
            }
        }
        let cycles = shortest_cycles(&graph);
        for cycle in &cycles {
            diagnostics.push(cycle_report(cycle.iter().map(|edge| graph[*edge]).collect()));
        }
        let mut all = Templates { templates: HashMap::new(), left: MOST_ADDED, overflow: None, merged: HashMap::new() };
        if let Ok(order) = toposort(&graph, None) {
            for template in order.into_iter().rev().map(|node| graph[node]) {
                let own = Merged {
                    settings: template.settings.clone(),
                    healthcheck: template.healthcheck.clone(),
                    ports: template.ports.clone(),
                    keep: template.keep,
                    restart: template.restart.clone(),
                    partial: false,
                };
                let merged = all.with_templates(own);
                all.templates.insert(Name::new(template.name.value.as_str()), merged);
            }
        }
        for (name, runnable) in &declared.runnables {
            let Some(own) = own_settings(runnable) else { continue };
            for parent in own.settings.extends.iter().filter(|parent| !declared.has(NameKind::Template, &parent.value))
            {
                diagnostics.push(declared.unknown(NameKind::Template, parent));
            }
            if let ast::Runnable::Stage(stage) = runnable {
                for parent in &stage.settings.extends {
                    if let Some(template) = all.templates.get(parent.value.as_str()) {
                        diagnostics.extend(service_only(parent, template));
                    }
                }
            }
            let merged = Arc::new(all.with_templates(own));
            all.merged.insert(Name::new(*name), merged);
        }
        if let Some(place) = &all.overflow {
            diagnostics.push(
                Diagnostic::new(
                    TOO_MUCH_EXTENDED,
                    format!("templates add more than {MOST_ADDED} settings to this file"),
                )
                .label(place.span, "one too many")
                .help("extend fewer or smaller templates")
                .note("this limit keeps a small file from filling the memory"),
            );
        }
        all
    }

    /// Merges the templates of one service or stage anew, which extends what it extended before. Answers what it was; `None` where it
    /// is neither, or where the limit leaves no room to do so.
    pub fn merge_again(&mut self, runnable: &ast::Runnable) -> Option<Arc<Merged>> {
        let own = own_settings(runnable).filter(|_| self.overflow.is_none())?;
        let left = self.left;
        self.left = MOST_ADDED;
        let merged = Arc::new(self.with_templates(own));
        self.left = left;
        self.merged.insert(Name::new(runnable.name().value.as_str()), merged)
    }

    /// `own` with its templates, which are merged already, underneath.
    fn with_templates(&mut self, own: Merged) -> Merged {
        let mut partial = false;
        let mut below: Option<Merged> = None;
        for parent in &own.settings.extends {
            let Some(template) = self.templates.get(parent.value.as_str()) else {
                partial = true;
                continue;
            };
            match self.left.checked_sub(template.size()) {
                Some(left) => self.left = left,
                None => {
                    self.overflow.get_or_insert_with(|| parent.clone());
                    partial = true;
                    continue;
                }
            }
            match &mut below {
                Some(below) => below.put_over(template.clone()),
                None => below = Some(template.clone()),
            }
        }
        let mut merged = match below {
            Some(mut below) => {
                below.put_over(own);
                below
            }
            None => own,
        };
        merged.partial |= partial;
        merged
    }
}

/// What a service or stage says itself.
fn own_settings(runnable: &ast::Runnable) -> Option<Merged> {
    match runnable {
        ast::Runnable::Service(service) => Some(Merged {
            settings: service.settings.clone(),
            healthcheck: service.healthcheck.clone(),
            ports: service.ports.clone(),
            keep: service.keep,
            restart: service.restart.clone(),
            partial: false,
        }),
        ast::Runnable::Stage(stage) => Some(Merged { settings: stage.settings.clone(), ..Merged::default() }),
        ast::Runnable::Acceptance(_) => None,
    }
}

/// What a stage gets from a template that only a service can use.
fn service_only(extends: &Spanned<String>, template: &Merged) -> Diagnostics {
    let healthcheck = template.healthcheck.as_ref().map(|check| ("healthcheck", check.span));
    let port = template.ports.first().map(|port| ("port", port.span));
    let keep = template.keep.as_ref().map(|keep| ("keep", keep.span));
    let restart = template.restart.as_ref().map(|restart| ("restart", restart.policy.span));
    [healthcheck, port, keep, restart]
        .into_iter()
        .flatten()
        .map(|(what, span)| {
            Diagnostic::new(
                SERVICE_ONLY,
                format!("template `{}` has a {what}, which a stage cannot have", extends.value),
            )
            .label(extends.span, "extended by a stage")
            .label(span, "for services only")
            .help(format!("move the {what} into the services that extend the template"))
        })
        .collect()
}

fn cycle_report(edges: Vec<&Spanned<String>>) -> Diagnostic {
    let mut path: Vec<String> = edges.iter().map(|edge| format!("`{}`", edge.value)).collect();
    // An edge names where it leads, so the path begins where the last one leads.
    path.rotate_right(1);
    path.extend(path.first().cloned());
    let mut diagnostic =
        Diagnostic::new(TEMPLATE_CYCLE, format!("templates extend one another: {}", shown(&path, " → ")))
            .help("take one of these `extends` away");
    for (edge, from) in edges.iter().zip(&path).take(12) {
        diagnostic = diagnostic.label(edge.span, format!("{from} extends `{}`", edge.value));
    }
    diagnostic
}

/// The parts joined; of very many only the first and last ones.
pub(super) fn shown(parts: &[String], joint: &str) -> String {
    match parts {
        [first @ .., _] if first.len() > 12 => {
            format!("{}{joint}…{joint}{}", parts[..6].join(joint), parts[parts.len() - 6..].join(joint))
        }
        _ => parts.join(joint),
    }
}

impl Resolver<'_> {
    /// Looks at templates that nothing extends as at any other, so that their mistakes are told too.
    pub fn unused_templates(&mut self) {
        let mut extended = BTreeSet::new();
        let users = self.declared.runnables.values().map(|runnable| match runnable {
            ast::Runnable::Service(service) => service.settings.extends.as_slice(),
            ast::Runnable::Stage(stage) => stage.settings.extends.as_slice(),
            ast::Runnable::Acceptance(_) => &[],
        });
        let templates = self.declared.templates.values().map(|template| template.settings.extends.as_slice());
        let uses: Vec<&Spanned<String>> = users.chain(templates).flatten().collect();
        for name in uses {
            if self.declared.has(NameKind::Template, &name.value) {
                extended.insert(name.value.as_str());
                self.note_use(NameKind::Template, &name.value, name.span);
            }
        }
        let unused: Vec<&ast::Template> = self
            .declared
            .templates
            .values()
            .filter(|template| !extended.contains(template.name.value.as_str()))
            .copied()
            .collect();
        for template in unused {
            self.matrix = MatrixScope::Open;
            self.container(&template.settings, Site::Container(None), false);
            self.matrix = MatrixScope::Outside;
            self.needs_of(None, &template.settings.needs, &template.settings.after, &[]);
            self.implied.clear();
        }
    }
}
