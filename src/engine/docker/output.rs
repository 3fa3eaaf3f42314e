use std::time::Duration;

use bytes::Bytes;
use tokio::sync::mpsc::Sender;
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use super::Docker;
use super::demux::Demux;
use super::place::Place;
use super::transport::Bytestream;
use crate::engine::{Chunk, ContainerId, EngineError, Result, Stream};

/// How long the news of a process's end may come after the end of its output, where both come by themselves. On a busy machine the daemon
/// takes its time to clean up.
const SOON: Duration = Duration::from_secs(2);

/// The output of one process on its way to whoever reads it: as it comes over the attached connection, and where that is cut, out of
/// the log, from the very byte on.
pub(super) struct Output {
    pub(super) docker: Docker,
    pub(super) id: ContainerId,
    pub(super) terminal: bool,
    pub(super) to: Sender<Chunk>,
}

impl Output {
    /// Hands all of it over. `ended` tells when the process has ended.
    pub(super) async fn pump(self, mut attached: Bytestream, mut ended: watch::Receiver<bool>) {
        let mut place = self.docker.lives.place(&self.id);
        let mut whole = self.take(&mut attached, &mut place, &mut ended).await;
        if whole {
            // Ended by itself, with its process? A connection that is cut looks no different.
            let known = timeout(SOON, until(&mut ended)).await;
            whole = known.is_ok() && self.is_at_the_end(&place).await;
        }
        if !whole && !self.to.is_closed() {
            self.mend(&mut place, &mut ended).await;
        }
        place.end_lines();
        self.docker.lives.place_is(&self.id, place);
    }

    /// Hands over what the attached connection brings; answers whether it ended between two frames.
    async fn take(&self, attached: &mut Bytestream, place: &mut Place, ended: &mut watch::Receiver<bool>) -> bool {
        let mut demux = Demux::new(self.terminal);
        loop {
            let over = *ended.borrow();
            let next = match over {
                // A process that has ended and whose output does not end is read from the log.
                true => timeout(self.docker.line.patience.silence, attached.next()).await.ok(),
                false => tokio::select! {
                    next = self.docker.line.next("read the output of a container", attached.next()) => next.ok(),
                    // A sender that is gone has ended without a word: the stream decides alone.
                    Ok(_) = ended.changed() => continue,
                },
            };
            let chunks = match next {
                Some(Ok(Some(bytes))) => demux.push(bytes),
                Some(Ok(None)) => return !demux.is_within(),
                Some(Err(_)) | None => return false,
            };
            let Ok(chunks) = chunks else { return false };
            for chunk in chunks {
                place.advance(&chunk);
                // A closed channel is no error: the stream is read on, so that the process is not held up.
                let _ = self.to.send(chunk).await;
            }
        }
    }

    /// Whether the log ends as what was handed over; what has no log, or none that can be read, is believed.
    async fn is_at_the_end(&self, place: &Place) -> bool {
        let last = async {
            let mut last = Vec::new();
            let mut log = self.docker.open_log(&self.id, self.terminal, "1", false).await?;
            while let Some(chunks) = log.next().await? {
                last.extend(chunks);
            }
            Ok::<_, EngineError>(last)
        };
        match last.await {
            Ok(last) => place.ends_with(&last),
            Err(error) => !error.is_of_contact(),
        }
    }

    /// The connection was cut: the rest comes from the log where that has everything, else from a new connection.
    async fn mend(&self, place: &mut Place, ended: &mut watch::Receiver<bool>) {
        let mended = match self.docker.has_whole_log(&self.id, place).await {
            Ok(true) => self.follow_log(place, ended).await,
            Ok(false) => self.attach_again(place, ended).await,
            Err(error) => Err(error),
        };
        if let Err(error) = mended {
            self.note(place, &format!("the rest of the output is lost: {error}")).await;
        }
    }

    async fn follow_log(&self, place: &mut Place, ended: &mut watch::Receiver<bool>) -> Result<()> {
        if !*ended.borrow() {
            let silence = self.docker.line.patience.silence;
            let over = async {
                until(ended).await;
                sleep(silence).await;
            };
            tokio::select! {
                // Followed to its end, or not yet begun.
                followed = self.docker.replay(&self.id, self.terminal, place, true, &self.to) => followed?,
                // The log is lost on its way.
                () = over => {}
            }
            until(ended).await;
        }
        self.docker.replay(&self.id, self.terminal, place, false, &self.to).await
    }

    async fn attach_again(&self, place: &mut Place, ended: &mut watch::Receiver<bool>) -> Result<()> {
        let gap = "the connection to the engine broke here, and the log does not keep everything: lines may be missing";
        self.note(place, gap).await;
        while !*ended.borrow() && !self.to.is_closed() {
            let mut attached = self.docker.attach(&self.id).await?;
            self.take(&mut attached, place, ended).await;
            let _ = timeout(SOON, until(ended)).await;
        }
        Ok(())
    }

    /// Says in the output itself that something of it is missing: it must not look whole.
    async fn note(&self, place: &Place, words: &str) {
        let newline = if place.is_within_a_line(Stream::Stderr) { "\n" } else { "" };
        let data = Bytes::from(format!("{newline}[pipe: {words}]\n"));
        let _ = self.to.send(Chunk { stream: Stream::Stderr, data }).await;
    }
}

/// Waits until the process has ended, or nobody waits for that any more.
async fn until(ended: &mut watch::Receiver<bool>) {
    let _ = ended.wait_for(|ended| *ended).await;
}
