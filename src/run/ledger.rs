use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::engine::{EngineError, ErrorKind, ObjectKind};
use crate::plan::NodeId;
use crate::store::{Entry as Line, RunDirectory};

/// The books of a run: each container, network and volume that it made, and whether it is gone. What matters to who comes after the run is
/// noted in its journal too, before it happens.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    entries: Mutex<Vec<Entry>>,
    /// What was asked for, as kind and name, and of which the engine has not said what became of it.
    open: Mutex<BTreeSet<(ObjectKind, String)>>,
    doubtful: AtomicBool,
    unanswered: AtomicBool,
    directory: Option<Arc<RunDirectory>>,
}

/// An object that a run made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    /// Whose.
    pub(super) node: NodeId,
    /// What.
    pub(super) kind: ObjectKind,
    /// Its name on the engine.
    pub(super) name: String,
    /// Its id.
    pub(super) id: String,
    /// It was removed.
    pub(super) removed: bool,
}

impl Ledger {
    /// Books with a journal beside them, where there is a place for one.
    pub(super) fn beside(directory: Option<Arc<RunDirectory>>) -> Self {
        Ledger { directory, ..Ledger::default() }
    }

    /// Something is about to be made.
    pub(super) fn making(&self, kind: ObjectKind, name: &str) {
        self.open().insert((kind, name.to_owned()));
        self.note(|| Line::Creating { kind: kind.as_str().to_owned(), name: name.to_owned() });
    }

    /// Something was made.
    pub(super) fn made(&self, node: NodeId, kind: ObjectKind, name: &str, id: impl Into<String>) {
        let id = id.into();
        self.answered(kind, name, &id);
        self.lock().push(Entry { node, kind, name: name.to_owned(), id, removed: false });
    }

    /// Something was made that is no node's, and so does not count among what the pipeline made.
    pub(super) fn answered(&self, kind: ObjectKind, name: &str, id: &str) {
        self.open().remove(&(kind, name.to_owned()));
        let text = str::to_owned;
        self.note(|| Line::Created { kind: text(kind.as_str()), name: text(name), id: text(id) });
    }

    /// The engine did not make something, or did not say that it did.
    pub(super) fn not_made(&self, kind: ObjectKind, name: &str, error: &EngineError) {
        self.doubt();
        match error.kind {
            // No answer: it may be made later than anybody looks.
            _ if error.is_of_engine() => self.unanswered.store(true, Ordering::Relaxed),
            ErrorKind::Protocol => {}
            _ => {
                self.open().remove(&(kind, name.to_owned()));
                self.note(|| Line::NotCreated { kind: kind.as_str().to_owned(), name: name.to_owned() });
            }
        }
    }

    /// Something is gone.
    pub(super) fn removed(&self, kind: ObjectKind, id: &str) {
        if let Some(entry) = self.lock().iter_mut().find(|entry| entry.kind == kind && entry.id == id) {
            entry.removed = true;
        }
        self.note(|| Line::Removed { kind: kind.as_str().to_owned(), id: id.to_owned() });
    }

    /// The run has ended.
    pub(super) fn close(&self, verdict: &str, kept: usize, left: usize) {
        self.note(|| Line::Ended { verdict: verdict.to_owned(), kept, left });
    }

    /// The books may be wrong: the engine did not say whether it made or removed something.
    pub(super) fn doubt(&self) {
        self.doubtful.store(true, Ordering::Relaxed);
    }

    /// Whether the books may be wrong.
    pub(super) fn is_doubtful(&self) -> bool {
        self.doubtful.load(Ordering::Relaxed)
    }

    /// Whether something may still be made that the books do not know of: an answer to a create never came.
    pub(super) fn is_unanswered(&self) -> bool {
        self.unanswered.load(Ordering::Relaxed)
    }

    /// The engine has said what is there: of nothing it is unknown any more whether it was made.
    pub(super) fn seen(&self) {
        self.open().clear();
    }

    /// What was asked for, as kind and name, and of which nobody knows whether it was made.
    pub(super) fn unknown(&self) -> Vec<(ObjectKind, String)> {
        self.open().iter().cloned().collect()
    }

    /// All entries, in the order in which things were made.
    pub(super) fn entries(&self) -> Vec<Entry> {
        self.lock().clone()
    }

    fn note(&self, line: impl FnOnce() -> Line) {
        if let Some(directory) = &self.directory {
            directory.journal().note(&line());
        }
    }

    fn open(&self) -> MutexGuard<'_, BTreeSet<(ObjectKind, String)>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Entry>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
