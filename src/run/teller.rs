use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use tokio::sync::mpsc::Sender;
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::watch;
use tokio::time::Instant;

use super::awake::Awake;
use super::output::Masker;
use crate::event::{Event, Moment, Stamped};

/// How long those who listen may take for one event once the run has been asked to end. Whoever takes longer hangs.
const PATIENCE: Duration = Duration::from_millis(500);

/// Lets those who listen know what happens: stamped, secrets hidden.
#[derive(Debug)]
pub(super) struct Teller {
    began: Instant,
    awake: Arc<Awake>,
    events: Sender<Stamped>,
    masker: RwLock<Masker>,
    /// How often there was more to hide.
    hidings: AtomicU64,
    /// The run has been asked to end: from now on nothing is held up by a screen that hangs.
    ending: watch::Sender<bool>,
    /// Those who listen hang.
    hangs: AtomicBool,
}

impl Teller {
    /// Stamps with the time since now.
    pub(super) fn new(events: Sender<Stamped>, masker: Masker) -> Self {
        Teller {
            began: Instant::now(),
            awake: Awake::begin(),
            events,
            masker: RwLock::new(masker),
            hidings: AtomicU64::new(0),
            ending: watch::Sender::new(false),
            hangs: AtomicBool::new(false),
        }
    }

    /// Tells an event; waits while those who listen are busy, and no longer than [`PATIENCE`] once the run has been asked to
    /// end. That nobody listens any more is no error.
    pub(super) async fn tell(&self, event: Event) {
        let Err(TrySendError::Full(stamped)) = self.events.try_send(self.stamp(event)) else { return };
        if self.hangs.load(Ordering::Relaxed) {
            return;
        }
        let mut ending = self.ending.subscribe();
        let impatience = async {
            // Fails only where the sender is gone, and that is ours.
            let _ = ending.wait_for(|ending| *ending).await;
            tokio::time::sleep(PATIENCE).await;
        };
        tokio::select! {
            _ = self.events.send(stamped) => {}
            () = impatience => self.hangs.store(true, Ordering::Relaxed),
        }
    }

    /// The run has been asked to end: what it writes is no longer worth waiting for.
    pub(super) fn hurry(&self) {
        self.ending.send_replace(true);
    }

    /// The event as it is told.
    pub(super) fn stamp(&self, event: Event) -> Stamped {
        Stamped { at: self.now(), event: self.masker().event(event) }
    }

    /// Where stamped events go.
    pub(super) fn events(&self) -> &Sender<Stamped> {
        &self.events
    }

    /// The time since the run began, as far as this process worked in it.
    pub(super) fn now(&self) -> Moment {
        self.began.elapsed().saturating_sub(self.awake.asleep())
    }

    /// The time in which this process works.
    pub(super) fn awake(&self) -> &Awake {
        &self.awake
    }

    /// The moment of an instant since which this process worked.
    pub(super) fn moment(&self, instant: Instant) -> Moment {
        self.now().saturating_sub(instant.elapsed())
    }

    /// What hides secrets.
    pub(super) fn masker(&self) -> Masker {
        self.masker.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Hides one more value from now on.
    pub(super) fn hide(&self, value: &str) {
        let mut masker = self.masker.write().unwrap_or_else(PoisonError::into_inner);
        if !masker.hides(value) {
            *masker = masker.with(value);
            self.hidings.fetch_add(1, Ordering::Release);
        }
    }

    /// How often there was more to hide: whoever hides as it comes looks whether this has changed.
    pub(super) fn hidings(&self) -> u64 {
        self.hidings.load(Ordering::Acquire)
    }
}
