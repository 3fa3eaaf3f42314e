use tokio::sync::watch;

use super::scheduler::CancelHow;

/// The word that a step is to break off, as the step hears it.
#[derive(Debug, Clone)]
pub(super) struct Cancel(watch::Receiver<Option<CancelHow>>);

impl Cancel {
    /// The two ends.
    pub(super) fn channel() -> (watch::Sender<Option<CancelHow>>, Cancel) {
        let (sender, receiver) = watch::channel(None);
        (sender, Cancel(receiver))
    }

    /// Waits until it is to break off, in whatever way.
    pub(super) async fn requested(&self) -> CancelHow {
        self.at_least(CancelHow::Gracefully).await
    }

    /// Waits until it is to break off at once.
    pub(super) async fn killed(&self) {
        self.at_least(CancelHow::Kill).await;
    }

    /// Whether it is to break off.
    pub(super) fn is_requested(&self) -> bool {
        self.0.borrow().is_some()
    }

    async fn at_least(&self, least: CancelHow) -> CancelHow {
        let mut receiver = self.0.clone();
        let heard = receiver.wait_for(|how| *how >= Some(least)).await.map(|how| how.expect("is at least something"));
        match heard {
            Ok(how) => how,
            // The driver has forgotten the step: nobody will ever call.
            Err(_) => std::future::pending().await,
        }
    }
}
