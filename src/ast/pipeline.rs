use std::time::Duration;

use super::KeyValue;
use super::reader::Reader;
use crate::source::{Span, Spanned};

/// `pipeline NAME { … }`.
#[derive(Debug, Clone, PartialEq)]
pub struct Header {
    /// The pipeline's name.
    pub name: Option<Spanned<String>>,
    /// `description "…"`.
    pub description: Option<Spanned<String>>,
    /// `default TARGET…`.
    pub default: Vec<Spanned<String>>,
    /// `parallel N`.
    pub parallel: Option<Spanned<u32>>,
    /// `timeout "1h"`.
    pub timeout: Option<Spanned<Duration>>,
    /// `label K V`.
    pub labels: Vec<KeyValue>,
    /// The whole node.
    pub span: Span,
}

impl Header {
    pub(super) fn decode(node: Reader<'_>) -> Self {
        Header {
            name: node.argument(0),
            description: node.value("description"),
            default: node.values("default"),
            parallel: node.value("parallel"),
            timeout: node.value("timeout"),
            labels: node.pairs("label"),
            span: node.span(),
        }
    }
}
