use std::time::Duration;

use super::reader::Reader;
use super::{Artifact, Bats, ContainerSettings, Need, Step, Test};
use crate::schema;
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
    /// `before-all { … }`: run before the first test.
    pub before_all: Vec<Step>,
    /// `after-all { … }`: run after the last test.
    pub after_all: Vec<Step>,
    /// `setup { … }`: run before each test.
    pub setup: Vec<Step>,
    /// `teardown { … }`: run after each test.
    pub teardown: Vec<Step>,
    /// `test "…" { … }`, in order.
    pub tests: Vec<Test>,
    /// `bats "FILE" …`, in order.
    pub bats: Vec<Bats>,
    /// `image`, `command` or `sh`, and the settings of their container.
    pub foreign: Option<Box<ForeignTests>>,
    /// `parallel N`.
    pub parallel: Option<Spanned<u32>>,
    /// `timeout "10m"`.
    pub timeout: Option<Spanned<Duration>>,
    /// The whole node.
    pub span: Span,
}

/// Tests in another tool: a container that writes TAP, or whose reports are copied out.
#[derive(Debug, Clone, PartialEq)]
pub struct ForeignTests {
    /// Its container, without `needs`, `after` and `timeout`, which are those of the acceptance.
    pub settings: ContainerSettings,
    /// `artifact "/path" report=…`, in order.
    pub artifacts: Vec<Artifact>,
    /// The first of its nodes.
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

impl Acceptance {
    pub(super) fn decode(node: Reader<'_>) -> Option<Self> {
        let steps = |name| node.child(name).map(Step::decode_all).unwrap_or_default();
        Some(Acceptance {
            name: node.argument(0)?,
            needs: Need::decode_all(node),
            after: node.values("after"),
            target: node.child("target").and_then(Target::decode),
            before_all: steps("before-all"),
            after_all: steps("after-all"),
            setup: steps("setup"),
            teardown: steps("teardown"),
            tests: node.children("test").filter_map(Test::decode).collect(),
            bats: node.children("bats").filter_map(Bats::decode).collect(),
            foreign: ForeignTests::decode(node).map(Box::new),
            parallel: node.value("parallel"),
            timeout: node.value("timeout"),
            span: node.span(),
        })
    }

    /// The steps around its tests, list by list.
    pub fn around(&self) -> [&[Step]; 4] {
        [&self.before_all, &self.setup, &self.teardown, &self.after_all]
    }
}

impl Target {
    fn decode(node: Reader<'_>) -> Option<Self> {
        Some(Target { service: node.argument(0)?, port: node.property("port"), span: node.span() })
    }
}

impl ForeignTests {
    fn decode(acceptance: Reader<'_>) -> Option<Self> {
        let first = acceptance.all().find(|node| schema::is_of_foreign_tests(&node.name().value))?;
        let settings = ContainerSettings {
            needs: Vec::new(),
            after: Vec::new(),
            timeout: None,
            ..ContainerSettings::decode(acceptance)
        };
        let artifacts = acceptance.children("artifact").filter_map(Artifact::decode).collect();
        Some(ForeignTests { settings, artifacts, span: first.name().span })
    }
}
