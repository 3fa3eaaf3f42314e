use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::place::Place;
use crate::engine::ContainerId;

/// What this process knows of containers that it has to do with, beside what the daemon says.
#[derive(Debug, Default)]
pub(super) struct Lives {
    known: Mutex<HashMap<String, Life>>,
}

#[derive(Debug, Default)]
struct Life {
    /// It has a terminal; `None`: nobody has asked.
    terminal: Option<bool>,
    /// Its process was begun here.
    begun: bool,
    /// How far its output has been handed over, that of all its processes together.
    place: Place,
}

impl Lives {
    /// Whether a container has a terminal, where that is known.
    pub(super) fn terminal(&self, id: &ContainerId) -> Option<bool> {
        self.lock().get(&id.0)?.terminal
    }

    /// A container has a terminal, or has none.
    pub(super) fn terminal_is(&self, id: &ContainerId, terminal: bool) {
        self.lock().entry(id.0.clone()).or_default().terminal = Some(terminal);
    }

    /// Whether a process of the container was begun here.
    pub(super) fn has_begun(&self, id: &ContainerId) -> bool {
        self.lock().get(&id.0).is_some_and(|life| life.begun)
    }

    /// A process of the container has begun.
    pub(super) fn begins(&self, id: &ContainerId) {
        self.lock().entry(id.0.clone()).or_default().begun = true;
    }

    /// How far its output has been handed over.
    pub(super) fn place(&self, id: &ContainerId) -> Place {
        self.lock().get(&id.0).map(|life| life.place.clone()).unwrap_or_default()
    }

    /// Its output has been handed over so far.
    pub(super) fn place_is(&self, id: &ContainerId, place: Place) {
        self.lock().entry(id.0.clone()).or_default().place = place;
    }

    /// The container is gone.
    pub(super) fn forget(&self, id: &ContainerId) {
        self.lock().remove(&id.0);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Life>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
