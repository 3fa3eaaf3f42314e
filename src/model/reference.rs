use std::fmt;

use super::Name;
use crate::source::Span;

/// The kinds of names that a pipeline declares; each has a namespace of its own, but that services, stages and acceptances share one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NameKind {
    /// `param NAME`
    Param,
    /// `secret NAME`
    Secret,
    /// `image NAME`
    Image,
    /// `volume NAME`
    Volume,
    /// `network NAME`
    Network,
    /// `template NAME`
    Template,
    /// `service NAME`, `stage NAME` or `acceptance NAME`
    Runnable,
}

/// A place where a declared name is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// The namespace.
    pub kind: NameKind,
    /// The name.
    pub name: Name,
    /// The smallest token that names it.
    pub span: Span,
}

impl NameKind {
    /// The words that declare it, for lists of alternatives.
    pub fn words(self) -> &'static str {
        match self {
            NameKind::Param => "param",
            NameKind::Secret => "secret",
            NameKind::Image => "image",
            NameKind::Volume => "volume",
            NameKind::Network => "network",
            NameKind::Template => "template",
            NameKind::Runnable => "service, stage or acceptance",
        }
    }
}

impl fmt::Display for NameKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.words())
    }
}
