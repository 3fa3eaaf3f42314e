use std::collections::BTreeMap;

use super::{Code, Diagnostic, Diagnostics, Severity};

/// What somebody wants of a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Not to hear of it.
    Allow,
    /// A warning.
    Warn,
    /// An error.
    Deny,
}

/// What somebody wants of warnings and advice. Errors are beyond wishes: a run would fail, or lie.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Levels {
    /// Where they were asked for, for the note of a denied finding: `--deny`.
    by: &'static str,
    denies_warnings: bool,
    codes: BTreeMap<&'static str, Level>,
}

impl Levels {
    /// No wishes yet; `by` tells where they come from.
    pub fn new(by: &'static str) -> Self {
        Levels { by, ..Levels::default() }
    }

    /// Makes errors of all warnings but those whose code is named.
    pub fn deny_warnings(&mut self) {
        self.denies_warnings = true;
    }

    /// What is wanted of a code. Answers what has been wanted of it before, where that was something else.
    pub fn set(&mut self, code: Code, level: Level) -> Option<Level> {
        self.codes.insert(code.slug(), level).filter(|before| *before != level)
    }

    /// The diagnostics as they are wanted.
    pub fn apply(&self, diagnostics: Diagnostics) -> Diagnostics {
        diagnostics.into_iter().filter_map(|diagnostic| self.applied(diagnostic)).collect()
    }

    fn applied(&self, mut diagnostic: Diagnostic) -> Option<Diagnostic> {
        if diagnostic.code.severity() == Severity::Error {
            return Some(diagnostic);
        }
        let own = self.codes.get(diagnostic.code.slug()).copied();
        let group = (self.denies_warnings && diagnostic.severity == Severity::Warning).then_some(Level::Deny);
        match own.or(group) {
            None => {}
            Some(Level::Allow) => return None,
            Some(Level::Warn) => diagnostic.severity = Severity::Warning,
            Some(Level::Deny) => {
                diagnostic.severity = Severity::Error;
                let what = if own.is_some() { diagnostic.code.slug() } else { "warnings" };
                diagnostic.notes.push(format!("an error because of `{} {what}`", self.by));
            }
        }
        Some(diagnostic)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::codes::{names::UNUSED_VOLUME, secrets::SECRET_DEFAULT, shape::UNKNOWN_NODE};

    fn told(levels: &Levels) -> Vec<(&'static str, Severity)> {
        let all = [UNUSED_VOLUME, SECRET_DEFAULT, UNKNOWN_NODE].map(|code| Diagnostic::new(code, "x"));
        levels.apply(all.into_iter().collect()).iter().map(|it| (it.code.slug(), it.severity)).collect()
    }

    #[test]
    fn a_code_that_is_named_is_not_moved_by_its_group() {
        let mut levels = Levels::new("--deny");
        levels.deny_warnings();
        assert_eq!(told(&levels)[0], ("unused-volume", Severity::Error));
        assert_eq!(told(&levels)[1], ("secret-default", Severity::Advice));
        assert_eq!(levels.set(UNUSED_VOLUME, Level::Warn), None);
        assert_eq!(told(&levels)[0], ("unused-volume", Severity::Warning));
        assert_eq!(levels.set(UNUSED_VOLUME, Level::Allow), Some(Level::Warn));
        assert_eq!(told(&levels).len(), 2);
    }

    #[test]
    fn advice_may_be_raised_and_errors_stay() {
        let mut levels = Levels::new("--deny");
        levels.set(SECRET_DEFAULT, Level::Deny);
        levels.set(UNKNOWN_NODE, Level::Allow);
        assert_eq!(told(&levels)[1..], [("secret-default", Severity::Error), ("unknown-node", Severity::Error)]);
    }
}
