use super::{Code, Severity};
use crate::source::{FileId, Span};

/// One thing that a person should know about their pipeline, with its places.
///
/// The style of its words: lower case, no final period, names in backticks, says what is; labels of two to five words;
/// help is one action with the text to type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Its kind.
    pub code: Code,
    /// Its weight; the code's own unless changed.
    pub severity: Severity,
    /// What is, in one line.
    pub message: String,
    /// The places; the first is the primary one.
    pub labels: Vec<Label>,
    /// The one action that mends it.
    pub help: Option<String>,
    /// Evidence and background, each a paragraph; may hold several lines (the last lines of a log).
    pub notes: Vec<String>,
    /// Edits that mend it.
    pub fixes: Vec<Fix>,
}

/// A place and what is to be seen there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// Two to five words; may be empty for the primary place.
    pub text: String,
}

/// A set of edits that mends the mistake, applied together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// What applying does: “quote the value”.
    pub title: String,
    /// Whether it may be applied without a look.
    pub safe: bool,
    /// The edits; they do not overlap.
    pub edits: Vec<Edit>,
}

/// Replaces the text under a span.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced; an empty span inserts.
    pub span: Span,
    /// By what.
    pub text: String,
}

impl Diagnostic {
    /// A diagnostic of `code` that says `message`, with no place yet.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Diagnostic {
            code,
            severity: code.severity(),
            message: message.into(),
            labels: Vec::new(),
            help: None,
            notes: Vec::new(),
            fixes: Vec::new(),
        }
    }

    /// Adds a place; the first one added is the primary place.
    pub fn label(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label { span, text: text.into() });
        self
    }

    /// Sets the action that mends it.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds evidence or background.
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// Adds a fix that may be applied without a look: `text` in place of `span`.
    pub fn fix(mut self, title: impl Into<String>, span: Span, text: impl Into<String>) -> Self {
        self.fixes.push(Fix { title: title.into(), safe: true, edits: vec![Edit { span, text: text.into() }] });
        self
    }

    /// Adds a fix that a person should look at before it is applied: `text` in place of `span`.
    pub fn suggestion(mut self, title: impl Into<String>, span: Span, text: impl Into<String>) -> Self {
        self.fixes.push(Fix { title: title.into(), safe: false, edits: vec![Edit { span, text: text.into() }] });
        self
    }

    /// Adds a fix of several edits.
    pub fn fix_of(mut self, fix: Fix) -> Self {
        self.fixes.push(fix);
        self
    }

    /// The same, in files that have other identities now: `ids` in the order of the old ones.
    pub fn moved(self, ids: &[FileId]) -> Self {
        self.placed(|span| Span { file: ids[span.file.0 as usize], ..span })
    }

    /// The same, each of its places where `place` says; for a text that stands elsewhere.
    pub fn placed(mut self, place: impl Fn(Span) -> Span) -> Self {
        self.labels.iter_mut().for_each(|label| label.span = place(label.span));
        self.fixes.iter_mut().flat_map(|fix| &mut fix.edits).for_each(|edit| edit.span = place(edit.span));
        self
    }

    /// Whether one of its places lies in `span`, or holds a part of it.
    pub fn touches(&self, span: Span) -> bool {
        let is_there = |it: Span| it.file == span.file && it.start < span.end && span.start < it.end.max(it.start + 1);
        let edits = self.fixes.iter().flat_map(|fix| &fix.edits).map(|edit| edit.span);
        self.labels.iter().map(|label| label.span).chain(edits).any(is_there)
    }

    /// The primary place.
    pub fn span(&self) -> Option<Span> {
        self.labels.first().map(|label| label.span)
    }
}
