use std::time::Duration;

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
