use super::{ContainerSettings, Healthcheck, Port};
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
    /// The whole node.
    pub span: Span,
}
