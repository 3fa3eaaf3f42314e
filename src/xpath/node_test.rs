use super::axis::Axis;
use super::tree::{Kind, Name};
use super::{NodeId, Tree};

/// Which nodes of an axis a step takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum NodeTest {
    /// `*`: elements, or attributes on their axis.
    Any,
    /// `a:*`
    AnyOf(String),
    /// `title`, `a:title`
    Named(Name),
    /// `node()`
    Node,
    /// `text()`
    Text,
    /// `comment()`
    Comment,
    /// `processing-instruction()`, with a target where one is said.
    Instruction(Option<String>),
}

impl NodeTest {
    /// Whether a node on `axis` is taken.
    pub fn takes(&self, tree: &Tree, axis: Axis, id: NodeId) -> bool {
        let kind = &tree.node(id).kind;
        // A name is that of an attribute on the axis of attributes, and of an element on all others.
        let name = match kind {
            Kind::Element(name, _) if axis != Axis::Attribute => Some(name),
            Kind::Attribute(name, _) if axis == Axis::Attribute => Some(name),
            _ => None,
        };
        match self {
            NodeTest::Any => name.is_some(),
            NodeTest::AnyOf(prefix) => name.is_some_and(|name| name.prefix == *prefix),
            NodeTest::Named(wanted) => name.is_some_and(|name| name == wanted),
            NodeTest::Node => true,
            NodeTest::Text => matches!(kind, Kind::Text(_)),
            NodeTest::Comment => matches!(kind, Kind::Comment(_)),
            NodeTest::Instruction(None) => matches!(kind, Kind::Instruction(..)),
            NodeTest::Instruction(Some(wanted)) => {
                matches!(kind, Kind::Instruction(target, _) if target == wanted)
            }
        }
    }
}
