use std::time::Duration;

use crate::engine::{BuildFailure, BuildProgress, ErrorKind};

/// How an image comes about: what a pull, a push or a build does.
///
/// ```
/// use std::time::Duration;
/// use pipe::engine::ErrorKind;
/// use pipe::engine::fake::{Fake, Trade};
///
/// let fake = Fake::new();
/// fake.on_pull("mariadb:10.11", Trade::succeeds().takes(Duration::from_secs(4)));
/// fake.on_pull("ghost:1", Trade::fails(ErrorKind::NotFound, "manifest unknown"));
/// fake.on_build("release", Trade::succeeds().takes(Duration::from_secs(9)));
/// ```
#[derive(Debug, Clone, Default)]
pub struct Trade {
    pub(super) takes: Duration,
    pub(super) error: Option<(ErrorKind, String)>,
    pub(super) progress: Vec<BuildProgress>,
}

impl Trade {
    /// It works, at once unless [`Trade::takes`] says otherwise.
    pub fn succeeds() -> Self {
        Trade::default()
    }

    /// It fails.
    pub fn fails(kind: ErrorKind, message: impl Into<String>) -> Self {
        Trade { error: Some((kind, message.into())), ..Trade::default() }
    }

    /// A build fails in a step.
    pub fn breaks(failure: BuildFailure) -> Self {
        let message = failure.message.clone();
        Trade::fails(ErrorKind::BuildFailed(Box::new(failure)), message)
    }

    /// It takes so long.
    pub fn takes(mut self, time: Duration) -> Self {
        self.takes = time;
        self
    }

    /// A build tells this before it ends.
    pub fn tells(mut self, progress: BuildProgress) -> Self {
        self.progress.push(progress);
        self
    }
}
