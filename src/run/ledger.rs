use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::engine::ObjectKind;
use crate::plan::NodeId;

/// The books of a run: each container, network and volume that it made, and whether it is gone.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    entries: Mutex<Vec<Entry>>,
    doubtful: AtomicBool,
}

/// An object that a run made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    /// Whose.
    pub(super) node: NodeId,
    /// What.
    pub(super) kind: ObjectKind,
    /// Its id.
    pub(super) id: String,
    /// It was removed.
    pub(super) removed: bool,
}

impl Ledger {
    /// Something was made.
    pub(super) fn made(&self, node: NodeId, kind: ObjectKind, id: impl Into<String>) {
        self.lock().push(Entry { node, kind, id: id.into(), removed: false });
    }

    /// Something is gone.
    pub(super) fn removed(&self, kind: ObjectKind, id: &str) {
        if let Some(entry) = self.lock().iter_mut().find(|entry| entry.kind == kind && entry.id == id) {
            entry.removed = true;
        }
    }

    /// The books may be wrong: the engine did not say whether it made or removed something.
    pub(super) fn doubt(&self) {
        self.doubtful.store(true, Ordering::Relaxed);
    }

    /// Whether the books may be wrong.
    pub(super) fn is_doubtful(&self) -> bool {
        self.doubtful.load(Ordering::Relaxed)
    }

    /// All entries, in the order in which things were made.
    pub(super) fn entries(&self) -> Vec<Entry> {
        self.lock().clone()
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Entry>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
