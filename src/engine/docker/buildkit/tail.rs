use std::collections::VecDeque;

/// Lines kept.
const LINES: usize = 20;
/// The longest line kept, in bytes; of a longer one its end.
const LONGEST: usize = 2000;

/// The last lines of an output that comes in pieces.
#[derive(Debug, Default)]
pub(super) struct Tail {
    lines: VecDeque<String>,
    open: Vec<u8>,
}

impl Tail {
    pub fn push(&mut self, data: &[u8]) {
        for piece in data.split_inclusive(|byte| *byte == b'\n') {
            self.open.extend_from_slice(piece);
            if piece.ends_with(b"\n") {
                let line = std::mem::take(&mut self.open);
                self.keep(&line);
            } else if self.open.len() > 2 * LONGEST {
                self.open.drain(..self.open.len() - LONGEST);
            }
        }
    }

    pub fn lines(&self) -> Vec<String> {
        let open = readable(&self.open);
        let lines = self.lines.iter().cloned().chain((!open.is_empty()).then_some(open));
        let lines: Vec<String> = lines.collect();
        lines[lines.len().saturating_sub(LINES)..].to_vec()
    }

    fn keep(&mut self, line: &[u8]) {
        let line = readable(line);
        if self.lines.len() == LINES {
            self.lines.pop_front();
        }
        self.lines.push_back(line);
    }
}

/// What a terminal would show in the end: the part behind the last carriage return, without the line's end.
fn readable(line: &[u8]) -> String {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let shown = line.rsplit(|byte| *byte == b'\r').next().unwrap_or_default();
    String::from_utf8_lossy(&shown[shown.len().saturating_sub(LONGEST)..]).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_become_lines() {
        let mut tail = Tail::default();
        tail.push(b"one\ntw");
        tail.push(b"o\r\n 10%\r100%\nopen");
        assert_eq!(tail.lines(), ["one", "two", "100%", "open"]);
    }

    #[test]
    fn only_the_last_lines_and_their_ends_are_kept() {
        let mut tail = Tail::default();
        for number in 0..100 {
            tail.push(format!("{number}\n").as_bytes());
        }
        assert_eq!((tail.lines().len(), tail.lines()[0].as_str()), (20, "80"));
        for _ in 0..100 {
            tail.push(&[b'x'; 1000]);
        }
        assert!(tail.open.len() <= 2 * LONGEST + 1000);
        assert_eq!((tail.lines().len(), tail.lines()[19].len()), (20, LONGEST));
    }
}
