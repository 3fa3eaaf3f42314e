use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::engine::Stream;

/// How many lines are kept.
const LINES: usize = 50;
/// How many bytes of them, at most: long lines are fewer.
const BYTES: usize = 64 * 1024;

/// The last lines that a node wrote, both streams in the order of arrival: the evidence of a failure. Clones share them.
#[derive(Debug, Clone, Default)]
pub(in crate::run) struct Tail {
    kept: Arc<Mutex<Kept>>,
}

#[derive(Debug, Default)]
struct Kept {
    lines: VecDeque<String>,
    /// How many bytes these are.
    bytes: usize,
    /// How many lines there were in all.
    total: u64,
    /// How many ends of lines were written to each stream.
    written: (u64, u64),
}

impl Tail {
    /// One more line.
    pub(in crate::run) fn push(&self, line: &[u8]) {
        let mut kept = self.lock();
        kept.bytes += line.len();
        kept.lines.push_back(String::from_utf8_lossy(line).into_owned());
        while kept.lines.len() > LINES || (kept.bytes > BYTES && kept.lines.len() > 1) {
            kept.bytes -= kept.lines.pop_front().map_or(0, |line| line.len()).min(kept.bytes);
        }
        kept.total += 1;
    }

    /// So many ends of lines have come from a stream, whatever becomes of the lines.
    pub(in crate::run) fn wrote(&self, stream: Stream, ends: u64) {
        let mut kept = self.lock();
        match stream {
            Stream::Stdout => kept.written.0 += ends,
            Stream::Stderr => kept.written.1 += ends,
        }
    }

    /// How many ends of lines have come from the output and the error output.
    pub(in crate::run) fn written(&self) -> (u64, u64) {
        self.lock().written
    }

    /// What was written so far is of no interest any more.
    pub(in crate::run) fn clear(&self) {
        let mut kept = self.lock();
        kept.lines.clear();
        kept.bytes = 0;
    }

    /// The lines, oldest first.
    pub(in crate::run) fn lines(&self) -> Vec<String> {
        self.lock().lines.iter().cloned().collect()
    }

    /// How many lines there were so far.
    pub(in crate::run) fn mark(&self) -> u64 {
        self.lock().total
    }

    /// The lines since there were `mark` of them, oldest first, and how many before these are not kept.
    pub(in crate::run) fn since(&self, mark: u64) -> (u64, Vec<String>) {
        let kept = self.lock();
        let wanted = kept.total.saturating_sub(mark);
        let there = usize::try_from(wanted).unwrap_or(LINES).min(kept.lines.len());
        let missing = wanted.saturating_sub(there as u64);
        (missing, kept.lines.iter().skip(kept.lines.len() - there).cloned().collect())
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_since_a_mark_is_told_as_far_as_it_is_kept() {
        let tail = Tail::default();
        tail.push(b"before");
        let mark = tail.mark();
        assert_eq!(tail.since(mark), (0, Vec::new()));
        tail.push(b"after");
        assert_eq!(tail.since(mark), (0, vec!["after".to_owned()]));
        for number in 0..60 {
            tail.push(format!("line {number}").as_bytes());
        }
        let (before, since) = tail.since(mark);
        assert_eq!((before, since.len(), since[0].as_str()), (11, 50, "line 10"));
        assert_eq!(tail.lines().len(), LINES);
        for _ in 0..LINES {
            tail.push(&[b'x'; BYTES / 8]);
        }
        assert_eq!(tail.lines().len(), 8);
    }
}
