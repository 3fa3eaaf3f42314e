use std::io::{Seek, SeekFrom};
use std::path::{Path, PathBuf};

use futures_util::StreamExt;
use tokio::fs::File;
use tokio::io::AsyncWriteExt;

use super::place::place;
use super::unpack::{BYTES, Unpacked, unpack};
use crate::engine::{ContainerId, Engine, ErrorKind};

/// An artifact that lies on the host.
#[derive(Debug)]
pub(in crate::run) struct Fetched {
    /// Its files.
    pub(in crate::run) files: Vec<PathBuf>,
    /// Links, devices and the like, which were left out.
    pub(in crate::run) left_out: usize,
}

/// Copies what stands at `path` in a container to `destination`: unpacked beside it first, then moved, so that what was there
/// before stays whole until the new is. Answers in words why it could not.
pub(in crate::run) async fn fetch(
    engine: &dyn Engine,
    container: &ContainerId,
    path: &str,
    destination: &Path,
) -> Result<Fetched, String> {
    let mut archive = engine.copy_out(container, path).await.map_err(|error| match error.kind {
        ErrorKind::NotFound => "there is no such file or directory in the container".to_owned(),
        _ => error.to_string(),
    })?;
    let spool = tempfile::tempfile().map_err(|error| format!("no temporary file: {error}"))?;
    let mut spool = File::from_std(spool);
    let mut length = 0;
    while let Some(bytes) = archive.next().await {
        let bytes = bytes.map_err(|error| error.to_string())?;
        length += bytes.len() as u64;
        if length > BYTES {
            return Err(format!("its archive is larger than {} GiB", BYTES >> 30));
        }
        spool.write_all(&bytes).await.map_err(|error| format!("the archive cannot be kept: {error}"))?;
    }
    spool.flush().await.map_err(|error| format!("the archive cannot be kept: {error}"))?;
    let spool = spool.into_std().await;
    let destination = destination.to_owned();
    let settle = tokio::task::spawn_blocking(move || settle(spool, &destination));
    settle.await.map_err(|error| error.to_string())?.map_err(|error| error.to_string())
}

fn settle(mut spool: std::fs::File, destination: &Path) -> std::io::Result<Fetched> {
    spool.seek(SeekFrom::Start(0))?;
    let parent = destination.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(parent)?;
    let beside = tempfile::Builder::new().prefix(".pipe-artifact-").tempdir_in(parent)?;
    let inner = beside.path().join("content");
    let Unpacked { left_out, anything } = unpack(std::io::BufReader::new(spool), &inner)?;
    if !anything {
        let why = if left_out > 0 { "it is a link or a device" } else { "its archive is empty" };
        return Err(std::io::Error::new(std::io::ErrorKind::InvalidData, why));
    }
    Ok(Fetched { files: place(&inner, destination)?, left_out })
}
