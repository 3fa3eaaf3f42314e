use super::tree::Kind;
use super::{NodeId, Tree};

/// In which direction a step goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Axis {
    Child,
    Descendant,
    Parent,
    Ancestor,
    FollowingSibling,
    PrecedingSibling,
    Following,
    Preceding,
    Attribute,
    Itself,
    DescendantOrSelf,
    AncestorOrSelf,
}

/// Each by its name.
const AXES: [(&str, Axis); 12] = [
    ("child", Axis::Child),
    ("descendant", Axis::Descendant),
    ("parent", Axis::Parent),
    ("ancestor", Axis::Ancestor),
    ("following-sibling", Axis::FollowingSibling),
    ("preceding-sibling", Axis::PrecedingSibling),
    ("following", Axis::Following),
    ("preceding", Axis::Preceding),
    ("attribute", Axis::Attribute),
    ("self", Axis::Itself),
    ("descendant-or-self", Axis::DescendantOrSelf),
    ("ancestor-or-self", Axis::AncestorOrSelf),
];

impl Axis {
    /// The one of that name.
    pub fn named(name: &str) -> Option<Self> {
        AXES.iter().find(|(known, _)| *known == name).map(|(_, axis)| *axis)
    }

    /// The names of all.
    pub fn names() -> Vec<String> {
        AXES.iter().map(|(name, _)| format!("`{name}`")).collect()
    }

    /// The nodes from `from` on, in the order of the axis: nearest first.
    pub fn nodes(self, tree: &Tree, from: NodeId) -> Vec<NodeId> {
        let node = tree.node(from);
        match self {
            Axis::Child => node.children.clone(),
            Axis::Attribute => node.attributes.clone(),
            Axis::Itself => vec![from],
            Axis::Parent => node.parent.into_iter().collect(),
            Axis::Ancestor => ancestors(tree, from),
            Axis::AncestorOrSelf => {
                let mut nodes = vec![from];
                nodes.extend(ancestors(tree, from));
                nodes
            }
            Axis::Descendant => descendants(tree, from),
            Axis::DescendantOrSelf => {
                let mut nodes = vec![from];
                nodes.extend(descendants(tree, from));
                nodes
            }
            Axis::FollowingSibling => siblings_after(tree, from).to_vec(),
            Axis::PrecedingSibling => siblings_before(tree, from).iter().rev().copied().collect(),
            Axis::Following => {
                let mut nodes = Vec::new();
                // What follows an attribute begins with the content of its element.
                if let (Kind::Attribute(..), Some(element)) = (&node.kind, node.parent) {
                    nodes.extend(descendants(tree, element));
                }
                let own = if matches!(node.kind, Kind::Attribute(..)) { node.parent } else { Some(from) };
                for at in own.into_iter().flat_map(|own| std::iter::once(own).chain(ancestors(tree, own))) {
                    for sibling in siblings_after(tree, at) {
                        nodes.push(*sibling);
                        nodes.extend(descendants(tree, *sibling));
                    }
                }
                nodes
            }
            Axis::Preceding => {
                let own = if matches!(node.kind, Kind::Attribute(..)) { node.parent } else { Some(from) };
                let mut nodes = Vec::new();
                for at in own.into_iter().flat_map(|own| std::iter::once(own).chain(ancestors(tree, own))) {
                    for sibling in siblings_before(tree, at).iter().rev() {
                        nodes.extend(descendants(tree, *sibling).into_iter().rev());
                        nodes.push(*sibling);
                    }
                }
                nodes
            }
        }
    }
}

fn ancestors(tree: &Tree, from: NodeId) -> Vec<NodeId> {
    std::iter::successors(tree.node(from).parent, |at| tree.node(*at).parent).collect()
}

fn descendants(tree: &Tree, from: NodeId) -> Vec<NodeId> {
    let mut nodes = Vec::new();
    let mut ahead: Vec<NodeId> = tree.node(from).children.iter().rev().copied().collect();
    while let Some(at) = ahead.pop() {
        nodes.push(at);
        ahead.extend(tree.node(at).children.iter().rev());
    }
    nodes
}

/// The siblings on both sides; attributes have none.
fn siblings(tree: &Tree, from: NodeId) -> (&[NodeId], &[NodeId]) {
    let node = tree.node(from);
    match (&node.kind, node.parent) {
        (Kind::Attribute(..), _) | (_, None) => (&[], &[]),
        (_, Some(parent)) => {
            let all = &tree.node(parent).children;
            let place = node.place as usize;
            (&all[..place], &all[place + 1..])
        }
    }
}

fn siblings_before(tree: &Tree, from: NodeId) -> &[NodeId] {
    siblings(tree, from).0
}

fn siblings_after(tree: &Tree, from: NodeId) -> &[NodeId] {
    siblings(tree, from).1
}
