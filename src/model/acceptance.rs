use std::path::PathBuf;
use std::time::Duration;

use super::{Artifact, Command, Container, EnvOrText, Name, Need, Step, Test, Text};
use crate::source::{Span, Spanned};

/// Tests against services.
#[derive(Debug, Clone)]
pub struct Acceptance {
    /// Its name, where it is declared.
    pub name: Spanned<Name>,
    /// What must be before it starts; the target is among them.
    pub needs: Vec<Need>,
    /// Where relative URLs go.
    pub target: Option<Target>,
    /// Run before the first test.
    pub before_all: Vec<Step>,
    /// Run after the last test, always.
    pub after_all: Vec<Step>,
    /// Run before each test.
    pub setup: Vec<Step>,
    /// Run after each test, always.
    pub teardown: Vec<Step>,
    /// In order.
    pub tests: Vec<Test>,
    /// Bats files, each run in a container of its own.
    pub bats: Vec<BatsFile>,
    /// Tests in another tool.
    pub foreign: Option<ForeignTests>,
    /// How many tests run at once.
    pub parallel: usize,
    /// How long the whole may take.
    pub timeout: Option<Spanned<Duration>>,
    /// The whole node.
    pub span: Span,
}

/// `target app port=8000`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The service.
    pub service: Spanned<Name>,
    /// The container's port.
    pub port: u16,
}

/// `bats "acceptance.bats" image=release { env … }`.
#[derive(Debug, Clone)]
pub struct BatsFile {
    /// The file, relative to the pipeline's directory.
    pub file: Spanned<PathBuf>,
    /// The container that it runs in; its command is made by pipe.
    pub container: Container,
    /// The whole node.
    pub span: Span,
}

/// `command` or `sh`, which writes TAP.
#[derive(Debug, Clone)]
pub struct ForeignTests {
    /// The container that they run in.
    pub container: Container,
    /// What is copied out, in order.
    pub artifacts: Vec<Artifact>,
    /// Its first node.
    pub span: Span,
}

impl Acceptance {
    /// What tests in other tools are called in a run: `todos/acceptance.bats`, `todos/command`.
    pub fn tools(&self) -> Vec<String> {
        let bats = self.bats.iter().map(|file| self.tool_of(file));
        bats.chain(self.foreign.iter().map(|foreign| self.foreign_tool(foreign))).collect()
    }

    /// What a bats file is called in a run.
    pub fn tool_of(&self, file: &BatsFile) -> String {
        format!("{}/{}", self.name.value, file.file.value.display())
    }

    /// What tests in another tool are called in a run.
    pub fn foreign_tool(&self, foreign: &ForeignTests) -> String {
        let word = match foreign.container.command {
            Some(Command::Shell { .. }) => "sh",
            Some(Command::Exec { .. }) | None => "command",
        };
        format!("{}/{word}", self.name.value)
    }

    /// How many cases its own tests are, rows counted one by one.
    pub fn cases(&self) -> usize {
        self.tests.iter().map(Test::cases).sum()
    }

    /// Whether steps around all tests stand around tests in other tools too.
    pub fn surrounds_tools(&self) -> bool {
        let around = !self.before_all.is_empty() || !self.after_all.is_empty();
        around && (!self.bats.is_empty() || self.foreign.is_some())
    }

    /// All steps: before and after all tests, around each, and in each.
    pub fn steps(&self) -> impl Iterator<Item = &Step> {
        let around = [&self.before_all, &self.setup, &self.teardown, &self.after_all].into_iter().flatten();
        around.chain(self.tests.iter().flat_map(|test| &test.steps))
    }

    /// The services that a test does something to, with what is around each test, and where the first of these stands; those that the
    /// steps around all tests disturb for the whole suite aside.
    pub fn disturbed_by<'a>(&'a self, test: &'a Test) -> Vec<(&'a Name, Span)> {
        let around: Vec<&Name> = self.disturbed_around().into_iter().map(|(name, _)| name).collect();
        let mut disturbed = disturbed([&self.setup, &test.steps, &self.teardown].into_iter().flatten());
        disturbed.retain(|(name, _)| !around.contains(name));
        disturbed
    }

    /// The services that the steps around all tests do something to, and where the first of these stands.
    pub fn disturbed_around(&self) -> Vec<(&Name, Span)> {
        disturbed(self.before_all.iter().chain(&self.after_all))
    }

    /// Looks at each text that its own tests need, and at each secret.
    pub fn values(&self, look: &mut dyn FnMut(&EnvOrText<'_>)) {
        self.steps().for_each(|step| step.values(look));
        let mut text = |text: &Text| look(&EnvOrText::Text(text));
        for test in &self.tests {
            test.rows.iter().flatten().flat_map(|row| &row.cells).for_each(|(_, cell)| text(cell));
            test.skip.iter().flat_map(|skip| skip.reason.iter().chain(&skip.condition)).for_each(&mut text);
        }
    }
}

fn disturbed<'a>(steps: impl Iterator<Item = &'a Step>) -> Vec<(&'a Name, Span)> {
    let mut found: Vec<(&Name, Span)> = Vec::new();
    for step in steps {
        if let Step::Action(action) = step
            && !found.iter().any(|(name, _)| **name == action.service.value)
        {
            found.push((&action.service.value, action.span));
        }
    }
    found
}
