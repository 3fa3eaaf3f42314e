use std::collections::{BTreeMap, BTreeSet, VecDeque};

use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::EdgeRef;

/// The shortest cycle of each knot of a graph, as the edges of the path, in order; each knot is told of once.
///
/// The path begins at its smallest node, so that the same file always tells the same story. Iterative throughout: a pipeline may
/// chain as many nodes as its limits allow without a deep stack.
pub(super) fn shortest_cycles<N, E>(graph: &DiGraph<N, E>) -> Vec<Vec<petgraph::graph::EdgeIndex>> {
    let mut cycles: Vec<Vec<_>> = kosaraju_scc(graph)
        .into_iter()
        .map(|knot| knot.into_iter().collect::<BTreeSet<_>>())
        .filter_map(|knot| {
            // A breadth-first search from each node finds the shortest; knots beyond a size are searched from their first node only.
            let starts = if knot.len() <= 200 { knot.len() } else { 1 };
            knot.iter().take(starts).filter_map(|start| cycle_through(graph, &knot, *start)).min_by_key(Vec::len)
        })
        .collect();
    cycles.sort();
    cycles
}

fn cycle_through<N, E>(
    graph: &DiGraph<N, E>,
    knot: &BTreeSet<NodeIndex>,
    start: NodeIndex,
) -> Option<Vec<petgraph::graph::EdgeIndex>> {
    let mut came_by = BTreeMap::new();
    let mut queue = VecDeque::from([start]);
    while let Some(node) = queue.pop_front() {
        let mut edges: Vec<_> = graph.edges(node).map(|edge| (edge.id(), edge.target())).collect();
        edges.sort();
        for (edge, target) in edges {
            if target == start {
                let mut path = vec![edge];
                let mut at = node;
                while at != start {
                    let (previous, by) = came_by[&at];
                    path.push(by);
                    at = previous;
                }
                path.reverse();
                return Some(path);
            }
            if knot.contains(&target) && !came_by.contains_key(&target) {
                came_by.insert(target, (node, edge));
                queue.push_back(target);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The nodes of each cycle.
    fn cycles(edges: &[(u32, u32)]) -> Vec<Vec<usize>> {
        let graph = DiGraph::<(), ()>::from_edges(edges);
        shortest_cycles(&graph)
            .into_iter()
            .map(|path| path.into_iter().map(|edge| graph.edge_endpoints(edge).unwrap().0.index()).collect())
            .collect()
    }

    #[test]
    fn one_shortest_path_for_each_knot() {
        assert_eq!(cycles(&[(0, 1), (1, 2)]), [[0; 0]; 0]);
        assert_eq!(cycles(&[(0, 0)]), [[0]]);
        assert_eq!(cycles(&[(0, 1), (1, 2), (2, 3), (3, 0), (2, 1)]), [[1, 2]]);
        assert_eq!(cycles(&[(0, 1), (1, 0), (2, 3), (3, 2), (1, 2)]), [[0, 1], [2, 3]]);
    }

    #[test]
    fn a_long_chain_costs_no_stack() {
        let mut edges: Vec<_> = (0..100_000).map(|i| (i, i + 1)).collect();
        assert_eq!(cycles(&edges), [[0; 0]; 0]);
        edges.push((100_000, 0));
        assert_eq!(cycles(&edges)[0].len(), 100_001);
    }
}
