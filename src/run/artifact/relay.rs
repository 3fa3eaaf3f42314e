use std::io::{self, Read, Write};

use bytes::Bytes;
use futures_util::{StreamExt, stream};
use tokio::sync::mpsc;

use super::arriving::Arriving;
use super::leaving::Leaving;
use crate::engine::{Archive, ContainerId, Engine, EngineError, ErrorKind};

/// How many pieces wait on each side.
const PIECES: usize = 4;
/// How often it is begun anew where a stream breaks.
const TRIES: usize = 4;
/// The largest archive, in bytes.
const LARGEST: u64 = 32 << 30;

/// Why a part of one container is not in another.
#[derive(Debug)]
pub(in crate::run) enum Unrelayed {
    /// The first one has no such part, or one that is no archive; in words.
    There(String),
    /// The other one does not take it; in words.
    NotTaken(String),
    /// The engine failed.
    Engine(EngineError),
}

/// Where something is put.
#[derive(Debug)]
pub(in crate::run) struct Place<'p> {
    /// In which container.
    pub(in crate::run) container: &'p ContainerId,
    /// A directory that is there.
    pub(in crate::run) directory: &'p str,
    /// Its path from there; directories on the way are made.
    pub(in crate::run) name: &'p str,
}

/// Copies what stands at `path` in a container to a place in another one, piece by piece: of a large part no more than a few pieces are in
/// memory.
pub(in crate::run) async fn relay(
    engine: &dyn Engine,
    from: &ContainerId,
    path: &str,
    to: &Place<'_>,
) -> Result<(), Unrelayed> {
    for _ in 1..TRIES {
        match relay_once(engine, from, path, to).await {
            Err(Unrelayed::Engine(error)) if error.is_of_contact() => {
                engine.confirm().await.map_err(Unrelayed::Engine)?;
            }
            done => return done,
        }
    }
    relay_once(engine, from, path, to).await
}

async fn relay_once(engine: &dyn Engine, from: &ContainerId, path: &str, to: &Place<'_>) -> Result<(), Unrelayed> {
    let archive = engine.copy_out(from, path).await.map_err(|error| match error.kind {
        ErrorKind::NotFound => Unrelayed::There("left no such file or directory".to_owned()),
        _ => Unrelayed::Engine(error),
    })?;
    let (arrives, arriving) = mpsc::channel(PIECES);
    let (leaves, leaving) = mpsc::channel(PIECES);
    let place = to.name.to_owned();
    let moved = tokio::task::spawn_blocking(move || {
        let moved = moved(Arriving::new(arriving), &place, Leaving::new(leaves.clone()));
        if let Err(error) = &moved {
            Leaving::breaks_off(&leaves, error);
        }
        moved
    });
    let pieces = stream::unfold(leaving, async |mut leaving| Some((leaving.recv().await?, leaving)));
    let (fed, poured) =
        tokio::join!(feed(archive, arrives), engine.pour_in(to.container, to.directory, Box::pin(pieces)));
    let moved = moved.await.map_err(io::Error::other).flatten();
    // Whoever broke off first says why; the others only saw it end.
    match (fed, moved, poured) {
        (Err(why), _, _) => Err(why),
        (Ok(()), Err(error), Ok(())) => Err(unreadable(&error)),
        (Ok(()), Err(error), Err(_)) if error.kind() != io::ErrorKind::BrokenPipe => Err(unreadable(&error)),
        (Ok(()), _, Err(error)) if error.is_of_engine() => Err(Unrelayed::Engine(error)),
        (Ok(()), _, Err(error)) => Err(Unrelayed::NotTaken(error.message)),
        (Ok(()), Ok(()), Ok(())) => Ok(()),
    }
}

fn unreadable(error: &io::Error) -> Unrelayed {
    Unrelayed::There(format!("has something there whose archive cannot be read: {error}"))
}

async fn feed(mut archive: Archive, pieces: mpsc::Sender<Bytes>) -> Result<(), Unrelayed> {
    let mut fed = 0_u64;
    while let Some(piece) = archive.next().await {
        let piece = piece.map_err(Unrelayed::Engine)?;
        fed += piece.len() as u64;
        if fed > LARGEST {
            return Err(Unrelayed::There(format!("left more there than {} GiB", LARGEST >> 30)));
        }
        if pieces.send(piece).await.is_err() {
            // The archive has ended, or nobody takes it.
            break;
        }
    }
    Ok(())
}

/// The archive with `at` in place of the name that all of it begins with.
fn moved<W: Write>(tar: impl Read, at: &str, out: W) -> io::Result<()> {
    let at = at.trim_matches('/');
    let place = |name: &[u8]| {
        let name = String::from_utf8_lossy(name).into_owned();
        let name = name.trim_start_matches("./").trim_end_matches('/');
        match name.split_once('/') {
            Some((_, inside)) => format!("{at}/{inside}"),
            None => at.to_owned(),
        }
    };
    let mut archive = tar::Archive::new(tar);
    let mut out = tar::Builder::new(out);
    for entry in archive.entries()? {
        let mut entry = entry?;
        let mut header = entry.header().clone();
        let name = place(&entry.path_bytes());
        match (header.entry_type(), entry.link_name_bytes()) {
            // A hard link names another file of the archive, a symbolic one whatever it likes.
            (tar::EntryType::Link, Some(target)) => out.append_link(&mut header, name, place(&target))?,
            (tar::EntryType::Symlink, Some(target)) => {
                out.append_link(&mut header, name, String::from_utf8_lossy(&target).as_ref())?;
            }
            _ => {
                let (size, mut data) = (entry.size(), Counted { from: &mut entry, read: 0 });
                header.set_size(size);
                out.append_data(&mut header, name, &mut data)?;
                // Its header has been sent, and promises so much.
                if data.read != size {
                    return Err(io::ErrorKind::UnexpectedEof.into());
                }
            }
        }
    }
    out.into_inner()?.flush()
}

/// A reader that knows how much came.
struct Counted<R> {
    from: R,
    read: u64,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.from.read(into)?;
        self.read += read as u64;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(tar: &[u8]) -> Vec<(String, String)> {
        let mut archive = tar::Archive::new(tar);
        let entries = archive.entries().expect("an archive");
        entries
            .map(|entry| {
                let mut entry = entry.expect("an entry");
                let link = entry.link_name_bytes().map(|name| String::from_utf8_lossy(&name).into_owned());
                let mut text = String::new();
                entry.read_to_string(&mut text).expect("text");
                (String::from_utf8_lossy(&entry.path_bytes()).into_owned(), link.unwrap_or(text))
            })
            .collect()
    }

    fn moved_to(tar: tar::Builder<Vec<u8>>, at: &str) -> Vec<u8> {
        let mut out = Vec::new();
        moved(tar.into_inner().expect("a tar").as_slice(), at, &mut out).expect("it is read");
        out
    }

    fn file(tar: &mut tar::Builder<Vec<u8>>, name: &str) {
        let mut header = tar::Header::new_gnu();
        header.set_size(2);
        header.set_mode(0o640);
        tar.append_data(&mut header, name, b"ok".as_slice()).expect("it is packed");
    }

    #[test]
    fn a_directory_is_moved_with_all_that_is_in_it() {
        let mut tar = tar::Builder::new(Vec::new());
        file(&mut tar, "dist/app");
        let mut link = tar::Header::new_gnu();
        link.set_entry_type(tar::EntryType::Link);
        link.set_size(0);
        tar.append_link(&mut link, "dist/same", "dist/app").expect("it is packed");
        let wanted = [("in/program/app", "ok"), ("in/program/same", "in/program/app")];
        let wanted = wanted.map(|(name, text)| (name.to_owned(), text.to_owned()));
        assert_eq!(names(&moved_to(tar, "/in/program/")), wanted);
    }

    #[test]
    fn a_file_takes_the_name_that_it_is_given() {
        let mut tar = tar::Builder::new(Vec::new());
        file(&mut tar, "app");
        assert_eq!(names(&moved_to(tar, "/usr/bin/tool")), [("usr/bin/tool".to_owned(), "ok".to_owned())]);
    }

    #[test]
    fn an_archive_that_is_cut_off_is_no_archive() {
        let mut tar = tar::Builder::new(Vec::new());
        file(&mut tar, "dist/app");
        let tar = tar.into_inner().expect("a tar");
        for cut in [200, 512, 513] {
            let moved = moved(&tar[..cut], "/in", Vec::new());
            assert_eq!(moved.is_err(), cut != 0, "cut at {cut}");
        }
    }
}
