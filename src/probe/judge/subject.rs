use super::Observed;
use crate::model::Query;

/// What a probe found, to be asked: an HTTP answer, what a command did, a file.
pub trait Subject: Send + Sync {
    /// What `query` finds in it. Which queries it answers is the schema table's to say.
    fn observe(&self, query: &Query<String>) -> Observed;

    /// What is amiss with it where its probe expects nothing of it.
    fn shortfall(&self) -> Option<Shortfall>;
}

/// What a probe wants that expects nothing, and what there is instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shortfall {
    /// What was looked at: `status`.
    pub subject: String,
    /// What was wanted: `lt 400`.
    pub expected: String,
    /// What there is.
    pub actual: String,
}

impl Shortfall {
    /// `actual` in place of `expected`.
    pub fn new(subject: &str, expected: &str, actual: impl Into<String>) -> Self {
        let expected = format!("{expected}, since the probe expects nothing else");
        Shortfall { subject: subject.to_owned(), expected, actual: actual.into() }
    }
}
