use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use crate::source::{EntryKind, Workspace};

/// What was asked of a workspace, and what it answered: as long as it still answers so, what follows from the answers holds.
#[derive(Debug, Default)]
pub(super) struct Asked {
    answers: Mutex<HashMap<(Question, PathBuf), u64>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Question {
    Kind,
    Read,
    Absolute,
    Mode,
    Names,
}

impl Asked {
    /// `workspace`, each question to it kept here with its answer.
    pub fn of<'a>(&'a self, workspace: &'a dyn Workspace) -> impl Workspace + use<'a> {
        Asking { workspace, asked: self }
    }

    /// Whether `workspace` would answer all of it in the same way.
    pub fn still_holds(&self, workspace: &dyn Workspace) -> bool {
        let answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        answers.iter().all(|((question, path), answer)| question.ask(workspace, path) == *answer)
    }
}

impl Question {
    /// A digest of the answer.
    fn ask(self, workspace: &dyn Workspace, path: &Path) -> u64 {
        match self {
            Question::Kind => digest(&kind_number(workspace.kind(path))),
            Question::Read => digest(&workspace.read(path).map_err(|error| error.kind())),
            Question::Absolute => digest(&workspace.absolute(path)),
            Question::Mode => digest(&workspace.mode(path)),
            Question::Names => digest(&workspace.names(path)),
        }
    }
}

/// A workspace whose answers are kept.
struct Asking<'a> {
    workspace: &'a dyn Workspace,
    asked: &'a Asked,
}

impl Asking<'_> {
    fn keep(&self, question: Question, path: &Path, answer: &impl Hash) {
        let mut answers = self.asked.answers.lock().unwrap_or_else(PoisonError::into_inner);
        answers.insert((question, path.to_owned()), digest(answer));
    }
}

impl Workspace for Asking<'_> {
    fn kind(&self, path: &Path) -> Option<EntryKind> {
        let kind = self.workspace.kind(path);
        self.keep(Question::Kind, path, &kind_number(kind));
        kind
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let bytes = self.workspace.read(path);
        self.keep(Question::Read, path, &bytes.as_ref().map_err(io::Error::kind));
        bytes
    }

    fn absolute(&self, path: &Path) -> PathBuf {
        let absolute = self.workspace.absolute(path);
        self.keep(Question::Absolute, path, &absolute);
        absolute
    }

    fn mode(&self, path: &Path) -> Option<u32> {
        let mode = self.workspace.mode(path);
        self.keep(Question::Mode, path, &mode);
        mode
    }

    fn names(&self, path: &Path) -> Vec<String> {
        let names = self.workspace.names(path);
        self.keep(Question::Names, path, &names);
        names
    }
}

fn kind_number(kind: Option<EntryKind>) -> u8 {
    match kind {
        None => 0,
        Some(EntryKind::File) => 1,
        Some(EntryKind::Directory) => 2,
        Some(EntryKind::Other) => 3,
    }
}

fn digest(answer: &(impl Hash + ?Sized)) -> u64 {
    let mut hasher = DefaultHasher::new();
    answer.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::MemoryWorkspace;

    #[test]
    fn an_answer_that_changes_holds_no_more() {
        let before = MemoryWorkspace::default().with("a", "1");
        let asked = Asked::default();
        let workspace = asked.of(&before);
        assert_eq!(workspace.read(Path::new("a")).ok(), Some(b"1".to_vec()));
        assert_eq!(workspace.kind(Path::new("b")), None);
        assert!(asked.still_holds(&before));
        assert!(asked.still_holds(&before.clone().with("c", "")));
        assert!(!asked.still_holds(&before.clone().with("a", "2")));
        assert!(!asked.still_holds(&before.clone().with("b", "")));
    }
}
