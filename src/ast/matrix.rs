use super::reader::Reader;
use crate::source::{Span, Spanned};

/// `matrix { python "3.11" "3.12"; exclude python="3.11" }`.
#[derive(Debug, Clone, PartialEq)]
pub struct Matrix {
    /// Its axes, in order.
    pub axes: Vec<Axis>,
    /// `exclude AXIS=VALUE…`, in order.
    pub exclude: Vec<Combination>,
    /// `include AXIS=VALUE…`, in order.
    pub include: Vec<Combination>,
    /// The node's name.
    pub word: Span,
    /// The whole node.
    pub span: Span,
}

/// `python "3.11" "3.12"`.
#[derive(Debug, Clone, PartialEq)]
pub struct Axis {
    /// Its name.
    pub name: Spanned<String>,
    /// Its values, in order.
    pub values: Vec<Spanned<String>>,
    /// The line.
    pub span: Span,
}

/// `exclude python="3.11" db=postgres`: values of some or all axes.
#[derive(Debug, Clone, PartialEq)]
pub struct Combination {
    /// Axes and values, in order.
    pub values: Vec<(Spanned<String>, Spanned<String>)>,
    /// The node.
    pub span: Span,
}

impl Matrix {
    pub(super) fn decode(node: Reader<'_>) -> Self {
        let is_axis = |child: &Reader<'_>| {
            !matches!(child.name().value.as_str(), "exclude" | "include") && child.properties().next().is_none()
        };
        let axis =
            |child: Reader<'_>| Axis { name: child.name().clone(), values: child.arguments(0), span: child.span() };
        Matrix {
            axes: node.all().filter(is_axis).map(axis).collect(),
            exclude: node.children("exclude").map(Combination::decode).collect(),
            include: node.children("include").map(Combination::decode).collect(),
            word: node.name().span,
            span: node.span(),
        }
    }
}

impl Combination {
    fn decode(node: Reader<'_>) -> Self {
        let values = node.properties().filter_map(|(_, entry)| Some((entry.name.clone()?, node.read(entry)?)));
        Combination { values: values.collect(), span: node.span() }
    }
}
