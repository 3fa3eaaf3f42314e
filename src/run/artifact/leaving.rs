use std::io::{self, Write};

use bytes::Bytes;
use tokio::sync::mpsc;

/// How many bytes leave at a time.
const PIECE: usize = 64 * 1024;

/// Bytes that a thread writes, on their way to an asynchronous task. Its end is this one's; one that breaks off is told by
/// [`Leaving::breaks_off`].
pub(super) struct Leaving {
    pieces: mpsc::Sender<io::Result<Bytes>>,
    piece: Vec<u8>,
}

impl Leaving {
    /// Sends what is written.
    pub(super) fn new(pieces: mpsc::Sender<io::Result<Bytes>>) -> Self {
        Leaving { pieces, piece: Vec::with_capacity(PIECE) }
    }

    /// What has been sent is not all that there should be.
    pub(super) fn breaks_off(pieces: &mpsc::Sender<io::Result<Bytes>>, why: &io::Error) {
        // Nobody listens who has given it up himself.
        let _ = pieces.blocking_send(Err(io::Error::new(why.kind(), why.to_string())));
    }
}

impl Write for Leaving {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let length = bytes.len().min(PIECE - self.piece.len());
        self.piece.extend_from_slice(&bytes[..length]);
        if self.piece.len() == PIECE {
            self.flush()?;
        }
        Ok(length)
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.piece.is_empty() {
            return Ok(());
        }
        let piece = std::mem::replace(&mut self.piece, Vec::with_capacity(PIECE));
        self.pieces.blocking_send(Ok(piece.into())).map_err(|_| io::ErrorKind::BrokenPipe.into())
    }
}
