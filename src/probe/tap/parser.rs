use super::line::{Directive, Line, Point, read, split_indent};
use super::{TapProblem, TapVerdict};
use crate::event::{CaseStatus, TestCase};

/// How many bytes of a failure's text are kept.
const TEXT: usize = 16 * 1024;

/// How deep subtests may stand in each other; deeper ones are output.
const DEPTH: usize = 16;

/// How many cases wait at most for the line of the test that they are part of; then they go out without its name.
const HELD: usize = 10_000;

/// How many tests of a stream are told: a stream without end must not fill the reports of its run.
const MOST: usize = 200_000;

/// How many bytes of a test's name are kept.
const NAME: usize = 1024;

/// How many columns deeper a subtest stands.
const INDENT: usize = 4;

/// Reads a TAP stream line by line. A test that passed is told by its own line, one that failed as soon as its text is whole,
/// a subtest with the test that it is part of.
#[derive(Debug)]
pub struct Tap {
    group: Option<String>,
    /// The stream itself, and within it the subtests that are open; never empty.
    levels: Vec<Level>,
    /// A test that failed and may still get more text.
    open: Option<TestCase>,
    /// The column of the YAML block that is open.
    yaml: Option<usize>,
    bailed: Option<String>,
    told: Vec<TestCase>,
    verdict: TapVerdict,
}

/// One stream of tests: the whole or a subtest.
#[derive(Debug, Default)]
struct Level {
    plan: Option<u64>,
    reason: String,
    ran: u64,
    /// Tests of this stream that are complete.
    done: Vec<TestCase>,
    /// Tests of a subtest that has ended; the next line of this stream says what they are part of.
    inner: Vec<TestCase>,
}

impl Tap {
    /// A reader whose cases stand in `group`: the name of the bats file or stage.
    pub fn new(group: Option<String>) -> Self {
        Tap {
            group,
            levels: vec![Level::default()],
            open: None,
            yaml: None,
            bailed: None,
            told: Vec::new(),
            verdict: TapVerdict { total: 0, failed: 0, skipped: 0, problem: None },
        }
    }

    /// Takes in a line, without its newline; answers the tests that are known to have ended by it.
    pub fn line(&mut self, line: &str) -> Vec<TestCase> {
        let (indent, text) = split_indent(line);
        if let Some(column) = self.yaml {
            match text {
                "..." if indent <= column => self.yaml = None,
                _ => self.add_text(line.get(column..).unwrap_or(text).trim_end()),
            }
        } else if self.bailed.is_none() {
            self.read(indent, text);
        }
        std::mem::take(&mut self.told)
    }

    /// The end of the stream: the tests still open, and what it all came to.
    pub fn finish(mut self) -> (Vec<TestCase>, TapVerdict) {
        self.settle();
        self.go_to(0);
        // A subtest whose own line never came has run all the same.
        let level = std::mem::take(self.level());
        for case in level.inner {
            self.tell(case);
        }
        let nothing = self.verdict.total == 0 && matches!(level.plan, None | Some(0));
        self.verdict.problem = match (self.bailed, level.plan) {
            (Some(why), _) => Some(TapProblem::BailedOut(why)),
            (None, _) if self.verdict.total > MOST => Some(TapProblem::TooMany(MOST)),
            (None, _) if nothing => Some(TapProblem::NoTests(level.reason)),
            (None, None) => Some(TapProblem::NoPlan),
            (None, Some(planned)) if planned != level.ran => Some(TapProblem::Planned { planned, ran: level.ran }),
            (None, Some(_)) => None,
        };
        (self.told, self.verdict)
    }

    fn read(&mut self, indent: usize, text: &str) {
        let depth = indent / INDENT;
        let stands = indent.is_multiple_of(INDENT) && depth <= self.levels.len() && depth < DEPTH;
        match read(text) {
            Line::Comment(said) => self.add_text(said),
            // The YAML of a test stands two columns deeper than the test.
            Line::YamlBegins if indent % INDENT == 2 => self.yaml = Some(indent),
            Line::BailOut(why) => {
                self.settle();
                self.bailed = Some(why.to_owned());
            }
            Line::Plan { count, reason } if stands => {
                self.settle();
                self.go_to(depth);
                let level = self.level();
                level.plan = level.plan.or(Some(count));
                level.reason = reason.to_owned();
            }
            Line::Point(point) if stands => {
                self.settle();
                self.go_to(depth);
                self.point(point);
            }
            _ => {}
        }
    }

    fn level(&mut self) -> &mut Level {
        self.levels.last_mut().expect("the whole is never left")
    }

    fn add_text(&mut self, line: &str) {
        if let Some(TestCase { status: CaseStatus::Failed(text), .. }) = &mut self.open
            && text.len() + line.len() < TEXT
        {
            text.push_str(line);
            text.push('\n');
        }
    }

    /// The open test has got all its text.
    fn settle(&mut self) {
        if let Some(mut case) = self.open.take() {
            if let CaseStatus::Failed(text) = &mut case.status {
                text.truncate(text.trim_end().len());
            }
            self.keep(case);
        }
    }

    /// Opens subtests down to `depth`, or closes those that are deeper.
    fn go_to(&mut self, depth: usize) {
        while self.levels.len() <= depth {
            self.levels.push(Level::default());
        }
        while self.levels.len() > depth + 1 {
            let mut subtest = self.levels.pop().expect("deeper than the whole");
            if let Some(planned) = subtest.plan.filter(|planned| *planned != subtest.ran) {
                let problem = TapProblem::Planned { planned, ran: subtest.ran };
                subtest.done.push(self.case("plan".to_owned(), CaseStatus::Failed(problem.to_string())));
            }
            let inner = &mut self.level().inner;
            inner.append(&mut subtest.done);
            inner.append(&mut subtest.inner);
        }
    }

    fn point(&mut self, point: Point) {
        let level = self.level();
        level.ran += 1;
        let name = match point.name {
            name if name.is_empty() => format!("test {}", point.number.unwrap_or(level.ran)),
            mut name => {
                name.truncate(name.floor_char_boundary(NAME));
                name
            }
        };
        let status = match point.directive {
            Directive::Skip(why) => CaseStatus::Skipped(why),
            Directive::Todo(why) if !point.ok => CaseStatus::Skipped(format!("todo: {why}")),
            _ if point.ok => CaseStatus::Passed,
            _ => CaseStatus::Failed(String::new()),
        };
        let inner = std::mem::take(&mut level.inner);
        // Where parts are told, the whole says something of its own only if it failed and none of them did.
        let said_by_parts =
            !inner.is_empty() && (!status.is_failure() || inner.iter().any(|case| case.status.is_failure()));
        for mut case in inner {
            case.name = format!("{name} > {}", case.name);
            if let (CaseStatus::Skipped(why), true) = (&status, case.status.is_failure()) {
                case.status = CaseStatus::Skipped(why.clone());
            }
            self.keep(case);
        }
        if said_by_parts {
            return;
        }
        let case = self.case(name, status);
        if case.status.is_failure() { self.open = Some(case) } else { self.keep(case) }
    }

    fn case(&self, name: String, status: CaseStatus) -> TestCase {
        TestCase::new(self.group.clone(), name, status)
    }

    /// A test of the innermost stream is complete.
    fn keep(&mut self, case: TestCase) {
        if self.levels.len() == 1 {
            return self.tell(case);
        }
        let done = &mut self.level().done;
        done.push(case);
        if done.len() >= HELD {
            for case in std::mem::take(done) {
                self.tell(case);
            }
        }
    }

    fn tell(&mut self, case: TestCase) {
        self.verdict.total += 1;
        match &case.status {
            CaseStatus::Skipped(_) => self.verdict.skipped += 1,
            status if status.is_failure() => self.verdict.failed += 1,
            _ => {}
        }
        if self.verdict.total <= MOST {
            self.told.push(case);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The cases in short (`+` passed, `-` failed, `~` skipped) and the verdict.
    fn read(text: &str) -> (Vec<String>, TapVerdict) {
        let mut tap = Tap::new(None);
        let mut cases: Vec<TestCase> = text.lines().flat_map(|line| tap.line(line)).collect();
        let (rest, verdict) = tap.finish();
        cases.extend(rest);
        let short = cases.into_iter().map(|case| match case.status {
            CaseStatus::Passed => format!("+ {}", case.name),
            CaseStatus::Skipped(why) => format!("~ {}: {why}", case.name),
            CaseStatus::Failed(text) => format!("- {}: {text}", case.name),
            CaseStatus::Checks(_) => unreachable!("TAP has no checks"),
        });
        (short.collect(), verdict)
    }

    #[test]
    fn what_bats_writes_is_read() {
        let (cases, verdict) = read(
            "1..3\nok 1 root answers\nnot ok 2 a todo can be made in 12ms\n# (in test file acceptance.bats, line 24)\n\
             #   `[ \"$status\" -eq 0 ]' failed\nok 3 later # skip no time\n",
        );
        let text = "(in test file acceptance.bats, line 24)\n  `[ \"$status\" -eq 0 ]' failed";
        assert_eq!(cases, ["+ root answers", &format!("- a todo can be made in 12ms: {text}"), "~ later: no time"]);
        assert_eq!(verdict, TapVerdict { total: 3, failed: 1, skipped: 1, problem: None });
        assert!(!verdict.passed());
    }

    #[test]
    fn a_test_that_passed_is_told_by_its_own_line() {
        let mut tap = Tap::new(Some("suite".to_owned()));
        assert!(tap.line("1..2").is_empty());
        let told = tap.line("ok 1 a");
        assert_eq!((told.len(), told[0].group.as_deref()), (1, Some("suite")));
        assert!(tap.line("not ok 2 b").is_empty());
        assert!(tap.line("# why").is_empty());
        assert_eq!(tap.finish().0.len(), 1);
    }

    #[test]
    fn yaml_is_the_text_of_a_failure() {
        let (cases, _) = read(
            "TAP version 13\n1..2\nnot ok 1 a\n  ---\n  message: bad\n    ok 9 - no test\n  ...\nok 2 b\n  ---\n  duration_ms: 3\n  ...\n",
        );
        assert_eq!(cases, ["- a: message: bad\n  ok 9 - no test", "+ b"]);
    }

    #[test]
    fn subtests_are_told_with_what_they_are_part_of() {
        let (cases, verdict) = read(
            "TAP version 14\n# Subtest: outer\n    ok 1 - x\n        ok 1 - deep\n        1..1\n    ok 2 - y\n    not ok 3 - z\n      ---\n      at: here\n      ...\n    1..3\nnot ok 1 - outer\n    1..1\n    ok 1 - p\nok 2 - second\n1..2\n",
        );
        assert_eq!(cases, ["+ outer > x", "+ outer > y > deep", "- outer > z: at: here", "+ second > p"]);
        assert_eq!(verdict, TapVerdict { total: 4, failed: 1, skipped: 0, problem: None });
    }

    #[test]
    fn a_subtest_that_fails_for_itself_is_told() {
        let (cases, verdict) = read("1..1\n    ok 1 - x\nnot ok 1 - outer\n# teardown failed\n");
        assert_eq!(cases, ["+ outer > x", "- outer: teardown failed"]);
        assert!(!verdict.passed());
        let (cases, verdict) = read("1..1\n    1..2\n    ok 1 - x\nok 1 - outer\n");
        assert_eq!(cases, ["+ outer > x", "- outer > plan: 2 tests were planned, 1 ran"]);
        assert!(!verdict.passed());
    }

    #[test]
    fn what_is_still_to_do_fails_nothing() {
        let (cases, verdict) =
            read("1..3\nnot ok 1 a # TODO later\nok 2 b # TODO done\n    not ok 1 - x\nnot ok 3 c # TODO no\n");
        assert_eq!(cases, ["~ a: todo: later", "+ b", "~ c > x: todo: no"]);
        assert!(verdict.passed());
    }

    #[test]
    fn a_stream_that_is_not_whole_never_passes() {
        let problem = |text: &str| read(text).1.problem.map(|problem| problem.to_string());
        assert_eq!(problem("1..3\nok 1\n").as_deref(), Some("3 tests were planned, 1 ran"));
        assert_eq!(problem("1..1\nok 1\nok 2\n").as_deref(), Some("1 tests were planned, 2 ran"));
        assert_eq!(problem("ok 1\n").as_deref(), Some("the tests have no plan (`1..N`), so that some may be missing"));
        assert_eq!(problem("").as_deref(), Some("there was no test"));
        assert_eq!(problem("1..0 # SKIP no database\n").as_deref(), Some("there was no test: no database"));
        assert_eq!(problem("1..2\n").as_deref(), Some("2 tests were planned, 0 ran"));
        assert_eq!(problem("1..2\nok 1\nBail out! gone\nok 2\n").as_deref(), Some("the suite bailed out: gone"));
        assert_eq!(problem("bats: command not found\n").as_deref(), Some("there was no test"));
        assert_eq!(problem("1..1\n    not ok 1 x\n").as_deref(), Some("1 tests were planned, 0 ran"));
    }

    #[test]
    fn a_plan_may_come_last_and_a_name_may_be_missing() {
        let (cases, verdict) = read("ok\nok 2 - \n1..2\n");
        assert_eq!(cases, ["+ test 1", "+ test 2"]);
        assert!(verdict.passed());
    }

    #[test]
    fn a_flood_is_bounded_and_loses_no_test() {
        let mut tap = Tap::new(None);
        let mut told = 0;
        for _ in 0..3 * HELD {
            told += tap.line("    ok x").len();
            assert!(tap.levels[1].done.len() < HELD);
        }
        tap.line("not ok 1 y");
        for _ in 0..10_000 {
            tap.line("# a long line of a failure");
        }
        let Some(TestCase { status: CaseStatus::Failed(text), .. }) = &tap.open else { panic!("no failure") };
        assert!(text.len() <= TEXT);
        let (rest, verdict) = tap.finish();
        assert_eq!((told + rest.len(), verdict.total), (3 * HELD + 1, 3 * HELD + 1));
    }

    #[test]
    fn a_stream_without_end_tells_so_many_tests_and_is_no_success() {
        let mut tap = Tap::new(None);
        let mut told = 0;
        for _ in 0..MOST + 10 {
            told += tap.line("ok").len();
        }
        tap.line(&format!("1..{}", MOST + 10));
        let (rest, verdict) = tap.finish();
        assert_eq!((told + rest.len(), verdict.total), (MOST, MOST + 10));
        assert_eq!(verdict.problem, Some(TapProblem::TooMany(MOST)));
        assert!(!verdict.passed());
    }

    #[test]
    fn a_name_without_end_is_cut() {
        let mut tap = Tap::new(None);
        let told = tap.line(&format!("ok 1 - {}", "é".repeat(NAME)));
        assert_eq!(told[0].name, "é".repeat(NAME / 2));
    }

    proptest! {
        #[test]
        fn any_lines_are_read(lines in proptest::collection::vec(
            prop_oneof![
                ".{0,20}",
                "( {0,3}|    |        |\t)(not )?ok ?[0-9]{0,3}( - )?[a#\\\\ ]{0,5}(# (SKIP|todo).{0,4})?",
                "( {0,9})(1\\.\\.[0-9]{1,3}|---|\\.\\.\\.|# Subtest: a|Bail out!)",
            ], 0..40,
        )) {
            let mut tap = Tap::new(None);
            let mut told = 0;
            for line in &lines {
                told += tap.line(line).len();
            }
            let (rest, verdict) = tap.finish();
            prop_assert_eq!(told + rest.len(), verdict.total);
            prop_assert!(verdict.failed + verdict.skipped <= verdict.total);
        }
    }
}
