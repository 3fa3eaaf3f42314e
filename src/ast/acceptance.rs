use std::time::Duration;

use super::reader::Reader;
use super::{Bats, Need, Probe};
use crate::source::{Span, Spanned};

/// `acceptance NAME { … }`.
#[derive(Debug, Clone, PartialEq)]
pub struct Acceptance {
    /// Its name, where it is declared.
    pub name: Spanned<String>,
    /// `needs X…`.
    pub needs: Vec<Need>,
    /// `after X…`.
    pub after: Vec<Spanned<String>>,
    /// `target SERVICE port=…`.
    pub target: Option<Target>,
    /// `setup { … }`: run before each test.
    pub setup: Vec<Probe>,
    /// `teardown { … }`: run after each test.
    pub teardown: Vec<Probe>,
    /// `test "…" { … }`, in order.
    pub tests: Vec<Test>,
    /// `bats "FILE" …`, in order.
    pub bats: Vec<Bats>,
    /// `timeout "10m"`.
    pub timeout: Option<Spanned<Duration>>,
    /// The whole node.
    pub span: Span,
}

/// `target app port=8000`.
#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    /// The service.
    pub service: Spanned<String>,
    /// The container's port; the service's only port where it is missing.
    pub port: Option<Spanned<u16>>,
    /// The node.
    pub span: Span,
}

/// `test "what it promises" { … }`.
#[derive(Debug, Clone, PartialEq)]
pub struct Test {
    /// What it promises.
    pub name: Spanned<String>,
    /// In order.
    pub probes: Vec<Probe>,
    /// The whole node.
    pub span: Span,
}

impl Acceptance {
    pub(super) fn decode(node: Reader<'_>) -> Option<Self> {
        Some(Acceptance {
            name: node.argument(0)?,
            needs: Need::decode_all(node),
            after: node.values("after"),
            target: node.child("target").and_then(Target::decode),
            setup: node.child("setup").map(Probe::decode_all).unwrap_or_default(),
            teardown: node.child("teardown").map(Probe::decode_all).unwrap_or_default(),
            tests: node.children("test").filter_map(Test::decode).collect(),
            bats: node.children("bats").filter_map(Bats::decode).collect(),
            timeout: node.value("timeout"),
            span: node.span(),
        })
    }
}

impl Target {
    fn decode(node: Reader<'_>) -> Option<Self> {
        Some(Target { service: node.argument(0)?, port: node.property("port"), span: node.span() })
    }
}

impl Test {
    fn decode(node: Reader<'_>) -> Option<Self> {
        Some(Test { name: node.argument(0)?, probes: Probe::decode_all(node), span: node.span() })
    }
}
