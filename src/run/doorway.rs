use tokio::sync::{Semaphore, SemaphorePermit};

/// How many containers begin or end at once, whatever `--jobs` says. An engine counts the endpoints of a network; Docker 20.10 loses count when tens
/// of them come and go at once under load, and then lets the network go no more before it is started anew. Of networks whose fifty containers began
/// all at once a quarter stayed so, of those where six began at a time none.
pub(super) const AT_ONCE: usize = 6;

/// Lets a few containers through at a time.
#[derive(Debug)]
pub(super) struct Doorway(Semaphore);

/// A place in the doorway, until it is dropped.
#[derive(Debug)]
pub(super) struct Through<'a>(#[expect(dead_code, reason = "it is there to be dropped")] Option<SemaphorePermit<'a>>);

impl Default for Doorway {
    fn default() -> Self {
        Doorway(Semaphore::new(AT_ONCE))
    }
}

impl Doorway {
    /// Waits for a place.
    pub(super) async fn pass(&self) -> Through<'_> {
        // It is never closed.
        Through(self.0.acquire().await.ok())
    }
}
