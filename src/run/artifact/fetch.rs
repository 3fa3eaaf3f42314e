use std::io;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use futures_util::StreamExt;
use tokio::sync::mpsc;

use super::arriving::Arriving;
use super::place::{place, placed};
use super::staging::Staging;
use super::unpack::{CONTENT, Unpacked, unpack};
use crate::engine::{Archive, ContainerId, Engine, EngineError, ErrorKind};

/// How many pieces of an archive wait to be written.
const PIECES: usize = 16;
/// How often an archive is asked for whose stream breaks.
const TRIES: usize = 4;

/// An artifact that lies on the host.
#[derive(Debug)]
pub(in crate::run) struct Fetched {
    /// Its files.
    pub(in crate::run) files: Vec<PathBuf>,
    /// What was left out, in words, where anything was: links, devices and the like.
    pub(in crate::run) left_out: Option<String>,
}

/// Why an artifact does not lie on the host.
#[derive(Debug)]
pub(in crate::run) enum Unfetched {
    /// What the container has there is no artifact; in words.
    There(String),
    /// This machine does not take it; in words.
    Here(String),
    /// The engine did not hand it over.
    Engine(EngineError),
}

/// Copies what stands at `path` in a container to `destination`, as `run`: unpacked beside it first as it comes, then moved, so that
/// what was there before stays whole until the new is. A stream that breaks is asked for again from its beginning.
pub(in crate::run) async fn fetch(
    engine: &dyn Engine,
    container: &ContainerId,
    path: &str,
    destination: &Path,
    run: &str,
) -> Result<Fetched, Unfetched> {
    for _ in 1..TRIES {
        match fetch_once(engine, container, path, destination, run).await {
            Err(Unfetched::Engine(error)) if error.is_of_contact() => {
                engine.confirm().await.map_err(Unfetched::Engine)?;
            }
            done => return done,
        }
    }
    fetch_once(engine, container, path, destination, run).await
}

async fn fetch_once(
    engine: &dyn Engine,
    container: &ContainerId,
    path: &str,
    destination: &Path,
    run: &str,
) -> Result<Fetched, Unfetched> {
    let archive = engine.copy_out(container, path).await.map_err(|error| match error.kind {
        ErrorKind::NotFound => Unfetched::There("there is no such file or directory in the container".to_owned()),
        _ => Unfetched::Engine(error),
    })?;
    let (sender, pieces) = mpsc::channel(PIECES);
    let (place, run) = (destination.to_owned(), run.to_owned());
    let settled = tokio::task::spawn_blocking(move || settle(Arriving::new(pieces), &place, &run));
    // A stream that breaks reads as an archive that is cut off: why it broke says more.
    let fed = feed(archive, sender).await;
    let settled = settled.await.map_err(|error| Unfetched::Here(error.to_string()))?;
    fed.map_err(Unfetched::Engine)?;
    settled.map_err(|error| match error.kind() {
        io::ErrorKind::InvalidData => Unfetched::There(error.to_string()),
        _ => Unfetched::Here(format!("`{}` cannot be written on this machine: {error}", destination.display())),
    })
}

async fn feed(mut archive: Archive, pieces: mpsc::Sender<Bytes>) -> Result<(), EngineError> {
    while let Some(piece) = archive.next().await {
        if pieces.send(piece?).await.is_err() {
            // The archive has ended, or is refused.
            break;
        }
    }
    Ok(())
}

fn settle(archive: Arriving, destination: &Path, run: &str) -> io::Result<Fetched> {
    let staging = Staging::beside(destination, run)?;
    let Unpacked { files, left_out, examples, anything } = unpack(archive, staging.path())?;
    let examples = examples.join(", ");
    if !anything {
        let why = match left_out {
            0 => "its archive is empty".to_owned(),
            1 => format!("it is a {}", examples.split(" `").next().unwrap_or_default()),
            _ => format!("it holds nothing but what is not taken: {examples}"),
        };
        return Err(io::Error::new(io::ErrorKind::InvalidData, why));
    }
    place(staging.path(), CONTENT, destination)?;
    let more = left_out.saturating_sub(3);
    let left_out = (left_out > 0).then(|| match more {
        0 => examples,
        _ => format!("{examples} and {more} more"),
    });
    Ok(Fetched { files: placed(files, destination), left_out })
}
