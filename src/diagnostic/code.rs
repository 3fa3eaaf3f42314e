use std::fmt;

/// How much a diagnostic weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// A hint; never fails a check.
    Advice,
    /// Probably a mistake; fails a check only where the user asked for that.
    Warning,
    /// The run would fail or lie; fails a check.
    Error,
}

/// The stable name of a kind of diagnostic, such as `unknown-reference`. A code never changes its meaning.
#[derive(Clone, Copy)]
pub struct Code(&'static CodeInfo);

/// What is known of a code.
#[derive(Debug)]
pub struct CodeInfo {
    /// Kebab-case words.
    pub slug: &'static str,
    /// Its weight unless the user says otherwise.
    pub severity: Severity,
    /// The module of its class.
    pub class: &'static str,
    /// What it is about, in one sentence.
    pub summary: &'static str,
    /// The page that `pipe explain` prints.
    pub page: &'static str,
}

impl Code {
    /// Used by the tables under [`codes`](super::codes) only.
    pub const fn declare(info: &'static CodeInfo) -> Self {
        Code(info)
    }

    /// The words of the code.
    pub fn slug(&self) -> &'static str {
        self.0.slug
    }

    /// Its weight.
    pub fn severity(&self) -> Severity {
        self.0.severity
    }

    /// The name of its class: `text`, `shape`, `names`.
    pub fn class(&self) -> &'static str {
        self.0.class.rsplit("::").next().unwrap_or(self.0.class)
    }

    /// What it is about, in one sentence.
    pub fn summary(&self) -> &'static str {
        self.0.summary.trim()
    }

    /// Its page, in Markdown.
    pub fn page(&self) -> &'static str {
        self.0.page
    }
}

impl PartialEq for Code {
    fn eq(&self, other: &Self) -> bool {
        self.slug() == other.slug()
    }
}

impl Eq for Code {}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.slug())
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.slug())
    }
}
