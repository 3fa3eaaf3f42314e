use std::fmt;

use super::glob::Glob;

/// The patterns of a `.dockerignore`, or of what a build step wants to see.
///
/// The rules are those of moby's `patternmatcher`, which differ from git's: a pattern is anchored at the root, `**` stands for any number of
/// directories, what matches a directory matches all that is below it, the last pattern that matches decides, and a `!` pattern takes
/// back even what stands under an excluded directory.
#[derive(Debug, Default)]
pub struct Patterns {
    patterns: Vec<Pattern>,
}

/// For each pattern, whether it matched a directory: what its children are judged by.
pub type Matched = Vec<bool>;

/// A pattern that cannot be understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PatternError {
    /// As it is written.
    pub pattern: String,
    /// Why.
    pub cause: &'static str,
}

#[derive(Debug)]
struct Pattern {
    text: String,
    negated: bool,
    glob: Glob,
}

impl Patterns {
    /// Reads patterns, one an item; blank ones do not count.
    pub fn new<'a>(patterns: impl IntoIterator<Item = &'a str>) -> Result<Self, PatternError> {
        let patterns = patterns.into_iter().map(str::trim).filter(|pattern| !pattern.is_empty()).map(Pattern::new);
        Ok(Patterns { patterns: patterns.collect::<Result<_, _>>()? })
    }

    /// There is none.
    pub fn is_empty(&self) -> bool {
        self.patterns.is_empty()
    }

    /// Whether `path` matches, and what its children have to know. `parent` is what this answered for the directory that holds it;
    /// empty for the root.
    pub fn matches(&self, path: &str, parent: &[bool]) -> (bool, Matched) {
        let mut matched = false;
        let mut each = vec![false; self.patterns.len()];
        for (index, pattern) in self.patterns.iter().enumerate() {
            let inherited = parent.get(index).copied().unwrap_or(false);
            // A pattern that cannot change the verdict is not asked.
            let hit = inherited || (pattern.negated == matched && pattern.glob.matches(path));
            each[index] = hit;
            if hit {
                matched = !pattern.negated;
            }
        }
        (matched, each)
    }

    /// Whether something below the directory `path`, which does not match, may match all the same.
    pub fn may_match_below(&self, path: &str) -> bool {
        self.reach_below(path, false)
    }

    /// Whether something below the directory `path`, which matches, may be taken back by a `!` pattern.
    pub fn may_take_back_below(&self, path: &str) -> bool {
        self.reach_below(path, true)
    }

    fn reach_below(&self, path: &str, negated: bool) -> bool {
        self.patterns.iter().filter(|pattern| pattern.negated == negated).any(|pattern| pattern.reaches_below(path))
    }
}

impl Pattern {
    fn new(text: &str) -> Result<Self, PatternError> {
        let cleaned = clean(text);
        let (negated, text) = match cleaned.strip_prefix('!') {
            Some(rest) => (true, rest),
            None => (false, cleaned.as_str()),
        };
        if text.is_empty() {
            return Err(PatternError { pattern: cleaned, cause: "nothing follows the `!`" });
        }
        Ok(Pattern { text: text.to_owned(), negated, glob: Glob::new(text)? })
    }

    /// Whether it can match something below `path`. Exact for plain paths; a pattern with wildcards in the middle may match anywhere.
    fn reaches_below(&self, path: &str) -> bool {
        let fixed = self.text.strip_suffix("/**").unwrap_or(&self.text);
        let fixed = fixed.strip_suffix("/*").unwrap_or(fixed);
        if fixed.contains(['*', '?', '[', ']', '^', '\\']) {
            return true;
        }
        fixed == path || fixed.strip_prefix(path).is_some_and(|rest| rest.starts_with('/'))
    }
}

/// A slash-separated path without `.`, `..` where they can be resolved, doubled and trailing slashes; as Go's `path.Clean`.
pub fn clean(path: &str) -> String {
    let rooted = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            ".." if rooted => {}
            part => parts.push(part),
        }
    }
    let joined = parts.join("/");
    match (rooted, joined.is_empty()) {
        (true, _) => format!("/{joined}"),
        (false, true) => ".".to_owned(),
        (false, false) => joined,
    }
}

impl fmt::Display for PatternError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the pattern `{}` cannot be read: {}", self.pattern, self.cause)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As a walk asks: every directory on the way first.
    fn matches(patterns: &[&str], path: &str) -> bool {
        let patterns = Patterns::new(patterns.iter().copied()).expect("patterns");
        let mut parent = Matched::new();
        let mut verdict = false;
        for (end, _) in path.match_indices('/').chain([(path.len(), "")]) {
            (verdict, parent) = patterns.matches(&path[..end], &parent);
        }
        verdict
    }

    #[test]
    fn a_pattern_is_anchored_at_the_root() {
        assert!(matches(&["*.log"], "a.log"));
        assert!(!matches(&["*.log"], "logs/a.log"));
        assert!(matches(&["**/*.log"], "a.log"));
        assert!(matches(&["**/*.log"], "logs/deep/a.log"));
        assert!(matches(&["logs/*.log"], "logs/a.log"));
        assert!(!matches(&["logs/*.log"], "logs/deep/a.log"));
    }

    #[test]
    fn what_matches_a_directory_matches_all_below() {
        assert!(matches(&["node_modules"], "node_modules/a/b.js"));
        assert!(matches(&["a/*"], "a/b/c"));
        assert!(matches(&["**/target"], "crates/x/target/debug/x"));
        assert!(!matches(&["target"], "crates/target"));
        assert!(matches(&["docs/"], "docs/README.md"));
    }

    #[test]
    fn two_stars_are_any_number_of_directories() {
        for path in ["file", "dir/file", "dir/dir/file"] {
            assert!(matches(&["**"], path), "{path}");
            assert!(matches(&["**/file"], path), "{path}");
            assert!(matches(&["**file"], path), "{path}");
        }
        assert!(matches(&["a/**/z"], "a/z"));
        assert!(matches(&["a/**/z"], "a/b/c/z"));
        assert!(matches(&["abc/**"], "abc/def/ghi"));
        assert!(!matches(&["abc/**"], "abc"));
        assert!(!matches(&["**/.foo"], "bar.foo"));
        assert!(matches(&["a**/*.txt"], "a/dir/file.txt"));
        assert!(!matches(&["**/**/*.txt2"], "dir/dir/file.txt"));
    }

    #[test]
    fn the_last_match_decides_and_takes_back_below_excluded_directories() {
        assert!(!matches(&["docs", "!docs/README.md"], "docs/README.md"));
        assert!(matches(&["docs", "!docs/README.md"], "docs/other.md"));
        assert!(matches(&["!a.go", "*.go"], "a.go"));
        assert!(!matches(&["*.go", "!a.go"], "a.go"));
        assert!(!matches(&["**", "!util/web"], "util/web/foo"));
        assert!(matches(&["**", "!util/web", "util/web/foo"], "util/web/foo"));
        assert!(!matches(&["**", "!dist/*.whl"], "dist/a.whl"));
    }

    #[test]
    fn wildcards_within_a_name() {
        assert!(matches(&["abc?def"], "abcZdef"));
        assert!(!matches(&["abc.def"], "abcZdef"));
        assert!(matches(&["a[b-d]e"], "ace"));
        assert!(matches(&["a[^b-d]e"], "aze"));
        assert!(!matches(&["a[^b-d]e"], "ace"));
        assert!(matches(&["a[^a]b"], "a☺b"));
        assert!(matches(&["[a-ζ]*"], "α"));
        assert!(matches(&["a\\*b"], "a*b"));
        assert!(!matches(&["a\\*b"], "axb"));
        assert!(!matches(&["a?b"], "a/b"));
        assert!(matches(&["a.|)$(}+{bc"], "a.|)$(}+{bc"));
        assert!(matches(&["x[&&]y"], "x&y"));
    }

    #[test]
    fn blanks_are_trimmed_and_paths_cleaned() {
        assert!(matches(&["  ./docs/  ", ""], "docs/a"));
        assert!(!matches(&["docs", "  !docs/README.md  "], "docs/README.md"));
        assert_eq!(clean("a/./b//c/../d/"), "a/b/d");
        assert_eq!(clean("/../a"), "/a");
        assert_eq!(clean("../a"), "../a");
        assert_eq!(clean(""), ".");
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        for pattern in ["!", "[", "a[b", "a\\", "a[]b", "a[d-b]"] {
            let error = Patterns::new([pattern]).expect_err(pattern);
            assert!(error.to_string().contains(pattern), "{error}");
        }
    }

    #[test]
    fn a_directory_is_entered_only_where_something_may_match() {
        let wanted = Patterns::new(["src/app", "lib/**"]).expect("patterns");
        assert!(wanted.may_match_below("src"));
        assert!(wanted.may_match_below("src/app"));
        assert!(!wanted.may_match_below("sr"));
        assert!(!wanted.may_match_below("docs"));
        assert!(Patterns::new(["**/app"]).expect("patterns").may_match_below("docs"));
        let ignored = Patterns::new(["docs", "vendor", "!docs/README.md"]).expect("patterns");
        assert!(ignored.may_take_back_below("docs"));
        assert!(!ignored.may_take_back_below("vendor"));
    }
}
