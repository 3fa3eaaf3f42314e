use super::reader::Reader;
use super::{ContainerSettings, Healthcheck, Port, Restart};
use crate::source::{Span, Spanned};

/// `service NAME { … }`.
#[derive(Debug, Clone, PartialEq)]
pub struct Service {
    /// Its name, where it is declared.
    pub name: Spanned<String>,
    /// Settings of its container.
    pub settings: ContainerSettings,
    /// `healthcheck …`.
    pub healthcheck: Option<Healthcheck>,
    /// `port …`, in order.
    pub ports: Vec<Port>,
    /// `keep`.
    pub keep: Option<Spanned<bool>>,
    /// `restart …`.
    pub restart: Option<Restart>,
    /// The whole node.
    pub span: Span,
}

impl Service {
    pub(super) fn decode(node: Reader<'_>) -> Option<Self> {
        Some(Service {
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
