use super::Shape;
use crate::diagnostic::{Diagnostic, codes};
use crate::schema::{Support, Word};
use crate::source::Span;

impl Shape<'_> {
    /// Notes a part that this version checks and does not run, for whoever would run it.
    pub(super) fn note_support(&mut self, support: Support, name: &str, doc: &str, span: Span) {
        if support == Support::Checked {
            self.not_run.push(
                Diagnostic::new(codes::shape::NOT_YET_SUPPORTED, format!("`{name}` is not yet supported"))
                    .label(span, "not in this version")
                    .help(format!("leave `{name}` out: pipe {} cannot run it", env!("CARGO_PKG_VERSION")))
                    .note(format!("planned as: {doc}")),
            );
        }
    }

    /// The same of a word.
    pub(super) fn note_word(&mut self, word: &Word, span: Span) {
        self.note_support(word.support, word.word, word.doc, span);
    }
}
