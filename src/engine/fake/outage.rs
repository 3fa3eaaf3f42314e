use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::Fake;
use crate::engine::{Contact, ContainerStatus, EngineError, ErrorKind, Result, Standing};

/// How long a fake that has gone away is waited for.
const PATIENCE: Duration = Duration::from_secs(30);

/// An engine that goes away for a while, as one that is killed and started again.
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// use std::time::Duration;
/// use pipe::engine::fake::{Fake, Outage};
///
/// let fake = Fake::new();
/// fake.goes_away(Outage::after(Duration::from_millis(250)).for_(Duration::from_secs(3)).with_all_that_runs());
/// # });
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Outage {
    after: Duration,
    lasts: Duration,
    kills: bool,
}

impl Outage {
    /// It goes away so long after the fake was made, for a second; what runs goes on.
    pub fn after(time: Duration) -> Self {
        Outage { after: time, lasts: Duration::from_secs(1), kills: false }
    }

    /// It comes back so long after that; it is waited for half a minute.
    pub fn for_(mut self, time: Duration) -> Self {
        self.lasts = time;
        self
    }

    /// What runs ends with it.
    pub fn with_all_that_runs(mut self) -> Self {
        self.kills = true;
        self
    }
}

impl Fake {
    /// The engine will go away.
    pub fn goes_away(&self, outage: Outage) {
        let fake = self.clone();
        let begin = self.lock().begin + outage.after;
        tokio::spawn(async move {
            tokio::time::sleep_until(begin).await;
            fake.goes(outage.kills);
            sleep(outage.lasts.min(PATIENCE)).await;
            if outage.lasts > PATIENCE {
                fake.stands(Standing::GivenUp);
                sleep(outage.lasts - PATIENCE).await;
                fake.stands(Standing::Held);
            } else {
                fake.stands(Standing::Regained { after: outage.lasts });
            }
        });
    }

    fn goes(&self, kills: bool) {
        let world = self.lock();
        let standing = Standing::Lost { since: Instant::now(), patience: PATIENCE };
        world.contact.send_modify(|contact| *contact = Contact { standing, losses: contact.losses + 1, ..*contact });
        let running = world.containers.values().filter(|it| kills && it.status == ContainerStatus::Running);
        for record in running {
            record.unseen.store(true, std::sync::atomic::Ordering::Relaxed);
            if let Some(signals) = &record.signals {
                // A process that does not take sixteen signals takes no other.
                let _ = signals.try_send(super::processes::KILL);
            }
        }
    }

    fn stands(&self, standing: Standing) {
        self.lock().contact.send_modify(|contact| contact.standing = standing);
    }

    /// How often it has gone away so far.
    pub(super) fn losses(&self) -> u32 {
        self.lock().contact.borrow().losses
    }

    /// Waits until it is there.
    ///
    /// # Errors
    /// `Lost` where it does not come back in time.
    pub(super) async fn is_there(&self) -> Result<()> {
        let mut contact = self.lock().contact.subscribe();
        let settled = |contact: &Contact| !matches!(contact.standing, Standing::Lost { .. });
        // The world, which outlives this, holds the sender.
        let standing = contact.wait_for(settled).await.map(|contact| contact.standing).unwrap_or_default();
        match standing {
            Standing::GivenUp => Err(lost("it has not come back in time")),
            _ => Ok(()),
        }
    }
}

/// Nobody knows.
pub(super) fn lost(message: &str) -> EngineError {
    EngineError::new(ErrorKind::Lost, "hold the connection to the engine", message)
}
