use std::path::Path;

use crate::event::{CaseStatus, Excerpt, TestCase};

/// The most bytes of a bats file that are read to show its lines.
const MOST: u64 = 1 << 20;
/// How many lines before the one that is meant are shown, at most: from the beginning of its test on.
const BEFORE: usize = 8;

/// The text of a bats file, to show the line that a case failed at.
#[derive(Debug)]
pub(super) struct BatsText {
    /// As the pipeline names it.
    name: String,
    lines: Vec<String>,
}

impl BatsText {
    /// That of the file at `path`; none where it cannot be read, which fails nothing here.
    pub(super) fn read(name: &Path, path: &Path) -> Option<Self> {
        let is_small = std::fs::metadata(path).is_ok_and(|file| file.len() <= MOST);
        let text = is_small.then(|| std::fs::read_to_string(path).ok()).flatten()?;
        Some(BatsText { name: name.display().to_string(), lines: text.lines().map(str::to_owned).collect() })
    }

    /// The case, with the lines that it failed at.
    pub(super) fn shown(&self, case: TestCase) -> TestCase {
        let excerpt = match &case.status {
            CaseStatus::Failed(words) => self.line_of(words).and_then(|line| self.excerpt(line)).map(Box::new),
            CaseStatus::Passed | CaseStatus::Skipped(_) | CaseStatus::Checks(_) => None,
        };
        TestCase { excerpt, ..case }
    }

    /// The line that bats names: `(in test file /suite/case.bats, line 8)`. Where the failure came from a file that it loads, `(from
    /// function … in file …, line 3,` stands before ` in test file …, line 8)`, and the test's own line is meant.
    fn line_of(&self, words: &str) -> Option<usize> {
        let (_, told) = words.split_once("in test file ")?;
        let (file, rest) = told.split_once(", line ")?;
        let own = Path::new(&self.name).file_name()?;
        (Path::new(file).file_name()? == own).then_some(())?;
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        rest[..digits].parse().ok()
    }

    fn excerpt(&self, line: usize) -> Option<Excerpt> {
        let meant = line.checked_sub(1).filter(|meant| *meant < self.lines.len())?;
        let earliest = meant.saturating_sub(BEFORE);
        let begins = (earliest..=meant).rev().find(|at| self.lines[*at].trim_start().starts_with("@test"));
        let (first, end) = (begins.unwrap_or(meant.saturating_sub(2)), (meant + 2).min(self.lines.len()));
        Some(Excerpt { file: self.name.clone(), line, first: first + 1, lines: self.lines[first..end].to_vec() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_that_bats_names_is_shown_within_its_test() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("case.bats");
        let text = "@test \"a\" {\n    true\n}\n\n@test \"the answer\" {\n    answer=54\n    [ $answer -eq 42 ]\n}\n";
        std::fs::write(&path, text).expect("a file in it");
        let text = BatsText::read(Path::new("suite/case.bats"), &path).expect("it is there");
        let failed = |words: &str| {
            text.shown(TestCase::new(None, "the answer".into(), CaseStatus::Failed(words.to_owned()))).excerpt
        };
        let excerpt =
            failed("(in test file /pipe/case.bats, line 7)\n  `[ $answer -eq 42 ]' failed").expect("it is named");
        assert_eq!((excerpt.file.as_str(), excerpt.line, excerpt.first), ("suite/case.bats", 7, 5));
        assert_eq!(excerpt.lines, ["@test \"the answer\" {", "    answer=54", "    [ $answer -eq 42 ]", "}"]);
        let loaded = "(from function `check' in file lib.bash, line 3,\n in test file case.bats, line 2)";
        assert_eq!(failed(loaded).map(|excerpt| (excerpt.line, excerpt.first)), Some((2, 1)));
        for other in ["(in test file other.bats, line 2)", "(in test file case.bats, line 99)", "no line", ""] {
            assert_eq!(failed(other), None, "{other}");
        }
        assert!(BatsText::read(Path::new("gone.bats"), &directory.path().join("gone.bats")).is_none());
    }
}
