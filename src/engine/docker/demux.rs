use bytes::{Buf, Bytes};

use crate::engine::{Chunk, Stream};

/// The bytes of a head: which stream, three of nothing, four of length.
const HEAD: usize = 8;

/// Takes the two streams of a process apart that come over one connection: frames with a head, or, where the container has a
/// terminal, plain bytes. What is there of a frame is handed over at once, so that a break in the middle of one loses and doubles nothing.
#[derive(Debug)]
pub(super) struct Demux {
    terminal: bool,
    head: Vec<u8>,
    stream: Stream,
    /// What is still to come of the frame.
    left: usize,
}

/// A part of a frame.
#[derive(Debug)]
pub(super) struct Piece {
    /// Its bytes.
    pub(super) chunk: Chunk,
    /// The frame ends with it.
    pub(super) ends: bool,
}

impl Demux {
    /// For the output of a container with a terminal, or without.
    pub(super) fn new(terminal: bool) -> Self {
        Demux { terminal, head: Vec::with_capacity(HEAD), stream: Stream::Stdout, left: 0 }
    }

    /// Whether a frame has begun and not ended: a stream that ends here was cut.
    pub(super) fn is_within(&self) -> bool {
        self.left > 0 || !self.head.is_empty()
    }

    /// What `bytes` bring.
    ///
    /// # Errors
    /// Where they are no frames; in words.
    pub(super) fn push(&mut self, bytes: Bytes) -> Result<Vec<Chunk>, String> {
        Ok(self.pieces(bytes)?.into_iter().map(|piece| piece.chunk).collect())
    }

    /// The same, with where frames end; what a terminal writes has no such ends.
    ///
    /// # Errors
    /// As those of [`Demux::push`].
    pub(super) fn pieces(&mut self, mut bytes: Bytes) -> Result<Vec<Piece>, String> {
        if self.terminal {
            return Ok(vec![Piece { chunk: Chunk { stream: Stream::Stdout, data: bytes }, ends: false }]);
        }
        let mut pieces = Vec::new();
        while bytes.has_remaining() {
            if self.left > 0 {
                let data = bytes.split_to(self.left.min(bytes.len()));
                self.left -= data.len();
                pieces.push(Piece { chunk: Chunk { stream: self.stream, data }, ends: self.left == 0 });
                continue;
            }
            self.head.push(bytes.get_u8());
            if let [stream, a, b, c, d, e, f, g] = *self.head.as_slice() {
                let length = u32::from_be_bytes([d, e, f, g]);
                self.stream = match (stream, a | b | c) {
                    (0 | 1, 0) => Stream::Stdout,
                    (2, 0) => Stream::Stderr,
                    _ => return Err(format!("{:?} is no head of a frame", self.head)),
                };
                self.left = length as usize;
                self.head.clear();
            }
        }
        Ok(pieces)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(stream: u8, text: &str) -> Vec<u8> {
        let length = u32::try_from(text.len()).expect("short").to_be_bytes();
        [&[stream, 0, 0, 0], length.as_slice(), text.as_bytes()].concat()
    }

    fn text(chunks: &[Chunk], stream: Stream) -> Vec<u8> {
        chunks.iter().filter(|chunk| chunk.stream == stream).flat_map(|chunk| chunk.data.to_vec()).collect()
    }

    #[test]
    fn wherever_the_bytes_are_cut_the_streams_are_the_same() {
        let bytes = [frame(1, "out one\n"), frame(2, ""), frame(2, "err\n"), frame(1, "out two")].concat();
        for cut in 0..=bytes.len() {
            let mut demux = Demux::new(false);
            let mut chunks = demux.push(Bytes::copy_from_slice(&bytes[..cut])).expect("frames");
            chunks.extend(demux.push(Bytes::copy_from_slice(&bytes[cut..])).expect("frames"));
            assert!(!demux.is_within());
            assert_eq!(text(&chunks, Stream::Stdout), b"out one\nout two", "cut at {cut}");
            assert_eq!(text(&chunks, Stream::Stderr), b"err\n", "cut at {cut}");
        }
    }

    #[test]
    fn a_cut_within_a_frame_is_known_and_costs_no_byte() {
        let bytes = frame(2, "half");
        for cut in 1..bytes.len() {
            let mut demux = Demux::new(false);
            let chunks = demux.push(Bytes::copy_from_slice(&bytes[..cut])).expect("frames");
            assert!(demux.is_within(), "cut at {cut}");
            assert_eq!(text(&chunks, Stream::Stderr), &b"half"[..cut.saturating_sub(HEAD)]);
        }
    }

    #[test]
    fn what_is_no_frame_is_an_error_and_a_terminal_has_none() {
        assert!(Demux::new(false).push(Bytes::from_static(b"HTTP/1.1 500")).is_err());
        let chunks = Demux::new(true).push(Bytes::from_static(b"\x01plain")).expect("plain bytes");
        assert_eq!(text(&chunks, Stream::Stdout), b"\x01plain");
    }
}
