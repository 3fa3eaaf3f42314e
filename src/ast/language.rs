use super::reader::Reader;
use crate::source::Spanned;

/// The language inside a string, as its annotation names it: `(bash)"…"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Language {
    /// The shell of POSIX.
    Sh,
    /// bash.
    Bash,
    /// Python 3.
    Python,
    /// JSON.
    Json,
    /// A regular expression of the `regex` crate.
    Regex,
    /// SQL.
    Sql,
}

/// A string whose author says which language is in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Annotated {
    /// The language, at the annotation.
    pub language: Spanned<Language>,
    /// The string.
    pub text: Spanned<String>,
}

impl Language {
    /// The language that an annotation names, if it names one.
    pub(super) fn named(annotation: &Spanned<String>) -> Option<Spanned<Self>> {
        let language = match annotation.value.as_str() {
            "sh" => Language::Sh,
            "bash" => Language::Bash,
            "python" => Language::Python,
            "json" => Language::Json,
            "regex" => Language::Regex,
            "sql" => Language::Sql,
            _ => return None,
        };
        Some(Spanned::new(language, annotation.span))
    }

    /// The language that the annotation of the `n`-th argument of `node` names.
    pub(super) fn of_argument(node: Reader<'_>, n: usize) -> Option<Spanned<Self>> {
        node.entry(n)?.annotation.as_ref().and_then(Language::named)
    }
}
