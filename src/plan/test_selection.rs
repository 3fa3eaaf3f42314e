use std::collections::{BTreeMap, BTreeSet};

use super::shuffle::shuffle;
use super::{NamePattern, TagFilter};
use crate::model::{Acceptance, Name, Test};

/// Which tests of the wanted acceptances are run, and in which order. What it does not say narrows nothing.
#[derive(Debug, Clone, Default)]
pub struct TestSelection {
    /// Only those whose tags are these. Tests of other tools have none.
    pub tags: Option<TagFilter>,
    /// Only those that one of these fits: `ACCEPTANCE/TEST`, or the file of other tools.
    pub names: Vec<NamePattern>,
    /// Only these.
    pub failed: Option<FailedTests>,
    /// The order is drawn by lot with this seed.
    pub seed: Option<u64>,
}

/// Tests that failed, by the name of their node: a suite's own tests by the name of its acceptance, those of other tools by theirs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FailedTests {
    suites: BTreeMap<String, BTreeSet<String>>,
    whole: BTreeSet<String>,
}

impl FailedTests {
    /// One more.
    pub fn add(&mut self, node: impl Into<String>, test: impl Into<String>) {
        self.suites.entry(node.into()).or_default().insert(test.into());
    }

    /// A suite that failed for another reason than its tests.
    pub fn add_suite(&mut self, node: impl Into<String>) {
        self.whole.insert(node.into());
    }

    /// Whether anything of a suite failed.
    fn holds_any(&self, node: &str) -> bool {
        self.whole.contains(node) || self.suites.contains_key(node)
    }

    /// Whether a test of a suite failed, for any of its rows; where what runs before or after all tests failed, each did.
    fn holds(&self, suite: &Name, test: &Test) -> bool {
        let name = &test.name.value;
        let is_meant = |failed: &String| {
            let row = failed.strip_prefix(name.as_str());
            row.is_some_and(|row| row.is_empty() || row.starts_with(" [")) || AROUND.contains(&failed.as_str())
        };
        let failed = self.suites.get(suite.as_str());
        self.whole.contains(suite.as_str()) || failed.is_some_and(|failed| failed.iter().any(is_meant))
    }
}

/// What stands in place of a test's name where steps around all tests failed.
const AROUND: [&str; 2] = ["before-all", "after-all"];

impl TestSelection {
    /// Whether each test is taken.
    pub fn takes_all(&self) -> bool {
        self.tags.is_none() && self.names.is_empty() && self.failed.is_none()
    }

    /// How many of the tests of an acceptance are taken, tests in other tools counted as one each.
    pub fn count(&self, acceptance: &Acceptance) -> usize {
        let tests = acceptance.tests.iter().filter(|test| self.takes(&acceptance.name.value, test)).count();
        let others = acceptance.tools().iter().filter(|name| self.takes_tool(name)).count();
        tests + others
    }

    /// The acceptance with what is taken of it, in its order.
    pub(super) fn of(&self, acceptance: &Acceptance) -> Acceptance {
        let mut taken = acceptance.clone();
        if !self.takes_all() {
            let name = &acceptance.name.value;
            taken.tests.retain(|test| self.takes(name, test));
            taken.bats.retain(|file| self.takes_tool(&acceptance.tool_of(file)));
            taken.foreign.take_if(|foreign| !self.takes_tool(&acceptance.foreign_tool(foreign)));
        }
        if let Some(seed) = self.seed {
            shuffle(&mut taken.tests, seed, acceptance.name.value.as_str());
        }
        taken
    }

    fn takes(&self, suite: &Name, test: &Test) -> bool {
        let whole = format!("{suite}/{}", test.name.value);
        self.tags.as_ref().is_none_or(|tags| tags.holds(&test.tags))
            && self.fits(&whole)
            && self.failed.as_ref().is_none_or(|failed| failed.holds(suite, test))
    }

    fn takes_tool(&self, name: &str) -> bool {
        self.tags.as_ref().is_none_or(|tags| tags.holds(&[]))
            && self.fits(name)
            && self.failed.as_ref().is_none_or(|failed| failed.holds_any(name))
    }

    fn fits(&self, name: &str) -> bool {
        self.names.is_empty() || self.names.iter().any(|pattern| pattern.fits(name))
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::model::sample::{Sample, at, container, text};
    use crate::model::{BatsFile, Command, ForeignTests, Pipeline};
    use crate::plan::{Goal, Operation, Plan, plan};
    use crate::source::Span;

    /// Two suites, one with tests in other tools, and a stage; another stage needs the second suite.
    fn sample() -> Pipeline {
        let named = |suite: &Acceptance, name: &str, tags: &[&str]| Test {
            name: at(name.to_owned()),
            tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
            ..suite.tests[0].clone()
        };
        let sample = Sample::new("demo").service("app", &[]).stage("unit", &[]);
        let sample = sample.acceptance_with("todos", "app", |todos| {
            todos.tests = vec![
                named(todos, "the root answers", &["smoke"]),
                named(todos, "an item is created", &["crud"]),
                named(todos, "it survives", &["crud", "slow"]),
            ];
            todos.bats = vec![BatsFile {
                file: at(PathBuf::from("all.bats")),
                container: container("x"),
                span: Span::default(),
            }];
            let script = Command::Shell {
                script: text("./t"),
                interpreter: crate::model::Interpreter::Sh,
                span: Span::default(),
            };
            let container = crate::model::Container { command: Some(script), ..container("x") };
            todos.foreign = Some(ForeignTests { container, artifacts: vec![], span: Span::default() });
        });
        let sample = sample.acceptance_with("files", "app", |files| {
            files.tests = vec![named(files, "a file is served", &[])];
        });
        sample.stage("deploy", &["files"]).build()
    }

    fn planned(tests: TestSelection, targets: &[&str]) -> Plan {
        let targets = targets.iter().map(|name| (*name).into()).collect();
        plan(&sample(), &Goal { targets, tests, ..Goal::default() })
    }

    /// What is run: `todos/the root answers`, and stages by name.
    fn run(plan: &Plan) -> Vec<String> {
        let mut names = Vec::new();
        for step in &plan.steps {
            let node = &plan.node(step.node).name;
            match &step.operation {
                Operation::RunTests(suite) => {
                    names.extend(suite.tests.iter().map(|test| format!("{node}/{}", test.name.value)));
                }
                Operation::RunBats(_) | Operation::RunTool(_) | Operation::RunStage(_) => names.push(node.clone()),
                _ => {}
            }
        }
        names.sort();
        names
    }

    fn tags(filter: &str) -> TestSelection {
        TestSelection { tags: Some(TagFilter::parse(filter).expect("a filter")), ..TestSelection::default() }
    }

    fn names(pattern: &str) -> TestSelection {
        TestSelection { names: vec![NamePattern::new(pattern)], ..TestSelection::default() }
    }

    #[test]
    fn a_choice_of_tests_runs_them_and_what_they_need_alone() {
        assert_eq!(run(&planned(tags("crud and not slow"), &[])), ["todos/an item is created"]);
        let plan = planned(names("ROOT"), &[]);
        assert_eq!(run(&plan), ["todos/the root answers"]);
        assert!(plan.nodes.iter().any(|node| node.name == "app"), "{plan}");
        let chosen = plan.chosen.expect("a choice was made");
        assert_eq!((chosen.tests, chosen.of), (1, 6));
        assert_eq!(run(&planned(TestSelection::default(), &["todos"])).len(), 5);
    }

    #[test]
    fn tests_in_other_tools_have_no_tags_and_are_named_by_their_file() {
        assert_eq!(
            run(&planned(tags("not crud"), &[])),
            ["files/a file is served", "todos/all.bats", "todos/sh", "todos/the root answers"]
        );
        assert_eq!(run(&planned(names("all.bats"), &[])), ["todos/all.bats"]);
        assert_eq!(run(&planned(names("todos/sh"), &[])), ["todos/sh"]);
    }

    #[test]
    fn a_suite_that_something_else_needs_is_run_whole() {
        assert_eq!(
            run(&planned(names("root"), &["todos", "deploy"])),
            ["deploy", "files/a file is served", "todos/the root answers"]
        );
    }

    #[test]
    fn what_chooses_nothing_runs_nothing() {
        let plan = planned(names("no such"), &[]);
        assert_eq!((plan.chosen.map(|chosen| chosen.tests), plan.steps.len()), (Some(0), 0));
        let plan = planned(names("no such"), &["todos"]);
        assert_eq!((plan.chosen.map(|chosen| chosen.tests), plan.steps.len()), (Some(0), 0));
    }

    #[test]
    fn what_failed_is_run_again_whatever_its_row() {
        let failed = |tests: &[(&str, &str)]| {
            let mut failed = FailedTests::default();
            tests.iter().for_each(|(suite, test)| failed.add(*suite, *test));
            run(&planned(TestSelection { failed: Some(failed), ..TestSelection::default() }, &[]))
        };
        assert_eq!(failed(&[("todos", "it survives [db=one]")]), ["todos/it survives"]);
        assert_eq!(failed(&[("todos/all.bats", "adds")]), ["todos/all.bats"]);
        assert_eq!(failed(&[("todos", "before-all")]).len(), 3, "all of its own tests");
        assert_eq!(failed(&[("todos", "it surv")]), [""; 0]);
    }

    #[test]
    fn lots_are_drawn_within_a_suite() {
        let shuffled = |seed| {
            let plan = planned(TestSelection { seed: Some(seed), ..TestSelection::default() }, &["todos"]);
            let of_suite = plan.steps.iter().find_map(|step| match &step.operation {
                Operation::RunTests(suite) => Some(suite.tests.iter().map(|test| test.name.value.clone()).collect()),
                _ => None,
            });
            of_suite.unwrap_or_else(Vec::new)
        };
        assert_eq!(shuffled(1), shuffled(1));
        assert!((0..20).any(|seed| shuffled(seed)[0] != "the root answers"));
    }
}
