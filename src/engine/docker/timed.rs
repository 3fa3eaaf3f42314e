use std::cmp::Ordering;
use std::collections::VecDeque;

use bytes::Bytes;

use super::demux::Piece;
use super::time::stamp;
use crate::engine::{Chunk, Stream};

/// The longest time that an entry of a log begins with.
const LONGEST_TIME: usize = 40;
/// How many bytes of a line without an end make an entry of their own.
const ENTRY: usize = 16 * 1024;

/// How far the last lines of a log have been handed over. Nobody knows how many lines there are before them, so what is remembered is the
/// time of the last entry of each stream: the engine tells of all entries from then on. It writes each stream in the order of its times, and
/// the two beside each other: an entry may stand behind one of the other stream that is later. Where its clock was set back in between,
/// entries cannot be told from others.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Mark {
    /// When the first entry was written: a stream that has not come yet has nothing from before.
    first: String,
    /// How far each stream has come.
    streams: [Point; 2],
}

/// How far a stream has come.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Point {
    /// When the last entry was written, as the log says it; empty where none has come.
    time: String,
    /// How many entries of that time were handed over whole.
    whole: u64,
    /// How many bytes of the next one of that time.
    within: u64,
}

impl Mark {
    /// Behind everything that was written before this time.
    pub(super) fn at(time: &str) -> Self {
        Mark { first: time.to_owned(), ..Mark::default() }
    }

    /// The time from which on the log is asked for again; `None` where nothing has come yet.
    pub(super) fn since(&self) -> Option<String> {
        let times = self.streams.iter().map(|point| if point.time.is_empty() { &self.first } else { &point.time });
        times.filter_map(|time| stamp(time)).min_by_key(|stamp| in_order(stamp))
    }
}

/// Stamps have as many digits behind the point, so the longer one is later.
fn in_order(stamp: &str) -> (usize, String) {
    (stamp.len(), stamp.to_owned())
}

fn index(stream: Stream) -> usize {
    match stream {
        Stream::Stdout => 0,
        Stream::Stderr => 1,
    }
}

/// A log whose entries begin with their times, on its way to somebody who wants none of these, and none of what he has.
#[derive(Debug)]
pub(super) struct Timed {
    /// Whether the entries are no frames of their own.
    terminal: bool,
    /// Where the reader was before.
    from: Mark,
    /// Where he is.
    at: Mark,
    /// Where this log is.
    here: [Point; 2],
    /// The time of the entry, as far as it came, while that is read.
    head: Option<Vec<u8>>,
    /// How many bytes of the entry came, without its time.
    came: usize,
}

impl Timed {
    /// A log from its entries at the mark's time on.
    pub(super) fn behind(mark: &Mark, terminal: bool) -> Self {
        Timed {
            terminal,
            from: mark.clone(),
            at: mark.clone(),
            here: Default::default(),
            head: Some(Vec::new()),
            came: 0,
        }
    }

    /// What of this piece is new, each with where the reader is behind it.
    pub(super) fn pass(&mut self, piece: Piece) -> VecDeque<(Chunk, Mark)> {
        let mut new = VecDeque::new();
        let Piece { chunk: Chunk { stream, mut data }, ends } = piece;
        if self.terminal {
            while !data.is_empty() {
                let rest = self.rest_of_entry(&data);
                let entry = data.split_to(rest);
                let is_line = entry.ends_with(b"\n");
                self.entry(stream, entry, &mut new);
                if is_line || self.came >= ENTRY {
                    self.end(stream);
                }
            }
        } else {
            self.entry(stream, data, &mut new);
            if ends {
                self.end(stream);
            }
        }
        new
    }

    /// How much of these bytes belongs to the entry that has begun: to the end of its line, or of the longest entry that there is.
    fn rest_of_entry(&self, data: &[u8]) -> usize {
        // A time has no newline in it, and ends at its blank.
        let head = match &self.head {
            Some(_) => data.iter().position(|byte| *byte == b' ').map_or(data.len(), |blank| blank + 1),
            None => 0,
        };
        let text = &data[head..];
        let line = text.iter().position(|byte| *byte == b'\n').map_or(text.len(), |newline| newline + 1);
        head + line.min(ENTRY - self.came)
    }

    fn entry(&mut self, stream: Stream, mut data: Bytes, new: &mut VecDeque<(Chunk, Mark)>) {
        if let Some(head) = &mut self.head {
            let blank = data.iter().position(|byte| *byte == b' ');
            head.extend_from_slice(&data.split_to(blank.unwrap_or(data.len())));
            if blank.is_none() && head.len() <= LONGEST_TIME {
                return;
            }
            let head = self.head.take().unwrap_or_default();
            let time = String::from_utf8_lossy(&head);
            if stamp(&time).is_none() {
                // It has no time: all of it is text.
                data = [Bytes::from(head), data].concat().into();
            } else {
                data = data.slice(1..);
                let here = &mut self.here[index(stream)];
                if here.time != time {
                    *here = Point { time: time.into_owned(), ..Point::default() };
                }
            }
        }
        self.came += data.len();
        let known = self.known(stream, data.len());
        let here = &mut self.here[index(stream)];
        here.within += data.len() as u64;
        let data = data.slice(known..);
        if !data.is_empty() {
            if self.at.first.is_empty() {
                self.at.first.clone_from(&here.time);
            }
            self.at.streams[index(stream)].clone_from(here);
            new.push_back((Chunk { stream, data }, self.at.clone()));
        }
    }

    /// How many of the next `length` bytes of an entry the reader has.
    fn known(&self, stream: Stream, length: usize) -> usize {
        if self.from.first.is_empty() {
            return 0;
        }
        let (here, from) = (&self.here[index(stream)], &self.from.streams[index(stream)]);
        let time = |text: &str| stamp(text).map(|stamp| in_order(&stamp));
        let known = if from.time.is_empty() {
            if time(&here.time) < time(&self.from.first) { length as u64 } else { 0 }
        } else {
            match (time(&here.time).cmp(&time(&from.time)), here.whole.cmp(&from.whole)) {
                (Ordering::Less, _) | (Ordering::Equal, Ordering::Less) => length as u64,
                (Ordering::Equal, Ordering::Equal) => from.within.saturating_sub(here.within),
                _ => 0,
            }
        };
        usize::try_from(known).unwrap_or(usize::MAX).min(length)
    }

    fn end(&mut self, stream: Stream) {
        let here = &mut self.here[index(stream)];
        here.whole += 1;
        here.within = 0;
        self.came = 0;
        self.head = Some(Vec::new());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::docker::demux::Demux;

    /// The entry before the last two is written behind one of the other stream that is later.
    const LOG: [(u8, &str, &str); 9] = [
        (1, "2026-11-24T16:00:00.000000001Z", "one\n"),
        (2, "2026-11-24T16:00:00.000000002Z", "same\n"),
        (1, "2026-11-24T16:00:00.000000002Z", "same\n"),
        (1, "2026-11-24T16:00:00.000000002Z", "same\n"),
        (1, "2026-11-24T16:00:00.000000002Z", "half of a "),
        (1, "2026-11-24T16:00:00.000000003Z", "line\n"),
        (2, "2026-11-24T16:00:00.000000009Z", "later\n"),
        (1, "2026-11-24T16:00:00.000000008Z", "behind it\n"),
        (1, "2026-11-24T16:00:01.000000000Z", "no end"),
    ];

    fn told(terminal: bool, is_asked: impl Fn(&str) -> bool) -> Vec<u8> {
        let entry = |(stream, time, text): &(u8, &str, &str)| {
            let text = format!("{time} {text}");
            let length = u32::try_from(text.len()).expect("short").to_be_bytes();
            let head = if terminal { Vec::new() } else { [&[*stream, 0, 0, 0], length.as_slice()].concat() };
            [head, text.into_bytes()].concat()
        };
        let kept = |it: &&(u8, &str, &str)| if terminal { it.0 == 1 && !it.2.starts_with("half") } else { true };
        LOG.iter().filter(kept).filter(|it| is_asked(it.1)).flat_map(entry).collect()
    }

    fn read(bytes: &[u8], terminal: bool, mark: &mut Mark) -> String {
        let (mut demux, mut timed) = (Demux::new(terminal), Timed::behind(mark, terminal));
        let mut out = String::new();
        for piece in bytes.chunks(7) {
            for piece in demux.pieces(Bytes::copy_from_slice(piece)).expect("frames") {
                for (chunk, behind) in timed.pass(piece) {
                    out.push_str(&String::from_utf8_lossy(&chunk.data));
                    *mark = behind;
                }
            }
        }
        out
    }

    #[test]
    fn wherever_it_breaks_it_goes_on_there() {
        for terminal in [false, true] {
            let bytes = told(terminal, |_| true);
            let whole = read(&bytes, terminal, &mut Mark::default());
            assert!(whole.starts_with("one\nsame\n") && whole.ends_with("behind it\nno end"), "{whole}");
            for cut in 0..=bytes.len() {
                let mut mark = Mark::default();
                let mut out = read(&bytes[..cut], terminal, &mut mark);
                // What the engine tells of from then on.
                let since = mark.since();
                out += &read(&told(terminal, |time| stamp(time) >= since), terminal, &mut mark);
                assert_eq!(out, whole, "cut at {cut}, {terminal}");
            }
        }
    }

    #[test]
    fn a_line_of_a_terminal_that_is_longer_than_an_entry_has_a_time_in_it() {
        let (time, long) = ("2026-11-24T16:00:00.000000001Z", "x".repeat(ENTRY));
        let bytes = format!("{time} {long}{time} rest\n{time} next\n");
        assert_eq!(read(bytes.as_bytes(), true, &mut Mark::default()), format!("{long}rest\nnext\n"));
    }

    #[test]
    fn what_has_no_time_is_text() {
        assert_eq!(read(b"no time at all\n", true, &mut Mark::default()), "no time at all\n");
    }

    #[test]
    fn the_engine_is_asked_in_seconds() {
        assert_eq!(Mark::at("1970-01-01T00:01:00.5Z").since().as_deref(), Some("60.500000000"));
        assert_eq!(Mark::default().since(), None);
    }
}
