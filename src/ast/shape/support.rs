use super::Shape;
use crate::diagnostic::{Diagnostic, codes};
use crate::schema::{Support, Word};
use crate::source::Span;

impl Shape<'_> {
    /// Whether the part is to be looked at further. What this version checks and does not run is noted for whoever would run it;
    /// what it does not know but by name is an error.
    pub(super) fn supported(&mut self, support: Support, name: &str, doc: &str, span: Span) -> bool {
        let told = || {
            Diagnostic::new(codes::shape::NOT_YET_SUPPORTED, format!("`{name}` is not yet supported"))
                .label(span, "not in this version")
                .help(format!("leave `{name}` out: pipe {} cannot run it", env!("CARGO_PKG_VERSION")))
                .note(format!("planned as: {doc}"))
        };
        match support {
            Support::Since(_) => true,
            Support::Checked => {
                self.not_run.push(told());
                true
            }
            Support::Planned => {
                self.found.push(told());
                false
            }
        }
    }

    /// The same of a word.
    pub(super) fn supported_word(&mut self, word: &Word, span: Span) -> bool {
        self.supported(word.support, word.word, word.doc, span)
    }
}
