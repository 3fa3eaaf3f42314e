/// How many bytes of a line are told.
pub(in crate::run) const LONGEST: usize = 8 * 1024;

/// Cuts a stream of bytes into lines. Of a line that is longer than can be told, what is needed is kept and the rest counted.
#[derive(Debug)]
pub(in crate::run) struct Lines {
    line: Vec<u8>,
    /// Bytes of the line that are not kept.
    dropped: usize,
    /// How many bytes of a line are kept: some more than are told, so that a secret across the cut is still recognised.
    keep: usize,
}

/// A line without its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::run) struct Line {
    /// Its bytes, as far as they are kept.
    pub(in crate::run) bytes: Vec<u8>,
    /// How many more there were.
    pub(in crate::run) dropped: usize,
}

impl Lines {
    /// Keeps `margin` bytes more of a line than are told.
    pub(in crate::run) fn new(margin: usize) -> Self {
        Lines { line: Vec::new(), dropped: 0, keep: LONGEST + margin }
    }

    /// Takes in bytes; answers the lines that they complete.
    pub(in crate::run) fn push(&mut self, mut bytes: &[u8]) -> Vec<Line> {
        let mut complete = Vec::new();
        while let Some(end) = bytes.iter().position(|byte| *byte == b'\n') {
            self.add(&bytes[..end]);
            complete.push(self.take());
            bytes = &bytes[end + 1..];
        }
        self.add(bytes);
        complete
    }

    /// The end of the stream: the last line, where it has no newline.
    pub(in crate::run) fn finish(&mut self) -> Option<Line> {
        (!self.line.is_empty()).then(|| self.take())
    }

    fn add(&mut self, bytes: &[u8]) {
        let room = self.keep.saturating_sub(self.line.len()).min(bytes.len());
        self.line.extend_from_slice(&bytes[..room]);
        self.dropped += bytes.len() - room;
    }

    fn take(&mut self) -> Line {
        let mut bytes = std::mem::take(&mut self.line);
        if bytes.last() == Some(&b'\r') && self.dropped == 0 {
            bytes.pop();
        }
        Line { bytes, dropped: std::mem::take(&mut self.dropped) }
    }
}

impl Line {
    /// The line as it is told, secrets hidden by `mask` before it is cut: a long one ends in a mark that says how much is missing.
    pub(in crate::run) fn told(self, mask: impl FnOnce(Vec<u8>) -> Vec<u8>) -> Vec<u8> {
        let mut bytes = mask(self.bytes);
        let missing = self.dropped + bytes.len().saturating_sub(LONGEST);
        if missing > 0 {
            bytes.truncate(LONGEST);
            bytes.extend_from_slice(format!("… +{missing} bytes").as_bytes());
        }
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(line: Line) -> String {
        String::from_utf8(line.told(|bytes| bytes)).expect("is text")
    }

    #[test]
    fn lines_come_whole_however_the_bytes_are_split() {
        let all = b"one\r\ntwo\n\nlast";
        for size in 1..all.len() {
            let mut lines = Lines::new(0);
            let mut found: Vec<String> = all.chunks(size).flat_map(|chunk| lines.push(chunk)).map(text).collect();
            found.extend(lines.finish().map(text));
            assert_eq!(found, ["one", "two", "", "last"], "in pieces of {size}");
        }
    }

    #[test]
    fn a_long_line_is_cut_with_a_mark_and_the_next_one_is_whole() {
        let mut lines = Lines::new(100);
        let mut found = Vec::new();
        for _ in 0..1_000 {
            found.extend(lines.push(&[b'x'; 1_000]));
        }
        found.extend(lines.push(b"\nnext\n"));
        let found: Vec<String> = found.into_iter().map(text).collect();
        assert_eq!(found.len(), 2);
        assert!(found[0].ends_with(&format!("x… +{} bytes", 1_000_000 - LONGEST)));
        assert_eq!(found[1], "next");
    }

    #[test]
    fn a_secret_across_the_cut_is_hidden() {
        let mut lines = Lines::new(10);
        let mut line = vec![b'x'; LONGEST - 3];
        line.extend_from_slice(b"secret\n");
        let found = lines.push(&line).remove(0);
        let told = found.told(|bytes| String::from_utf8(bytes).expect("is text").replace("secret", "***").into_bytes());
        assert!(told.ends_with(b"x***"));
    }
}
