use super::KeyValue;
use super::reader::Reader;
use crate::source::{Span, Spanned};

/// `volume NAME external name=… driver=… { driver-opt K V; label K V }`.
#[derive(Debug, Clone, PartialEq)]
pub struct Volume {
    /// Its name, where it is declared.
    pub name: Spanned<String>,
    /// `external name="…"`: it exists already.
    pub external: Option<External>,
    /// The driver.
    pub driver: Option<Spanned<String>>,
    /// `driver-opt K V`.
    pub driver_opts: Vec<KeyValue>,
    /// `label K V`.
    pub labels: Vec<KeyValue>,
    /// The whole node.
    pub span: Span,
}

/// `network NAME external internal name=… driver=… { driver-opt K V; label K V }`, at the top level.
#[derive(Debug, Clone, PartialEq)]
pub struct Network {
    /// Its name, where it is declared.
    pub name: Spanned<String>,
    /// `external name="…"`: it exists already.
    pub external: Option<External>,
    /// `internal`: without a way out; the word's place.
    pub internal: Option<Span>,
    /// The driver.
    pub driver: Option<Spanned<String>>,
    /// `driver-opt K V`.
    pub driver_opts: Vec<KeyValue>,
    /// `label K V`.
    pub labels: Vec<KeyValue>,
    /// The whole node.
    pub span: Span,
}

/// `external`, of a volume or network that pipe neither makes nor removes.
#[derive(Debug, Clone, PartialEq)]
pub struct External {
    /// The engine's name of it; the declared name where it is missing.
    pub name: Option<Spanned<String>>,
    /// The word `external`.
    pub span: Span,
}

impl Volume {
    pub(super) fn decode(node: Reader<'_>) -> Option<Self> {
        Some(Volume {
            name: node.argument(0)?,
            external: External::decode(node),
            driver: node.property("driver"),
            driver_opts: node.pairs("driver-opt"),
            labels: node.pairs("label"),
            span: node.span(),
        })
    }
}

impl Network {
    pub(super) fn decode(node: Reader<'_>) -> Option<Self> {
        Some(Network {
            name: node.argument(0)?,
            external: External::decode(node),
            internal: node.flag(1, "internal"),
            driver: node.property("driver"),
            driver_opts: node.pairs("driver-opt"),
            labels: node.pairs("label"),
            span: node.span(),
        })
    }
}

impl External {
    fn decode(node: Reader<'_>) -> Option<Self> {
        Some(External { span: node.flag(1, "external")?, name: node.property("name") })
    }
}
