use crate::ast::Secret;
use crate::diagnostic::Diagnostic;
use crate::run::Masker;
use crate::source::Files;

/// Hides what a pipeline calls secret and its files tell: the defaults of secrets.
pub struct Secrecy {
    /// In the text of files, which is drawn.
    drawn: Masker,
    /// In what is said. Plain words stay there: who has `none` as a secret is still to be told that a file says `none`.
    said: Masker,
}

impl Secrecy {
    /// Of these secrets, whether the rest is right or not.
    pub fn of(secrets: &[Secret]) -> Self {
        let values = || secrets.iter().filter_map(|secret| Some(secret.default.as_ref()?.value.as_str()));
        let is_word = |value: &&str| value.bytes().all(|byte| byte.is_ascii_lowercase());
        Secrecy { drawn: Masker::new(values()), said: Masker::new(values().filter(|value| !is_word(value))) }
    }

    /// The files as they are drawn: with asterisks in place of secrets, and everything else where it was.
    pub fn files(&self, files: &Files) -> Files {
        files.shown(|text| self.drawn.blank_words(text))
    }

    /// A diagnostic as it is told. A fix that would write a secret is left to those who apply it.
    pub fn told(&self, mut diagnostic: Diagnostic) -> Diagnostic {
        let hide = |text: &mut String| *text = self.said.blank_words(text);
        hide(&mut diagnostic.message);
        diagnostic.help.iter_mut().for_each(hide);
        diagnostic.notes.iter_mut().for_each(hide);
        diagnostic.labels.iter_mut().for_each(|label| hide(&mut label.text));
        diagnostic.fixes.iter_mut().for_each(|fix| hide(&mut fix.title));
        diagnostic.fixes.retain(|fix| fix.edits.iter().all(|edit| self.drawn.blank_words(&edit.text) == edit.text));
        diagnostic
    }
}
