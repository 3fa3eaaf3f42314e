use tokio::sync::mpsc::Sender;
use tokio::time::Instant;

use super::output::Masker;
use crate::event::{Event, Moment, Stamped};

/// Lets those who listen know what happens: stamped, secrets hidden.
#[derive(Debug)]
pub(super) struct Teller {
    began: Instant,
    events: Sender<Stamped>,
    masker: Masker,
}

impl Teller {
    /// Stamps with the time since now.
    pub(super) fn new(events: Sender<Stamped>, masker: Masker) -> Self {
        Teller { began: Instant::now(), events, masker }
    }

    /// Tells an event; waits while those who listen are busy. That nobody listens any more is no error.
    pub(super) async fn tell(&self, event: Event) {
        let _ = self.events.send(self.stamp(event)).await;
    }

    /// The event as it is told.
    pub(super) fn stamp(&self, event: Event) -> Stamped {
        Stamped { at: self.now(), event: self.masker.event(event) }
    }

    /// Where stamped events go.
    pub(super) fn events(&self) -> &Sender<Stamped> {
        &self.events
    }

    /// The time since the run began.
    pub(super) fn now(&self) -> Moment {
        self.began.elapsed()
    }

    /// The moment of an instant.
    pub(super) fn moment(&self, instant: Instant) -> Moment {
        instant.saturating_duration_since(self.began)
    }

    /// What hides secrets.
    pub(super) fn masker(&self) -> &Masker {
        &self.masker
    }
}
