use std::path::Path;

/// How many bytes of a line are told.
pub(in crate::run) const LONGEST: usize = 8 * 1024;

/// Cuts a stream of bytes into lines. Of a line that is longer than can be told, the beginning is kept and the rest counted; of one
/// that is written over again and again (a progress bar), what was written last.
#[derive(Debug, Default)]
pub(in crate::run) struct Lines {
    line: Vec<u8>,
    /// Bytes of the line that are not kept.
    dropped: usize,
    /// A carriage return was the last: the end of the line where a newline follows, else what follows is written over it.
    returned: bool,
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
        // What carriage returns at the end mean is known with the next byte.
        let end = bytes.iter().rposition(|byte| *byte != b'\r').map_or(0, |last| last + 1);
        let returned = end < bytes.len();
        let bytes = &bytes[..end];
        if self.returned && !bytes.is_empty() {
            self.begin_again();
        }
        self.returned |= returned;
        let over = bytes.iter().rposition(|byte| *byte == b'\r').map_or(0, |at| at + 1);
        if over > 0 {
            self.begin_again();
            self.returned = returned;
        }
        let bytes = &bytes[over..];
        let room = LONGEST.saturating_sub(self.line.len()).min(bytes.len());
        self.line.extend_from_slice(&bytes[..room]);
        self.dropped += bytes.len() - room;
    }

    fn begin_again(&mut self) {
        self.line.clear();
        self.dropped = 0;
        self.returned = false;
    }

    fn take(&mut self) -> Line {
        self.returned = false;
        Line { bytes: std::mem::take(&mut self.line), dropped: std::mem::take(&mut self.dropped) }
    }
}

impl Line {
    /// The line as it is told: a long one ends in a mark that says how much is missing, and in which file it is.
    pub(in crate::run) fn told(self, file: Option<&Path>) -> Vec<u8> {
        let mut bytes = self.bytes;
        if self.dropped > 0 {
            let place = file.map_or(String::new(), |file| format!(" (see {})", file.display()));
            bytes.extend_from_slice(format!("… +{} bytes{place}", self.dropped).as_bytes());
        }
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(line: Line) -> String {
        String::from_utf8(line.told(None)).expect("is text")
    }

    fn lines(bytes: &[u8], size: usize) -> Vec<String> {
        let mut lines = Lines::default();
        let mut found: Vec<String> = bytes.chunks(size).flat_map(|chunk| lines.push(chunk)).map(text).collect();
        found.extend(lines.finish().map(text));
        found
    }

    #[test]
    fn lines_come_whole_however_the_bytes_are_split() {
        let all = b"one\r\ntwo\n\nlast";
        for size in 1..all.len() {
            assert_eq!(lines(all, size), ["one", "two", "", "last"], "in pieces of {size}");
        }
    }

    #[test]
    fn a_long_line_is_cut_with_a_mark_and_the_next_one_is_whole() {
        let mut lines = Lines::default();
        let mut found = Vec::new();
        for _ in 0..1_000 {
            found.extend(lines.push(&[b'x'; 1_000]));
        }
        found.extend(lines.push(b"\nnext\n"));
        assert!(text(found[0].clone()).ends_with(&format!("x… +{} bytes", 1_000_000 - LONGEST)));
        let told = found[0].clone().told(Some(Path::new("/logs/a.stdout")));
        assert!(told.ends_with(b" bytes (see /logs/a.stdout)"));
        assert_eq!((found.len(), text(found[1].clone()).as_str()), (2, "next"));
    }

    #[test]
    fn of_what_is_written_over_the_last_is_told() {
        let bar = b"10 %\r50 %\r100 %\r\ndone\n 1\r 2\r\r\nno end\rat all";
        for size in 1..bar.len() {
            assert_eq!(lines(bar, size), ["100 %", "done", " 2", "at all"], "in pieces of {size}");
        }
        let long = [b"x".repeat(3 * LONGEST), b"\rshort\n".to_vec()].concat();
        assert_eq!(lines(&long, 1_000), ["short"]);
    }
}
