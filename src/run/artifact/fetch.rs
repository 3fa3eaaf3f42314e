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

/// Why an artifact does not lie on the host.
#[derive(Debug)]
pub(in crate::run) struct Unfetched {
    /// In words.
    pub(in crate::run) message: String,
    /// Whether it is this machine that does not take it.
    pub(in crate::run) here: bool,
}

impl Unfetched {
    fn there(message: impl Into<String>) -> Self {
        Unfetched { message: message.into(), here: false }
    }

    fn here(message: impl Into<String>) -> Self {
        Unfetched { message: message.into(), here: true }
    }
}

/// Copies what stands at `path` in a container to `destination`: unpacked beside it first, then moved, so that what was there
/// before stays whole until the new is.
pub(in crate::run) async fn fetch(
    engine: &dyn Engine,
    container: &ContainerId,
    path: &str,
    destination: &Path,
) -> Result<Fetched, Unfetched> {
    let mut archive = engine.copy_out(container, path).await.map_err(|error| match error.kind {
        ErrorKind::NotFound => Unfetched::there("there is no such file or directory in the container"),
        _ => Unfetched::there(error.to_string()),
    })?;
    let kept = |error: std::io::Error| Unfetched::here(format!("the archive cannot be kept here: {error}"));
    let mut spool = File::from_std(tempfile::tempfile().map_err(kept)?);
    let mut length = 0;
    while let Some(bytes) = archive.next().await {
        let bytes = bytes.map_err(|error| Unfetched::there(error.to_string()))?;
        length += bytes.len() as u64;
        if length > BYTES {
            return Err(Unfetched::there(format!("its archive is larger than {} GiB", BYTES >> 30)));
        }
        spool.write_all(&bytes).await.map_err(kept)?;
    }
    spool.flush().await.map_err(kept)?;
    let spool = spool.into_std().await;
    let place = destination.to_owned();
    let settled = tokio::task::spawn_blocking(move || settle(spool, &place)).await;
    settled.map_err(|error| Unfetched::here(error.to_string()))?.map_err(|error| match error.kind() {
        std::io::ErrorKind::InvalidData => Unfetched::there(error.to_string()),
        _ => Unfetched::here(format!("`{}` cannot be written on this machine: {error}", destination.display())),
    })
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
