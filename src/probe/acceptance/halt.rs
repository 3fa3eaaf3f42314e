use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Shared};

use crate::source::Spanned;

/// How long what runs whatever happened may still take once a suite is broken off: the teardown of its tests, and what is after all of them.
pub(super) const GRACE: Duration = Duration::from_secs(10);

/// The word to break off, as a suite and each of its tests hear it. Tests at work are cut short and torn down; no more are begun.
#[derive(Clone)]
pub struct Halt(Shared<BoxFuture<'static, Halted>>);

/// Why a suite is broken off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Halted {
    /// The time that all of it may take is up: a test that is still at work has failed.
    OutOfTime(Spanned<Duration>),
    /// Nobody waits for it any more. That says nothing of its tests.
    BrokenOff,
}

impl Halt {
    /// The word that comes when `heard` does.
    pub fn when(heard: impl Future<Output = Halted> + Send + 'static) -> Self {
        Halt(heard.boxed().shared())
    }

    /// Waits for it.
    pub async fn heard(&self) -> Halted {
        self.0.clone().await
    }

    /// It, where it has come.
    pub fn so_far(&self) -> Option<Halted> {
        self.0.peek().copied()
    }
}
