use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Mutex, watch};
use tokio::time::{Instant, sleep, timeout};

use super::dialer::Dialer;
use super::error::{Understood, within};
use super::patience::Patience;
use crate::engine::{Contact, EngineError, ErrorKind, Result, Standing};

/// The pause before a daemon that is gone is asked again for the first time; it doubles from there.
const FIRST_PAUSE: Duration = Duration::from_millis(50);
/// The longest pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(2);
/// How often something is asked again where the connection breaks although the daemon answers greetings.
const TRIES: u32 = 4;
/// How often something is asked again that took its whole time; it will hardly be quicker.
const PATIENT_TRIES: u32 = 2;

/// The line to the daemon: knows whether it is there, and waits for it where it is not. Cheap to clone; all clones are one.
#[derive(Debug, Clone)]
pub(super) struct Line {
    dialer: Dialer,
    pub(super) patience: Patience,
    contact: watch::Sender<Contact>,
    /// Held by whoever looks for the daemon, with the time when he last began and found it; the others wait for what he finds.
    search: Arc<Mutex<Option<Instant>>>,
}

impl Line {
    /// A line that has not been used yet.
    pub(super) fn new(dialer: Dialer, patience: Patience) -> Self {
        Line { dialer, patience, contact: watch::Sender::default(), search: Arc::default() }
    }

    /// Whether the daemon is there, as that changes.
    pub(super) fn contact(&self) -> watch::Receiver<Contact> {
        self.contact.subscribe()
    }

    /// The answer to the making of something was lost.
    pub(super) fn doubt(&self) {
        self.contact.send_modify(|contact| contact.doubts += 1);
    }

    /// How often contact was lost so far.
    pub(super) fn losses(&self) -> u32 {
        self.contact.borrow().losses
    }

    /// Makes sure that the daemon takes new connections and answers on them; waits for its return where it does not.
    ///
    /// # Errors
    /// `Lost` where it does not come back in time.
    pub(super) async fn confirm(&self) -> Result<()> {
        let called = Instant::now();
        let mut found = self.search.lock().await;
        if found.is_some_and(|began| began >= called) {
            // One greeting is enough for all who wanted one when it began.
            return Ok(());
        }
        let began = Instant::now();
        let greeted = self.greet().await;
        *found = greeted.is_ok().then_some(began);
        let standing = self.contact.borrow().standing;
        let since = match (greeted, standing) {
            (Ok(()), Standing::Held | Standing::Regained { .. }) => return Ok(()),
            (Ok(()), Standing::GivenUp) => return self.stands(Standing::Held),
            (Ok(()), Standing::Lost { since, .. }) => {
                return self.stands(Standing::Regained { after: since.elapsed() });
            }
            (Err(error), Standing::GivenUp) => return Err(self.lost(&error)),
            // Whoever looked for it before has gone away.
            (Err(_), Standing::Lost { since, .. }) => since,
            (Err(_), Standing::Held | Standing::Regained { .. }) => {
                let (since, patience) = (Instant::now(), self.patience.return_within);
                let standing = Standing::Lost { since, patience };
                self.contact
                    .send_modify(|contact| *contact = Contact { standing, losses: contact.losses + 1, ..*contact });
                since
            }
        };
        let mut pause = FIRST_PAUSE;
        loop {
            sleep(pause.min(self.patience.return_within.saturating_sub(since.elapsed()))).await;
            let began = Instant::now();
            let Err(error) = self.greet().await else {
                *found = Some(began);
                return self.stands(Standing::Regained { after: since.elapsed() });
            };
            if since.elapsed() >= self.patience.return_within {
                self.stands(Standing::GivenUp)?;
                return Err(self.lost(&error));
            }
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    fn stands(&self, standing: Standing) -> Result<()> {
        self.contact.send_modify(|contact| contact.standing = standing);
        Ok(())
    }

    async fn greet(&self) -> Result<()> {
        let operation = "look for the engine";
        within(operation, self.patience.ask, self.dialer.greet()).await.map(drop)
    }

    fn lost(&self, error: &EngineError) -> EngineError {
        let message = format!("it has not come back within {:?} ({})", self.patience.return_within, error.message);
        EngineError::new(ErrorKind::Lost, "hold the connection to the engine", message)
    }

    /// Asks for something that may be asked for twice, each time for at most `limit`: where the connection breaks or no answer comes,
    /// it is asked again as soon as the daemon is there.
    ///
    /// # Errors
    /// What the daemon refuses; `Lost` where it does not come back; what broke last where it breaks again and again.
    pub(super) async fn ask<T, E, F>(&self, operation: &str, limit: Duration, ask: impl Fn() -> F) -> Result<T>
    where
        F: Future<Output = std::result::Result<T, E>>,
        E: Understood,
    {
        let mut tries = Tries::default();
        loop {
            match within(operation, limit, ask()).await {
                Err(error) if error.is_of_contact() => self.regain(operation, error, &mut tries).await?,
                answer => return answer,
            }
        }
    }

    /// The same for what takes as long as it takes.
    pub(super) async fn ask_at_leisure<T, F>(&self, operation: &str, ask: impl Fn() -> F) -> Result<T>
    where
        F: Future<Output = Result<T>>,
    {
        let mut tries = Tries::default();
        loop {
            match ask().await {
                Err(error) if error.is_of_contact() => self.regain(operation, error, &mut tries).await?,
                answer => return answer,
            }
        }
    }

    /// After an error of contact: answers when the daemon is there and may be asked again.
    ///
    /// # Errors
    /// `error` itself where that has been done too often; `Lost`.
    pub(super) async fn regain(&self, operation: &str, error: EngineError, tries: &mut Tries) -> Result<()> {
        let losses = self.losses();
        self.confirm().await.map_err(|error| EngineError { operation: operation.to_owned(), ..error })?;
        if self.losses() != losses {
            *tries = Tries::default();
        }
        match error.kind {
            ErrorKind::TimedOut => tries.in_vain += 1,
            _ => tries.broken += 1,
        }
        match tries.in_vain > PATIENT_TRIES || tries.broken > TRIES {
            true => Err(error),
            false => Ok(()),
        }
    }

    /// What a stream brings next. Where it is silent for long, the daemon is asked whether it is still there.
    ///
    /// # Errors
    /// `Broken` where it was not: what the stream would have brought has to be asked for again. `Lost` where it does not come back.
    pub(super) async fn next<T>(&self, operation: &str, next: impl Future<Output = T>) -> Result<T> {
        tokio::pin!(next);
        let losses = self.losses();
        loop {
            if let Ok(item) = timeout(self.patience.idle, &mut next).await {
                return Ok(item);
            }
            self.confirm().await?;
            if self.losses() != losses {
                return Err(EngineError::new(ErrorKind::Broken, operation, "the connection to the engine was lost"));
            }
        }
    }
}

/// How often something was asked again although the daemon was there.
#[derive(Debug, Default)]
pub(super) struct Tries {
    /// The connection broke.
    broken: u32,
    /// No answer came in time.
    in_vain: u32,
}

impl Tries {
    /// Something came of it: whatever breaks next is new.
    pub(super) fn reset(&mut self) {
        *self = Tries::default();
    }
}
