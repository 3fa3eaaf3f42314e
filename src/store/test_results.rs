use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::run_directory::RUNS;
use super::{Directory, Story};

/// The file of a run's directory that the results of its tests are in.
const FILE: &str = "tests.jsonl";
/// How many runs of a pipeline are asked what failed.
const RUNS_ASKED: usize = 50;
/// No run has as much to say; what stands there is not taken into memory without end.
const MOST: u64 = 16 << 20;

/// How the tests of a run ended, one JSON object a line, so that a later run may take those that failed. Nothing fails for it: where a
/// line cannot be written, it falls silent.
#[derive(Debug)]
pub struct TestResults {
    file: Option<File>,
}

/// A line of the results. Stable since 0.1; who reads leaves out what it does not know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "entry", rename_all = "kebab-case")]
pub enum TestResult {
    /// A test has ended.
    Test {
        /// The suite that it stands in, as people read it.
        suite: String,
        /// Its name, secrets masked.
        test: String,
        /// Whether it failed.
        failed: bool,
    },
    /// A suite has ended.
    Suite {
        /// Which.
        suite: String,
        /// Whether all of its tests were run.
        whole: bool,
        /// Whether it failed otherwise than by a test that failed.
        failed: bool,
    },
}

impl TestResults {
    /// The results of a run that begins.
    pub fn begin(run: &Directory) -> Self {
        TestResults { file: run.create_file(FILE).ok() }
    }

    /// Notes one more.
    pub fn note(&mut self, result: &TestResult) {
        let mut line = serde_json::to_vec(result).expect("texts and truth values alone");
        line.push(b'\n');
        if let Some(file) = self.file.as_mut()
            && file.write_all(&line).is_err()
        {
            self.file = None;
        }
    }

    /// What failed when it was last run, of all runs of a pipeline's file that the homes remember: tests by suite, and suites that failed
    /// for another reason. What a later run did not take keeps the result of an earlier one.
    pub fn failed(homes: &[PathBuf], file: &Path) -> Failed {
        let mut runs: Vec<(Reverse<i64>, Directory)> = homes.iter().flat_map(|home| runs_of(home, file)).collect();
        runs.sort_by(|(a, one), (b, other)| (a, other.path()).cmp(&(b, one.path())));
        let mut memory = Memory::default();
        for (_, run) in runs.into_iter().take(RUNS_ASKED) {
            memory.hear(&read(&run).unwrap_or_default());
        }
        memory.failed
    }
}

/// What failed when it was last run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Failed {
    /// Suite and test.
    pub tests: BTreeSet<(String, String)>,
    /// Suites that failed for another reason than a test.
    pub suites: BTreeSet<String>,
}

/// What is known so far, the newest run first.
#[derive(Default)]
struct Memory {
    failed: Failed,
    /// Tests of which there is a newer result.
    known: BTreeSet<(String, String)>,
    /// Suites of which all is known, or that have ended in a newer run.
    whole: BTreeSet<String>,
    ended: BTreeSet<String>,
}

impl Memory {
    fn hear(&mut self, results: &[TestResult]) {
        let mut tests: BTreeMap<(&String, &String), bool> = BTreeMap::new();
        for result in results {
            if let TestResult::Test { suite, test, failed } = result {
                *tests.entry((suite, test)).or_default() |= failed;
            }
        }
        for ((suite, test), failed) in tests {
            let key = (suite.clone(), test.clone());
            if !self.whole.contains(suite) && self.known.insert(key.clone()) && failed {
                self.failed.tests.insert(key);
            }
        }
        for result in results {
            if let TestResult::Suite { suite, whole, failed } = result {
                if !self.whole.contains(suite) && self.ended.insert(suite.clone()) && *failed {
                    self.failed.suites.insert(suite.clone());
                }
                if *whole {
                    self.whole.insert(suite.clone());
                }
            }
        }
    }
}

/// The runs of a pipeline's file in a home that have results, with when they began.
fn runs_of(home: &Path, file: &Path) -> Vec<(Reverse<i64>, Directory)> {
    let Ok(runs) = Directory::existing_at(&home.join(RUNS)) else { return Vec::new() };
    let entries = std::fs::read_dir(runs.path()).into_iter().flatten().flatten();
    let named = entries.filter_map(|entry| entry.file_name().into_string().ok());
    let found = named.filter_map(|name| {
        let run = runs.existing(&name).ok()?;
        run.open_file(FILE).ok()?;
        let begun = Story::read(&run).begun?;
        (Path::new(&begun.file) == file).then_some((Reverse(begun.created), run))
    });
    found.collect()
}

fn read(run: &Directory) -> io::Result<Vec<TestResult>> {
    let mut bytes = Vec::new();
    run.open_file(FILE)?.take(MOST).read_to_end(&mut bytes)?;
    Ok(bytes.split(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice(line).ok()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Begun, RunDirectory};

    fn run(home: &Path, run: &str, created: i64, file: &str, results: &[TestResult]) {
        let begun = Begun { run: run.to_owned(), created, file: file.to_owned(), ..Begun::default() };
        let run = RunDirectory::create(&[home.to_owned()], &begun).expect("it can be made");
        let mut written = TestResults::begin(run.directory());
        results.iter().for_each(|result| written.note(result));
    }

    fn test(name: &str, failed: bool) -> TestResult {
        TestResult::Test { suite: "todos".into(), test: name.into(), failed }
    }

    fn suite(whole: bool, failed: bool) -> TestResult {
        TestResult::Suite { suite: "todos".into(), whole, failed }
    }

    fn failed(home: &Path) -> Vec<String> {
        let failed = TestResults::failed(&[home.to_owned()], Path::new("/p/pipeline.kdl"));
        failed.tests.into_iter().map(|(_, test)| test).chain(failed.suites).collect()
    }

    #[test]
    fn the_last_result_of_each_test_counts() {
        let place = tempfile::tempdir().expect("a place");
        let (home, file) = (place.path(), "/p/pipeline.kdl");
        assert_eq!(failed(home), [""; 0]);
        run(home, "r1", 1, file, &[test("gone", true), test("a", true), test("b", true), suite(true, false)]);
        assert_eq!(failed(home), ["a", "b", "gone"]);
        run(home, "r2", 2, file, &[test("a", true), test("b", true), test("c", false), suite(true, false)]);
        assert_eq!(failed(home), ["a", "b"], "what is no more a part of the suite is forgotten");
        run(home, "r3", 3, file, &[test("a", false), suite(false, false)]);
        assert_eq!(failed(home), ["b"], "what was not taken keeps its result");
        run(home, "r4", 4, "/other/pipeline.kdl", &[test("c", true)]);
        assert_eq!(failed(home), ["b"], "another pipeline is another matter");
        run(home, "r5", 5, file, &[suite(false, true)]);
        assert_eq!(failed(home), ["b", "todos"]);
        run(home, "r6", 6, file, &[test("b", false), suite(true, false)]);
        assert_eq!(failed(home), [""; 0]);
    }
}
