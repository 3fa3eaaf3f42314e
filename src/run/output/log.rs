use std::fs::File;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::io::AsyncWriteExt;

use crate::engine::Stream;
use crate::plan::Node;
use crate::store::{Directory, LogFiles, RunDirectory};

/// How many bytes wait to be written to one file.
const WAITING: usize = 16 * 1024;
/// How many bytes of what tells the order are written at a time.
const ORDER: usize = 4 * 1024;

/// The log files of a run, where it has a directory to keep them in.
#[derive(Debug, Default)]
pub(in crate::run) struct Logs {
    directory: Option<Arc<Directory>>,
    /// It has been told that files cannot be written any more.
    told: Arc<AtomicBool>,
}

/// The log files of a node: every byte that it writes, secrets hidden; one for each stream, and one that tells how the two take turns.
#[derive(Debug)]
pub(in crate::run) struct Log {
    directory: Option<Arc<Directory>>,
    files: LogFiles,
    stdout: Option<tokio::fs::File>,
    stderr: Option<tokio::fs::File>,
    order: Option<tokio::fs::File>,
    /// Turns that are not written yet, and the one that goes on.
    turns: String,
    turn: Option<(Stream, u64)>,
    told: Arc<AtomicBool>,
}

impl Logs {
    /// Below the directory of the run.
    pub(in crate::run) fn of(run: Option<&RunDirectory>) -> Self {
        // What cannot be kept is shown all the same.
        let directory = run.and_then(|run| LogFiles::directory(run.directory()).ok()).map(Arc::new);
        Logs { directory, told: Arc::default() }
    }

    /// Those of a node; they are made with the first byte, and a second attempt goes on in them.
    pub(in crate::run) fn of_node(&self, node: &Node) -> Log {
        self.named(&node.object)
    }

    /// Those of the build of an image, which may be called as a service is: `NAME.build`.
    pub(in crate::run) fn of_build(&self, node: &Node) -> Log {
        self.named(&format!("{}.build", node.object))
    }

    fn named(&self, name: &str) -> Log {
        Log {
            directory: self.directory.clone(),
            files: LogFiles::of(name),
            stdout: None,
            stderr: None,
            order: None,
            turns: String::new(),
            turn: None,
            told: self.told.clone(),
        }
    }
}

impl Log {
    /// Where the bytes of a stream are; `None` where they are not kept.
    pub(in crate::run) fn path(&self, stream: Stream) -> Option<PathBuf> {
        let name = match stream {
            Stream::Stdout => self.files.stdout(),
            Stream::Stderr => self.files.stderr(),
        };
        Some(self.directory.as_ref()?.path().join(name))
    }

    /// Writes the next bytes of a stream. Where they cannot be written this and all the following are left out, since a log with holes
    /// would look whole; why is answered the first time that it happens in a run.
    pub(in crate::run) async fn write(&mut self, stream: Stream, bytes: &[u8]) -> Option<String> {
        if bytes.is_empty() || self.directory.is_none() {
            return None;
        }
        let written = self.try_write(stream, bytes).await;
        self.given_up(written)
    }

    /// The process has ended: what waits is written.
    pub(in crate::run) async fn finish(&mut self) -> Option<String> {
        self.directory.as_ref()?;
        let written = self.try_finish().await;
        (self.stdout, self.stderr, self.order) = (None, None, None);
        self.given_up(written)
    }

    async fn try_write(&mut self, stream: Stream, bytes: &[u8]) -> io::Result<()> {
        match &mut self.turn {
            Some((whose, length)) if *whose == stream => *length += bytes.len() as u64,
            turn => {
                let before = turn.replace((stream, bytes.len() as u64));
                self.note(before);
            }
        }
        let (file, name) = match stream {
            Stream::Stdout => (&mut self.stdout, self.files.stdout()),
            Stream::Stderr => (&mut self.stderr, self.files.stderr()),
        };
        opened(file, self.directory.as_deref(), name)?.write_all(bytes).await?;
        match self.turns.len() > ORDER {
            true => self.write_turns().await,
            false => Ok(()),
        }
    }

    async fn try_finish(&mut self) -> io::Result<()> {
        let last = self.turn.take();
        self.note(last);
        self.write_turns().await?;
        for file in [&mut self.stdout, &mut self.stderr, &mut self.order].into_iter().flatten() {
            file.flush().await?;
        }
        Ok(())
    }

    fn note(&mut self, turn: Option<(Stream, u64)>) {
        if let Some((stream, length)) = turn {
            self.turns.push_str(&LogFiles::turn(stream == Stream::Stderr, length));
        }
    }

    async fn write_turns(&mut self) -> io::Result<()> {
        if self.turns.is_empty() {
            return Ok(());
        }
        let turns = std::mem::take(&mut self.turns);
        let file = opened(&mut self.order, self.directory.as_deref(), self.files.order())?;
        file.write_all(turns.as_bytes()).await
    }

    fn given_up(&mut self, written: io::Result<()>) -> Option<String> {
        let error = written.err()?;
        let directory = self.directory.take()?;
        let first = !self.told.swap(true, Ordering::Relaxed);
        first.then(|| {
            let place = directory.path().display();
            format!(
                "log files cannot be written to `{place}`, and only the last lines of each output are kept: {error}"
            )
        })
    }
}

fn opened<'f>(
    file: &'f mut Option<tokio::fs::File>,
    directory: Option<&Directory>,
    name: &str,
) -> io::Result<&'f mut tokio::fs::File> {
    if file.is_none() {
        let directory = directory.ok_or(io::ErrorKind::NotFound)?;
        let mut opened = tokio::fs::File::from_std(new_or_more(directory, name)?);
        opened.set_max_buf_size(WAITING);
        *file = Some(opened);
    }
    Ok(file.as_mut().expect("it was opened above"))
}

fn new_or_more(directory: &Directory, name: &str) -> io::Result<File> {
    match directory.create_file(name) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => directory.append_to_file(name),
        made => made,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Turn;

    fn scene() -> (tempfile::TempDir, Directory, Logs) {
        let home = tempfile::tempdir().expect("a place");
        let run = Directory::at(&home.path().join("run")).expect("it can be made");
        let directory = LogFiles::directory(&run).map(Arc::new).expect("it can be made");
        (home, run, Logs { directory: Some(directory), told: Arc::default() })
    }

    #[tokio::test]
    async fn two_attempts_are_one_log_in_the_order_in_which_they_came() {
        let (_home, run, logs) = scene();
        for attempt in ["first\n", "second\n"] {
            let mut log = logs.named("a");
            for (stream, text) in [(Stream::Stdout, attempt), (Stream::Stdout, "more\n"), (Stream::Stderr, "amiss\n")] {
                assert_eq!(log.write(stream, text.as_bytes()).await, None);
            }
            assert_eq!(log.finish().await, None);
        }
        let mut turns = Vec::new();
        let take = |Turn { stderr, bytes }| turns.push((stderr, String::from_utf8(bytes).expect("text")));
        LogFiles::of("a").read(&run, take).expect("it is there");
        let owned = |stderr, text: &str| (stderr, text.to_owned());
        let wanted = [
            owned(false, "first\nmore\n"),
            owned(true, "amiss\n"),
            owned(false, "second\nmore\n"),
            owned(true, "amiss\n"),
        ];
        assert_eq!(turns, wanted);
    }

    #[tokio::test]
    async fn what_cannot_be_written_is_told_once_a_run_and_is_no_failure() {
        let (_home, _run, logs) = scene();
        let directory = logs.directory.as_ref().expect("it has one").path().to_owned();
        for name in ["a", "b"] {
            std::fs::create_dir(directory.join(format!("{name}.stdout"))).expect("it can be made");
        }
        let mut log = logs.named("a");
        assert_eq!(log.path(Stream::Stdout), Some(directory.join("a.stdout")));
        let told = log.write(Stream::Stdout, b"x").await.expect("a directory is in the way");
        assert!(told.contains("log files cannot be written"), "{told}");
        assert_eq!((log.path(Stream::Stdout), log.write(Stream::Stdout, b"y").await), (None, None));
        assert_eq!(logs.named("b").write(Stream::Stdout, b"x").await, None);
        assert_eq!(log.finish().await, None);
        let mut unhindered = logs.named("c");
        assert_eq!((unhindered.write(Stream::Stdout, b"x").await, unhindered.finish().await), (None, None));
        assert_eq!(std::fs::read(directory.join("c.stdout")).expect("it is kept"), b"x");
    }
}
