use tokio::sync::mpsc::Sender;

use super::Docker;
use crate::engine::{BuildProgress, BuildRequest, Built, EngineError, ErrorKind, Result};

impl Docker {
    /// Builds. The daemon gives a build up whose connection breaks; it is built once more then, out of what the first try has left in the
    /// cache.
    pub(super) async fn build_twice(&self, request: BuildRequest, progress: Sender<BuildProgress>) -> Result<Built> {
        let error = match self.builder.build(request.clone(), progress.clone()).await {
            Err(error) if error.is_of_contact() => error,
            done => return done,
        };
        self.line.confirm().await.map_err(|lost| EngineError { operation: error.operation.clone(), ..lost })?;
        let news = format!("the build was interrupted ({}); it is begun once more, out of the cache", error.message);
        // Nobody has to listen.
        let _ = progress.send(BuildProgress::Warning(news)).await;
        self.builder.build(request, progress).await.map_err(|error| match error.kind {
            ErrorKind::Unreachable(_) => EngineError { kind: ErrorKind::Broken, ..error },
            _ => error,
        })
    }
}
