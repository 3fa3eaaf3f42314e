use std::time::Duration;

use super::reader::Reader;
use crate::source::{Span, Spanned};

/// `retry 3 on="exit 137" backoff="1s"`.
#[derive(Debug, Clone, PartialEq)]
pub struct Retry {
    /// How many times it is run again at most; from 0 to 100.
    pub times: Spanned<u32>,
    /// The failures after which it is run again, as written.
    pub on: Option<Spanned<String>>,
    /// The first pause.
    pub backoff: Option<Spanned<Duration>>,
    /// The node.
    pub span: Span,
}

impl Retry {
    pub(super) fn decode(node: Reader<'_>) -> Option<Self> {
        Some(Retry {
            times: node.argument(0)?,
            on: node.property("on"),
            backoff: node.property("backoff"),
            span: node.span(),
        })
    }
}
