use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use super::{FileId, Layout, Span};

/// Columns are counted from the last of the places that lie this many bytes apart: a line may be as long as the text.
const STRIDE: usize = 4096;

/// One file's text with an index of its lines, so that a position is found in logarithmic time.
#[derive(Debug, Clone)]
pub struct SourceFile {
    id: FileId,
    path: PathBuf,
    place: PathBuf,
    text: Arc<str>,
    line_starts: Arc<[usize]>,
    /// Where spans are not offsets of the text.
    layout: Option<Arc<Layout>>,
    /// One for every [`STRIDE`] bytes; counted when somebody asks for a column far from the beginning of its line.
    marks: Arc<OnceLock<Vec<Mark>>>,
}

/// What stands before a place.
#[derive(Debug, Clone, Copy)]
struct Mark {
    offset: usize,
    chars: usize,
    utf16: usize,
}

/// A place in a file as people count: lines and columns from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1, in Unicode scalar values.
    pub column: usize,
    /// Column, from 0, in UTF-16 code units, as editors count.
    pub utf16: usize,
}

impl SourceFile {
    /// A file shown to people as `path`.
    pub fn new(id: FileId, path: impl Into<PathBuf>, text: impl Into<Arc<str>>) -> Self {
        let text = text.into();
        let starts = std::iter::once(0)
            .chain(text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1))
            .collect();
        let marks = Arc::default();
        SourceFile { id, path: path.into(), place: PathBuf::new(), text, line_starts: starts, layout: None, marks }
    }

    /// The same file, known to lie at `place`.
    pub(super) fn at(self, place: PathBuf) -> Self {
        SourceFile { place, ..self }
    }

    /// The same file with another identity.
    pub(super) fn renumbered(&self, id: FileId) -> Self {
        SourceFile { id, ..self.clone() }
    }

    /// The same file, whose spans are places of `layout` from now on.
    pub fn laid_out(&self, layout: Arc<Layout>) -> Self {
        SourceFile { layout: Some(layout), ..self.clone() }
    }

    /// What the places of this file's spans are, where they are not offsets of its text.
    pub fn layout(&self) -> Option<&Arc<Layout>> {
        self.layout.as_ref()
    }

    /// The identity that this file's spans carry.
    pub fn id(&self) -> FileId {
        self.id
    }

    /// The path as the user gave it.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Where it lies, from the pipeline's own directory: what the workspace knows it by.
    pub fn place(&self) -> &Path {
        &self.place
    }

    /// The directory it lies in, from the pipeline's own: empty for that one itself. Paths in the file start there.
    pub fn directory(&self) -> &Path {
        self.place.parent().unwrap_or(Path::new(""))
    }

    /// The whole text.
    pub fn text(&self) -> &Arc<str> {
        &self.text
    }

    /// The text under `span`; empty where the span does not fit the text.
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(self.range(span)).unwrap_or("")
    }

    /// The bytes of the text under `span`.
    pub fn range(&self, span: Span) -> std::ops::Range<usize> {
        match &self.layout {
            None => span.range(),
            Some(layout) => layout.range(span.start, span.end),
        }
    }

    /// The span of some bytes of the text.
    pub fn span(&self, start: usize, end: usize) -> Span {
        match &self.layout {
            None => Span::new(self.id, start, end),
            Some(layout) => {
                let places = layout.places(start..end.max(start));
                Span::new(self.id, places.start, places.end)
            }
        }
    }

    /// The number of lines; a file that ends in a newline has an empty last line.
    pub fn line_count(&self) -> usize {
        self.line_starts.len()
    }

    /// Index from 0 of the line that holds the byte at `offset`.
    pub fn line_of(&self, offset: usize) -> usize {
        self.line_starts.partition_point(|start| *start <= offset) - 1
    }

    /// The bytes of line `index` (from 0), its newline left out.
    pub fn line_range(&self, index: usize) -> std::ops::Range<usize> {
        let start = self.line_starts[index];
        let end = self.line_starts.get(index + 1).map_or(self.text.len(), |next| next - 1);
        let end = if self.text.as_bytes()[start..end].ends_with(b"\r") { end - 1 } else { end };
        start..end
    }

    /// Where line `index` (from 0) begins, newline of the line before excluded; the text's end past the last line.
    pub fn line_start(&self, index: usize) -> usize {
        self.line_starts.get(index).copied().unwrap_or(self.text.len())
    }

    /// `span` with the rest of its lines, where nothing but blanks (and a `;`) stands there: what goes when a node is taken away.
    pub fn with_lines(&self, span: Span) -> Span {
        let std::ops::Range { start, end } = self.range(span);
        let before = self.line_start(self.line_of(start));
        let last = self.line_of(end);
        let rest = self.text.get(end..self.line_range(last).end).unwrap_or("");
        let is_blank = |text: &str| text.chars().all(|c| c.is_whitespace());
        if is_blank(self.text.get(before..start).unwrap_or("x")) && is_blank(rest.trim_start().trim_start_matches(';'))
        {
            self.span(before, self.line_start(last + 1))
        } else {
            span
        }
    }

    /// The place of the byte at `offset`; past the end it is the end.
    pub fn position(&self, offset: usize) -> Position {
        let mut offset = offset.min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = self.line_of(offset);
        let start = self.line_starts[line];
        let (chars, utf16) = if offset - start <= STRIDE {
            counted(&self.text[start..offset])
        } else {
            let (begin, end) = (self.before(start), self.before(offset));
            (end.chars - begin.chars, end.utf16 - begin.utf16)
        };
        Position { line: line + 1, column: chars + 1, utf16 }
    }

    /// What stands before the character at `offset`.
    fn before(&self, offset: usize) -> Mark {
        let mark = self.marks.get_or_init(|| marks(&self.text))[offset / STRIDE];
        let (chars, utf16) = counted(&self.text[mark.offset..offset]);
        Mark { offset, chars: mark.chars + chars, utf16: mark.utf16 + utf16 }
    }
}

/// The characters and the code units of UTF-16 of a text.
fn counted(text: &str) -> (usize, usize) {
    text.chars().fold((0, 0), |(chars, utf16), c| (chars + 1, utf16 + c.len_utf16()))
}

fn marks(text: &str) -> Vec<Mark> {
    let mut last = Mark { offset: 0, chars: 0, utf16: 0 };
    let mut marks = vec![last];
    for at in (STRIDE..=text.len()).step_by(STRIDE) {
        let offset = text.floor_char_boundary(at);
        let (chars, utf16) = counted(&text[last.offset..offset]);
        last = Mark { offset, chars: last.chars + chars, utf16: last.utf16 + utf16 };
        marks.push(last);
    }
    marks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_node_goes_with_its_lines() {
        let file = SourceFile::new(FileId(0), "x", "a\n  b {\n  };\nc; d\n");
        let at = |text: &str| {
            let start = file.text().find(text).unwrap();
            file.slice(file.with_lines(file.span(start, start + text.len()))).to_owned()
        };
        assert_eq!((at("b {\n  }").as_str(), at("d").as_str(), at("a").as_str()), ("  b {\n  };\n", "d", "a\n"));
    }

    #[test]
    fn columns_of_a_long_line_are_counted_once() {
        let text = "é😀b\n".to_owned() + &"é😀b".repeat(600_000);
        let file = SourceFile::new(FileId(0), "x", text.as_str());
        for offset in (0..text.len()).step_by(997).filter(|at| text.is_char_boundary(*at)).take(50) {
            let line = text[..offset].rfind('\n').map_or(0, |at| at + 1);
            let (chars, utf16) = counted(&text[line..offset]);
            assert_eq!((file.position(offset).column, file.position(offset).utf16), (chars + 1, utf16), "{offset}");
        }
        let began = std::time::Instant::now();
        let all: usize = (0..text.len()).step_by(40).map(|offset| file.position(offset).column).sum();
        assert!(all > 0 && began.elapsed() < std::time::Duration::from_secs(60), "{:?}", began.elapsed());
    }

    #[test]
    fn positions_count_scalars_and_utf16_units() {
        let file = SourceFile::new(FileId(0), "x", "aé😀b\r\nc");
        let at_b = "aé😀".len();
        assert_eq!(file.position(at_b), Position { line: 1, column: 4, utf16: 4 });
        assert_eq!(file.position(file.text().len()), Position { line: 2, column: 2, utf16: 1 });
        assert_eq!(&file.text()[file.line_range(0)], "aé😀b");
        assert_eq!(file.position(999).line, 2);
    }
}
