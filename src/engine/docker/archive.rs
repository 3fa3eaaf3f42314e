use std::time::Duration;

use bollard::body_full;
use bollard::query_parameters::{
    DownloadFromContainerOptionsBuilder, LogsOptionsBuilder, UploadToContainerOptionsBuilder,
};
use bytes::Bytes;
use futures_util::StreamExt;
use tokio::sync::mpsc::Sender;

use super::Docker;
use super::error::{Understood, within};
use super::life::chunk;
use crate::engine::{Archive, Chunk, ContainerId, Result};

/// How long the first bytes may take: the engine may have to thaw or mount something.
const FIRST: Duration = Duration::from_secs(60);

impl Docker {
    /// What stands at `path`, as a tar. Waits for its first bytes, so that what is not there is an error and no empty stream.
    pub(super) async fn take_out(&self, id: &ContainerId, path: &str) -> Result<Archive> {
        let operation = format!("copy `{path}` out of container `{id}`");
        let options = DownloadFromContainerOptionsBuilder::default().path(path).build();
        let mut stream = self.api.download_from_container(&id.0, Some(options));
        let first = within(&operation, FIRST, async { stream.next().await.transpose() }).await?;
        let rest = stream.map(move |piece| piece.map_err(|error| error.understood(&operation)));
        Ok(Box::pin(futures_util::stream::iter(first.map(Ok)).chain(rest)))
    }

    /// Unpacks a tar into a directory.
    pub(super) async fn put_in(&self, id: &ContainerId, path: &str, tar: Bytes) -> Result<()> {
        let operation = format!("copy into `{path}` of container `{id}`");
        let options = UploadToContainerOptionsBuilder::default().path(path).build();
        within(&operation, FIRST, self.api.upload_to_container(&id.0, Some(options), body_full(tar))).await
    }

    /// The output that the engine kept.
    pub(super) async fn tell_log(
        &self,
        id: &ContainerId,
        tail: Option<u32>,
        follow: bool,
        output: Sender<Chunk>,
    ) -> Result<()> {
        let operation = format!("read the log of container `{id}`");
        let tail = tail.map_or_else(|| "all".to_owned(), |lines| lines.to_string());
        let options = LogsOptionsBuilder::default().stdout(true).stderr(true).follow(follow).tail(&tail).build();
        let mut stream = self.api.logs(&id.0, Some(options));
        while let Some(piece) = stream.next().await {
            let piece = piece.map_err(|error| error.understood(&operation))?;
            // Nobody listens any more.
            if output.send(chunk(piece)).await.is_err() {
                return Ok(());
            }
        }
        Ok(())
    }
}
