use bollard::query_parameters::{DownloadFromContainerOptionsBuilder, UploadToContainerOptionsBuilder};
use bollard::{body_full, body_try_stream};
use bytes::Bytes;
use futures_util::{StreamExt, stream};

use super::Docker;
use super::error::Understood;
use crate::engine::{Archive, ContainerId, Pieces, Result};

impl Docker {
    /// What stands at `path`, as a tar. Waits for its first bytes, so that what is not there is an error and no empty stream.
    pub(super) async fn take_out(&self, id: &ContainerId, path: &str) -> Result<Archive> {
        let operation = format!("copy `{path}` out of container `{id}`");
        let options = DownloadFromContainerOptionsBuilder::default().path(path).build();
        let open = || async {
            let mut stream = Box::pin(self.api.download_from_container(&id.0, Some(options.clone())));
            let first = stream.next().await.transpose()?;
            Ok::<_, bollard::errors::Error>((first, stream))
        };
        let (first, stream) = self.line.ask(&operation, self.line.patience.change, open).await?;
        let line = self.line.clone();
        let rest = stream::unfold(Some((stream, line, operation)), async |state| {
            let (mut stream, line, operation) = state?;
            let next = match line.next(&operation, stream.next()).await {
                Ok(next) => next?.map_err(|error| error.understood(&operation)),
                Err(error) => Err(error),
            };
            let state = next.is_ok().then_some((stream, line, operation));
            Some((next, state))
        });
        Ok(Box::pin(futures_util::stream::iter(first.map(Ok)).chain(rest)))
    }

    /// Unpacks a tar into a directory.
    pub(super) async fn put_in(&self, id: &ContainerId, path: &str, tar: Bytes) -> Result<()> {
        let operation = format!("copy into `{path}` of container `{id}`");
        let options = UploadToContainerOptionsBuilder::default().path(path).build();
        let put = || self.api.upload_to_container(&id.0, Some(options.clone()), body_full(tar.clone()));
        self.line.ask(&operation, self.line.patience.change, put).await
    }

    /// The same of a tar as it comes, for as long as it takes.
    pub(super) async fn pour(&self, id: &ContainerId, path: &str, tar: Pieces) -> Result<()> {
        let operation = format!("copy into `{path}` of container `{id}`");
        let options = UploadToContainerOptionsBuilder::default().path(path).build();
        let put = self.api.upload_to_container(&id.0, Some(options), body_try_stream(tar));
        self.line.next(&operation, put).await?.map_err(|error| error.understood(&operation))
    }
}
