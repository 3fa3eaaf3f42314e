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

/// `test "what it promises" tags="…" { … }`.
#[derive(Debug, Clone, PartialEq)]
pub struct Test {
    /// What it promises.
    pub name: Spanned<String>,
    /// The words of `tags="slow resilience"`.
    pub tags: Vec<Spanned<String>>,
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
        Some(Test {
            name: node.argument(0)?,
            tags: node.property("tags").map(|tags| words(node, &tags)).unwrap_or_default(),
            probes: Probe::decode_all(node),
            span: node.span(),
        })
    }
}

/// The words of a string, each in its place.
fn words(node: Reader<'_>, text: &Spanned<String>) -> Vec<Spanned<String>> {
    let start = text.value.as_ptr() as usize;
    let place = |word: &str| word.as_ptr() as usize - start;
    let words = text.value.split_whitespace();
    words.map(|word| Spanned::new(word.to_owned(), node.inside(text, place(word)..place(word) + word.len()))).collect()
}
