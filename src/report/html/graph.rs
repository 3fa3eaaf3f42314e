use std::collections::BTreeSet;
use std::fmt::Write;

use super::super::Record;
use super::super::course::End;
use super::escape::Escaped;
use crate::plan::{Node, NodeId, NodeKind, Plan};

/// The most nodes that are drawn: nobody reads a drawing of more.
const NODES: usize = 300;

/// Sizes of the drawing, in pixels.
const HEIGHT: usize = 30;
const GAP: usize = 14;
const BETWEEN: usize = 56;
const CHARACTER: usize = 8;
const LONGEST: usize = 28;

/// A node in its place.
struct Placed<'a> {
    node: &'a Node,
    class: &'static str,
    label: String,
    x: usize,
    y: usize,
    width: usize,
}

/// What needed what, and how each of it ended: columns from what came first to what came last.
pub fn graph(record: &Record, out: &mut String) {
    let plan = &record.context().plan;
    let is_drawn = |node: &Node| !matches!(node.kind, NodeKind::Network | NodeKind::Volume);
    let drawn = plan.nodes.iter().filter(|node| is_drawn(node)).count();
    if drawn == 0 {
        return;
    }
    out.push_str("<section id=\"graph\"><h2>Graph</h2>\n");
    if drawn > NODES {
        let _ = writeln!(out, "<p>{drawn} nodes are too many to draw.</p></section>");
        return;
    }
    let edges = reduced(edges(plan, |node| is_drawn(plan.node(node))), plan.nodes.len());
    let (placed, width, height) = place(record, &edges, is_drawn);
    let _ = writeln!(
        out,
        "<div class=\"scroll\" tabindex=\"0\"><svg role=\"img\" aria-label=\"graph of the run\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\">",
    );
    for (from, to) in &edges {
        if let (Some(from), Some(to)) = (&placed[from.index()], &placed[to.index()]) {
            let (x, y) = (from.x + from.width, from.y + HEIGHT / 2);
            let (end, to_y) = (to.x, to.y + HEIGHT / 2);
            let middle = x.midpoint(end);
            let _ = writeln!(out, "<path d=\"M{x} {y}C{middle} {y} {middle} {to_y} {end} {to_y}\"/>");
        }
    }
    for one in placed.iter().flatten() {
        let _ = writeln!(
            out,
            "<g class=\"{}\"><title>{} {}: {}</title><rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{HEIGHT}\" rx=\"6\"/><text x=\"{}\" y=\"{}\">{}</text></g>",
            one.class,
            one.node.kind.as_str(),
            Escaped((record.context().hide)(&one.node.name)),
            one.class,
            one.x,
            one.y,
            one.width,
            one.x + 10,
            one.y + 20,
            Escaped(&one.label),
        );
    }
    out.push_str("</svg></div></section>\n");
}

/// Which node came before which, once each.
fn edges(plan: &Plan, is_drawn: impl Fn(NodeId) -> bool) -> BTreeSet<(NodeId, NodeId)> {
    let work = plan.steps.iter().filter(|step| step.lane.is_work() && is_drawn(step.node));
    let pairs = work.flat_map(|step| step.deps.iter().map(|dep| (plan.step(dep.on).node, step.node)));
    pairs.filter(|(from, to)| from != to && is_drawn(*from)).collect()
}

/// Without the edges that a longer way says too: who waited for `b`, which waited for `a`, waited for `a`.
fn reduced(edges: BTreeSet<(NodeId, NodeId)>, nodes: usize) -> BTreeSet<(NodeId, NodeId)> {
    let mut after = vec![Vec::new(); nodes];
    edges.iter().for_each(|(from, to)| after[from.index()].push(*to));
    let mut kept = BTreeSet::new();
    for start in edges.iter().map(|(from, _)| *from).collect::<BTreeSet<_>>() {
        let mut is_reached = vec![false; nodes];
        let mut waiting: Vec<NodeId> =
            after[start.index()].iter().flat_map(|next| &after[next.index()]).copied().collect();
        while let Some(node) = waiting.pop() {
            if !std::mem::replace(&mut is_reached[node.index()], true) {
                waiting.extend(&after[node.index()]);
            }
        }
        kept.extend(after[start.index()].iter().filter(|next| !is_reached[next.index()]).map(|next| (start, *next)));
    }
    kept
}

/// Every node in the column behind all that it waited for; the width and height of all.
fn place<'a>(
    record: &'a Record,
    edges: &BTreeSet<(NodeId, NodeId)>,
    is_drawn: impl Fn(&Node) -> bool,
) -> (Vec<Option<Placed<'a>>>, usize, usize) {
    let plan = &record.context().plan;
    let mut columns = vec![0; plan.nodes.len()];
    // Steps stand in their order: what a node waits for has its column already.
    for step in plan.steps.iter().filter(|step| step.lane.is_work()) {
        for before in step.deps.iter().map(|dep| plan.step(dep.on).node) {
            if edges.contains(&(before, step.node)) {
                columns[step.node.index()] = columns[step.node.index()].max(columns[before.index()] + 1);
            }
        }
    }
    let count = columns.iter().max().map_or(0, |last| last + 1);
    let label = |node: &Node| {
        let name = (record.context().hide)(&node.name);
        match name.char_indices().nth(LONGEST) {
            Some((cut, _)) => format!("{}…", &name[..cut]),
            None => name,
        }
    };
    let wide = |label: &str| label.chars().count() * CHARACTER + 20;
    let mut widths = vec![0; count];
    for node in plan.nodes.iter().filter(|node| is_drawn(node)) {
        let width = &mut widths[columns[node.id.index()]];
        *width = (*width).max(wide(&label(node)));
    }
    let lefts: Vec<usize> = widths
        .iter()
        .scan(GAP, |left, width| {
            let here = *left;
            *left += if *width == 0 { 0 } else { width + BETWEEN };
            Some(here)
        })
        .collect();
    let mut rows = vec![0; count];
    let placed: Vec<Option<Placed<'a>>> = plan
        .nodes
        .iter()
        .map(|node| {
            let column = columns[node.id.index()];
            is_drawn(node).then(|| {
                let y = GAP + rows[column] * (HEIGHT + GAP);
                rows[column] += 1;
                let (class, label) = (end(record, node.id), label(node));
                Placed { node, class, label, x: lefts[column], y, width: widths[column] }
            })
        })
        .collect();
    let right = placed.iter().flatten().map(|one| one.x + one.width).max().unwrap_or(0);
    let bottom = placed.iter().flatten().map(|one| one.y + HEIGHT).max().unwrap_or(0);
    (placed, right + GAP, bottom + GAP)
}

/// How a node ended: as the worst of its steps.
fn end(record: &Record, node: NodeId) -> &'static str {
    let plan = &record.context().plan;
    let mut seen = "not-run";
    for (step, span) in plan.steps.iter().zip(&record.account.course.spans).filter(|(step, _)| step.node == node) {
        let end = match span.as_ref().map(|span| span.end) {
            Some(End::Failed) => "failed",
            Some(End::Allowed) => "allowed",
            Some(End::Cancelled | End::None) => "cut",
            Some(End::Succeeded) if step.lane.is_work() => "passed",
            Some(End::Succeeded) | None => continue,
        };
        let weight = |end: &str| ["not-run", "passed", "cut", "allowed", "failed"].iter().position(|it| *it == end);
        if weight(end) > weight(seen) {
            seen = end;
        }
    }
    seen
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_longer_way_says_is_not_drawn() {
        let edge = |from, to| (NodeId(from), NodeId(to));
        let edges = BTreeSet::from([edge(0, 1), edge(1, 2), edge(0, 2), edge(2, 3), edge(0, 3), edge(0, 4)]);
        assert_eq!(reduced(edges, 5), BTreeSet::from([edge(0, 1), edge(1, 2), edge(2, 3), edge(0, 4)]));
    }
}
