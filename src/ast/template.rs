use super::reader::Reader;
use super::{ContainerSettings, Healthcheck, Port, Restart};
use crate::source::{Span, Spanned};

/// `template NAME { … }`: settings that templates, services and stages extend.
#[derive(Debug, Clone, PartialEq)]
pub struct Template {
    /// Its name, where it is declared.
    pub name: Spanned<String>,
    /// Settings of a container.
    pub settings: ContainerSettings,
    /// For services only: a stage must not extend a template that has one.
    pub healthcheck: Option<Healthcheck>,
    /// For services only: a stage must not extend a template that has some.
    pub ports: Vec<Port>,
    /// For services only, as the others.
    pub keep: Option<Spanned<bool>>,
    /// For services only, as the others.
    pub restart: Option<Restart>,
    /// The whole node.
    pub span: Span,
}

impl Template {
    pub(super) fn decode(node: Reader<'_>) -> Option<Self> {
        Some(Template {
            name: node.argument(0)?,
            settings: ContainerSettings::decode(node),
            healthcheck: node.child("healthcheck").map(Healthcheck::decode),
            ports: node.children("port").flat_map(Port::decode).collect(),
            keep: node.switch("keep"),
            restart: node.child("restart").and_then(Restart::decode),
            span: node.span(),
        })
    }
}
