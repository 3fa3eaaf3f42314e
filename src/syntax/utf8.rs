use crate::diagnostic::{Diagnostic, codes::text};
use crate::source::SourceFile;

/// The text of a file's bytes, and where they are no UTF-8.
///
/// Where there is a fault the text is only good for drawing the fault: it holds `U+FFFD` in place of the bad bytes.
pub fn decode_utf8(bytes: Vec<u8>) -> (String, Option<Utf8Fault>) {
    match String::from_utf8(bytes) {
        Ok(text) => (text, None),
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let bytes = error.as_bytes();
            let length = error.utf8_error().error_len().unwrap_or(bytes.len() - at);
            let fault = Utf8Fault { at, bytes: bytes[at..at + length].to_vec(), guess: Guess::of(bytes) };
            // One bad byte is enough to see the place; the rest of a large file would only be carried along.
            let end = bytes.len().min(at + 4096);
            (String::from_utf8_lossy(&bytes[..end]).into_owned(), Some(fault))
        }
    }
}

/// The first bytes of a file that are no UTF-8.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Utf8Fault {
    /// Offset in bytes, the same in the file and in the decoded text.
    pub at: usize,
    /// The bytes that make no character.
    pub bytes: Vec<u8>,
    guess: Guess,
}

/// What such a file probably is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Guess {
    Utf16,
    Binary,
    Latin1,
}

impl Guess {
    fn of(bytes: &[u8]) -> Guess {
        let start = &bytes[..bytes.len().min(4096)];
        if start.starts_with(&[0xFF, 0xFE]) || start.starts_with(&[0xFE, 0xFF]) {
            Guess::Utf16
        } else if start.iter().any(|byte| matches!(byte, 0..=8 | 0x0E..=0x1F)) {
            Guess::Binary
        } else {
            Guess::Latin1
        }
    }
}

impl Utf8Fault {
    /// The diagnostic, drawn in the text that [`decode_utf8`] gave.
    pub fn diagnostic(&self, file: &SourceFile) -> Diagnostic {
        let hex = self.bytes.iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(" ");
        let (what, help) = match self.guess {
            Guess::Utf16 => ("it starts like UTF-16", "save the file as UTF-8"),
            Guess::Binary => {
                ("it looks like a binary file", "give the path of a pipeline, a text file such as `pipeline.kdl`")
            }
            Guess::Latin1 => {
                ("it looks like text in Latin-1 or another single-byte encoding", "save the file as UTF-8")
            }
        };
        let end = self.at + '\u{FFFD}'.len_utf8();
        Diagnostic::new(text::NOT_UTF8, format!("the file is not UTF-8: {what}"))
            .label(file.span(self.at, end), format!("byte {} is {hex}", self.at))
            .help(help)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Files;

    #[test]
    fn a_fault_lies_at_the_same_offset_in_the_decoded_text() {
        let (text, fault) = decode_utf8(b"stage \"caf\xE9\" {}\n".to_vec());
        let fault = fault.expect("E9 is no UTF-8");
        assert_eq!((fault.at, fault.bytes.as_slice()), (10, [0xE9].as_slice()));
        let files = Files::single("p.kdl", &text);
        let diagnostic = fault.diagnostic(files.root());
        assert_eq!(files.slice(diagnostic.span().expect("it has a place")), "\u{FFFD}");
        assert!(diagnostic.message.contains("Latin-1"));
    }

    #[test]
    fn the_likely_encoding_is_named() {
        for (bytes, word) in [(b"\xFF\xFEs\0t\0".as_slice(), "UTF-16"), (b"\x7FELF\x02\x01\x01\0\xC0", "binary")] {
            let (text, fault) = decode_utf8(bytes.to_vec());
            let files = Files::single("p.kdl", &text);
            assert!(fault.expect("no UTF-8").diagnostic(files.root()).message.contains(word));
        }
    }

    #[test]
    fn utf8_passes_whole() {
        assert_eq!(decode_utf8("é😀".into()), ("é😀".to_owned(), None));
    }
}
