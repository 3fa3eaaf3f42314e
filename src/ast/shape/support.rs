use super::Shape;
use crate::diagnostic::{Diagnostic, codes};
use crate::schema::{Support, Word};
use crate::source::Span;

impl Shape<'_> {
    /// Whether this version runs it; a diagnostic where it does not.
    pub(super) fn supported(&mut self, support: Support, name: &str, doc: &str, span: Span) -> bool {
        if let Support::Since(_) = support {
            return true;
        }
        self.found.push(
            Diagnostic::new(codes::shape::NOT_YET_SUPPORTED, format!("`{name}` is not yet supported"))
                .label(span, "not in this version")
                .help(format!("leave `{name}` out: pipe {} cannot run it", env!("CARGO_PKG_VERSION")))
                .note(format!("planned as: {doc}")),
        );
        false
    }

    /// The same of a word.
    pub(super) fn supported_word(&mut self, word: &Word, span: Span) -> bool {
        self.supported(word.support, word.word, word.doc, span)
    }
}
