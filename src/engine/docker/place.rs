use crate::engine::{Chunk, Stream};

/// How much of the end of a stream is remembered, in bytes.
const END: usize = 256;
/// What a line costs a log beside its bytes: its time, its stream, its length.
const HEAD: u64 = 96;

/// How far the output of a container has been handed over, in a measure that its log shares: the log keeps the lines of each stream in
/// their order, while its bytes are others where the output was no UTF-8.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Place {
    streams: [Spot; 2],
}

/// The same of one stream.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Spot {
    /// Whole lines.
    lines: u64,
    /// All bytes.
    bytes: u64,
    /// Bytes of the line that has begun.
    column: u64,
    /// The last bytes.
    end: Vec<u8>,
}

impl Place {
    /// This was handed over.
    pub(super) fn advance(&mut self, chunk: &Chunk) {
        self.streams[index(chunk.stream)].advance(&chunk.data);
    }

    /// The process has ended: the log ends its last line, whether it did so itself or not.
    pub(super) fn end_lines(&mut self) {
        for spot in &mut self.streams {
            if spot.column > 0 {
                spot.advance(b"\n");
            }
        }
    }

    /// Whether a line of this stream has begun and not ended.
    pub(super) fn is_within_a_line(&self, stream: Stream) -> bool {
        self.streams[index(stream)].column > 0
    }

    /// Whether what was handed over ends as this last entry of the log does.
    pub(super) fn ends_with(&self, last: &[Chunk]) -> bool {
        let mut entries = [Vec::new(), Vec::new()];
        last.iter().for_each(|chunk| entries[index(chunk.stream)].extend_from_slice(&chunk.data));
        self.streams.iter().zip(entries).all(|(spot, entry)| {
            let entry = entry.strip_suffix(b"\n").unwrap_or(&entry);
            let end = spot.end.strip_suffix(b"\n").unwrap_or(&spot.end);
            end.ends_with(&entry[entry.len().saturating_sub(END / 2)..])
        })
    }

    /// What the log needs to keep so much, in bytes, generously.
    pub(super) fn weight(&self) -> u64 {
        self.streams.iter().map(|spot| spot.bytes + HEAD * (spot.lines + 1)).sum()
    }

    /// What leaves away of a log, read from its beginning, all that was handed over.
    pub(super) fn skip(&self) -> Skip {
        Skip { left: self.streams.clone().map(|spot| (spot.lines, spot.column)) }
    }
}

impl Spot {
    fn advance(&mut self, data: &[u8]) {
        self.bytes += data.len() as u64;
        self.lines += data.iter().filter(|byte| **byte == b'\n').count() as u64;
        self.column = match data.iter().rposition(|byte| *byte == b'\n') {
            Some(newline) => (data.len() - newline - 1) as u64,
            None => self.column + data.len() as u64,
        };
        self.end.extend_from_slice(&data[data.len().saturating_sub(END)..]);
        let surplus = self.end.len().saturating_sub(END);
        self.end.drain(..surplus);
    }
}

/// Leaves away what was handed over already.
#[derive(Debug)]
pub(super) struct Skip {
    /// Lines, and then bytes, that are still to be left away of each stream.
    left: [(u64, u64); 2],
}

impl Skip {
    /// What of a piece of the log is new.
    pub(super) fn pass(&mut self, Chunk { stream, mut data }: Chunk) -> Option<Chunk> {
        let (lines, column) = &mut self.left[index(stream)];
        while *lines > 0 {
            let newline = data.iter().position(|byte| *byte == b'\n')?;
            *lines -= 1;
            data = data.slice(newline + 1..);
        }
        // A line that was begun goes on behind what was handed over of it.
        let known = usize::try_from(*column).unwrap_or(usize::MAX).min(data.len());
        *column -= known as u64;
        data = data.slice(known..);
        (!data.is_empty()).then_some(Chunk { stream, data })
    }
}

fn index(stream: Stream) -> usize {
    usize::from(stream == Stream::Stderr)
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;

    fn chunk(stream: Stream, text: &str) -> Chunk {
        Chunk { stream, data: Bytes::copy_from_slice(text.as_bytes()) }
    }

    fn rest_after(handed: &[(Stream, &str)], log: &[(Stream, &str)]) -> String {
        let mut place = Place::default();
        handed.iter().for_each(|(stream, text)| place.advance(&chunk(*stream, text)));
        let mut skip = place.skip();
        let rest = log.iter().filter_map(|(stream, text)| skip.pass(chunk(*stream, text)));
        rest.map(|chunk| String::from_utf8_lossy(&chunk.data).into_owned()).collect()
    }

    #[test]
    fn the_log_goes_on_where_the_output_broke_off() {
        use Stream::{Stderr, Stdout};
        let log = [(Stdout, "one\n"), (Stderr, "bad\n"), (Stdout, "two\n"), (Stdout, "three\n")];
        let text = "one\ntwo\nthree\n";
        for cut in 0..=text.len() {
            let rest = rest_after(&[(Stdout, &text[..cut]), (Stderr, "bad\n")], &log);
            assert_eq!(rest, text[cut..], "cut at {cut}");
        }
        assert_eq!(rest_after(&[(Stdout, text)], &log), "bad\n");
    }

    #[test]
    fn the_end_of_a_life_ends_its_line() {
        let mut place = Place::default();
        place.advance(&chunk(Stream::Stdout, "no newline"));
        place.end_lines();
        place.end_lines();
        let mut skip = place.skip();
        assert!(skip.pass(chunk(Stream::Stdout, "no newline\n")).is_none());
        assert_eq!(skip.pass(chunk(Stream::Stdout, "again\n")), Some(chunk(Stream::Stdout, "again\n")));
    }

    #[test]
    fn what_the_log_ends_with_was_handed_over_or_not() {
        let mut place = Place::default();
        place.advance(&chunk(Stream::Stdout, "one\ntwo\nthree"));
        assert!(place.ends_with(&[chunk(Stream::Stdout, "three\n")]));
        assert!(!place.ends_with(&[chunk(Stream::Stdout, "four\n")]));
        assert!(!place.ends_with(&[chunk(Stream::Stderr, "three\n")]));
        assert!(place.ends_with(&[]));
    }
}
