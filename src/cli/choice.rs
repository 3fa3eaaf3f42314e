use std::hash::{BuildHasher, Hasher};
use std::path::Path;

use super::ExitStatus;
use super::args::ChoiceArgs;
use super::state::homes;
use super::terminal::complain_of;
use crate::diagnostic::{Diagnostic, codes::command, listed, near};
use crate::model::{Acceptance, Pipeline, Runnable};
use crate::plan::{FailedTests, NamePattern, Operation, Plan, TagFilter, TestSelection};
use crate::store::TestResults;

/// How many names a message lists.
const LISTED: usize = 12;

/// Which tests the command line chooses, for the pipeline in this file.
pub fn choice(args: &ChoiceArgs, file: &Path) -> Result<TestSelection, ExitStatus> {
    let tags = args.tags.as_deref().map(|text| {
        TagFilter::parse(text).map_err(|bad| {
            let place = " ".repeat(text[..bad.at.start].chars().count());
            let mark = "^".repeat(text[bad.at.clone()].chars().count().max(1));
            complain_of(
                Diagnostic::new(command::BAD_TAG_FILTER, format!("`--tags` does not read: {}", bad.message))
                    .note(format!("{text}\n{place}{mark}"))
                    .help("write tags with `and`, `or` and `not`: `--tags 'crud and not slow'`"),
            );
            ExitStatus::Usage
        })
    });
    Ok(TestSelection {
        tags: tags.transpose()?,
        names: args.test.iter().map(|text| NamePattern::new(text)).collect(),
        failed: args.failed.then(|| failed(file)),
        seed: args.shuffle.map(|seed| seed.unwrap_or_else(lot)),
    })
}

/// What failed when it was last run.
fn failed(file: &Path) -> FailedTests {
    let known = TestResults::failed(&homes(), file);
    let mut failed = FailedTests::default();
    known.tests.into_iter().for_each(|(suite, test)| failed.add(suite, test));
    known.suites.into_iter().for_each(|suite| failed.add_suite(suite));
    failed
}

/// A seed that nobody knows beforehand; short, since people type it.
fn lot() -> u64 {
    let hash = std::collections::hash_map::RandomState::new().build_hasher().finish();
    hash % 1_000_000
}

/// Refuses a choice that leaves nothing to run, with what there is to choose from.
pub fn refuse_empty(pipeline: &Pipeline, plan: &Plan, args: &ChoiceArgs) -> Result<(), ExitStatus> {
    if plan.chosen.is_none_or(|chosen| chosen.tests > 0) {
        return Ok(());
    }
    complain_of(nothing_chosen(pipeline, args));
    Err(ExitStatus::Usage)
}

fn nothing_chosen(pipeline: &Pipeline, args: &ChoiceArgs) -> Diagnostic {
    let suites = || {
        pipeline.runnables().values().filter_map(|runnable| match runnable {
            Runnable::Acceptance(acceptance) => Some(acceptance),
            Runnable::Service(_) | Runnable::Stage(_) => None,
        })
    };
    let names: Vec<String> = suites().flat_map(names).collect();
    let mut wanted: Vec<String> = args.test.iter().map(|pattern| format!("`--test '{pattern}'`")).collect();
    wanted.extend(args.tags.iter().map(|tags| format!("`--tags '{tags}'`")));
    let what = match (wanted.as_slice(), args.failed) {
        ([], _) => "no test failed when it was last run".to_owned(),
        (wanted, false) => format!("no test fits {}", wanted.join(" and ")),
        (wanted, true) => format!("no test that failed when it was last run fits {}", wanted.join(" and ")),
    };
    let diagnostic = Diagnostic::new(command::NO_TEST_SELECTED, what);
    if args.failed {
        return diagnostic.help("leave `--failed` out, to run tests whether they failed or not");
    }
    let mut tags: Vec<&str> =
        suites().flat_map(|suite| &suite.tests).flat_map(|test| &test.tags).map(String::as_str).collect();
    tags.sort_unstable();
    tags.dedup();
    let misses = misses(args, &names, &tags);
    let diagnostic = if args.test.is_empty() {
        match tags.as_slice() {
            [] => diagnostic.note("no test has tags").help("give it some: `test \"…\" tags=\"slow\" { … }`"),
            tags => diagnostic.note(format!("there are the tags {}", listed(tags, "and"))),
        }
    } else {
        diagnostic.note(format!("there are {}", shown(&names)))
    };
    match (misses.is_empty(), diagnostic.help.is_some()) {
        (false, _) => diagnostic.help(format!("did you mean {}?", listed(misses, "or"))),
        (true, true) => diagnostic,
        (true, false) => diagnostic.help("name a part of one of these, or leave the choice out"),
    }
}

/// What the words of a choice may have meant: tags, tests, or words of their names.
fn misses<'a>(args: &ChoiceArgs, names: &'a [String], tags: &[&'a str]) -> Vec<&'a str> {
    let filter = args.tags.as_deref().and_then(|text| TagFilter::parse(text).ok());
    let mut misses = Vec::new();
    for tag in filter.iter().flat_map(TagFilter::tags).filter(|tag| !tags.contains(tag)) {
        misses.extend(near(tag, tags.iter().copied()));
    }
    for pattern in &args.test {
        let whole = names.iter().map(|name| name.split_once('/').map_or(name.as_str(), |(_, test)| test));
        let words = names.iter().flat_map(|name| name.split(['/', ' ', '.']));
        let found = near(pattern, names.iter().map(String::as_str).chain(whole));
        misses.extend(if found.is_empty() { near(pattern, words) } else { found });
    }
    misses.sort_unstable();
    misses.dedup();
    misses
}

fn shown(names: &[String]) -> String {
    match names.len().checked_sub(LISTED) {
        None | Some(0) => listed(names, "and"),
        Some(more) => format!("{}, and {more} more", listed(&names[..LISTED], ",").replace(" ,", ",")),
    }
}

/// `todos/the root answers`, and what stands for tests in other tools.
fn names(suite: &Acceptance) -> Vec<String> {
    let own = suite.tests.iter().map(|test| format!("{}/{}", suite.name.value, test.name.value));
    own.chain(suite.tools()).collect()
}

/// The tests of a plan in the order in which they are begun, a line each; none where no choice was made.
pub fn chosen_tests(plan: &Plan) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(chosen) = plan.chosen {
        lines.push(format!("// {} of {} tests chosen:", chosen.tests, chosen.of));
    } else if plan.seed.is_some() {
        lines.push("// tests, in this order:".to_owned());
    } else {
        return lines;
    }
    for step in &plan.steps {
        let node = &plan.node(step.node).name;
        match &step.operation {
            Operation::RunTests(suite) => {
                lines.extend(suite.tests.iter().map(|test| format!("//   {node}/{}", test.name.value)));
            }
            Operation::RunBats(_) | Operation::RunTool(_) => lines.push(format!("//   {node}")),
            _ => {}
        }
    }
    if let Some(seed) = plan.seed {
        lines.push(format!("// drawn by lot; `--shuffle={seed}` repeats it"));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::sample::Sample;

    fn sample() -> Pipeline {
        let sample = Sample::new("demo").service("app", &[]).acceptance_with("todos", "app", |todos| {
            let mut slow = todos.tests[0].clone();
            slow.name.value = "it survives".to_owned();
            slow.tags = vec!["slow".to_owned()];
            todos.tests.push(slow);
        });
        sample.build()
    }

    fn told(args: ChoiceArgs) -> String {
        let diagnostic = nothing_chosen(&sample(), &args);
        let notes = diagnostic.notes.join("; ");
        format!("{} | {notes} | {}", diagnostic.message, diagnostic.help.unwrap_or_default())
    }

    #[test]
    fn a_choice_of_nothing_tells_what_there_is() {
        let none = ChoiceArgs { tags: None, test: vec![], failed: false, shuffle: None };
        assert_eq!(
            told(ChoiceArgs { tags: Some("slwo".into()), ..none.clone() }),
            "no test fits `--tags 'slwo'` | there are the tags `slow` | did you mean `slow`?"
        );
        assert_eq!(
            told(ChoiceArgs { test: vec!["survivs".into()], ..none.clone() }),
            "no test fits `--test 'survivs'` | there are `todos/it answers` and `todos/it survives` | did you mean `survives`?"
        );
        assert_eq!(
            told(ChoiceArgs { failed: true, ..none }),
            "no test failed when it was last run |  | leave `--failed` out, to run tests whether they failed or not"
        );
    }
}
