use crate::syntax::{Document, Node, Value};

/// Whether two documents say the same: the same nodes with the same entries, wherever they stand.
pub(super) fn same_meaning(left: &Document, right: &Document) -> bool {
    !left.incomplete && !right.incomplete && same_nodes(&left.nodes, &right.nodes)
}

fn same_nodes(left: &[Node], right: &[Node]) -> bool {
    left.len() == right.len() && left.iter().zip(right).all(|(left, right)| same_node(left, right))
}

fn same_node(left: &Node, right: &Node) -> bool {
    let entries = left.entries.iter().zip(&right.entries).all(|(left, right)| {
        left.annotation.as_deref() == right.annotation.as_deref()
            && left.name.as_deref() == right.name.as_deref()
            && same_value(&left.value, &right.value)
    });
    entries
        && left.entries.len() == right.entries.len()
        && left.annotation.as_deref() == right.annotation.as_deref()
        && *left.name == *right.name
        && left.children.is_some() == right.children.is_some()
        && same_nodes(left.children(), right.children())
}

fn same_value(left: &Value, right: &Value) -> bool {
    match (left, right) {
        // `#nan` is itself here.
        (Value::Float(left), Value::Float(right)) => left.to_bits() == right.to_bits(),
        (left, right) => left == right,
    }
}
