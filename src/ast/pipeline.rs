use std::time::Duration;

use super::KeyValue;
use super::reader::Reader;
use crate::diagnostic::Level;
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
    /// `concurrency NAME`.
    pub concurrency: Option<Spanned<String>>,
    /// `min-version "0.1"`.
    pub min_version: Option<Spanned<String>>,
    /// `label K V`.
    pub labels: Vec<KeyValue>,
    /// `lint { allow CODE; warn CODE; deny CODE }`, line by line: what is wanted, and the code.
    pub lint: Vec<(Level, Spanned<String>)>,
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
            concurrency: node.value("concurrency"),
            min_version: node.value("min-version"),
            labels: node.pairs("label"),
            lint: node.child("lint").map(wishes).unwrap_or_default(),
            span: node.span(),
        }
    }
}

fn wishes(lint: Reader<'_>) -> Vec<(Level, Spanned<String>)> {
    let levels = [("allow", Level::Allow), ("warn", Level::Warn), ("deny", Level::Deny)];
    levels.into_iter().flat_map(|(node, level)| lint.values(node).into_iter().map(move |code| (level, code))).collect()
}
