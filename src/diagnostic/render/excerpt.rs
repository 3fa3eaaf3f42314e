use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use unicode_width::UnicodeWidthChar;

use crate::source::{SourceFile, Span};

/// How many lines around a label are shown.
const CONTEXT: usize = 1;
/// The columns of a tab.
const TAB: usize = 4;
/// The least that is shown of a line that is clipped.
const LEAST: usize = 24;

/// The lines of a file that a drawing needs and no others, each clipped to a width and without what a terminal would obey: what a
/// drawing costs does not depend on the size of the file.
#[derive(Debug)]
pub(super) struct Excerpt {
    text: String,
    /// Each line: its index in the file, and where it lies in `text`, newline left out.
    lines: Vec<(usize, Range<usize>)>,
    /// Each label, in the order given: where it is in `text`.
    labels: Vec<Range<usize>>,
}

impl Excerpt {
    /// The lines around `labels`, none of which spans lines, clipped to `width` columns with `mark` where something is left out.
    pub(super) fn new(file: &SourceFile, labels: &[Span], width: usize, mark: &str) -> Self {
        let mut on_line: BTreeMap<usize, Vec<(usize, Range<usize>)>> = BTreeMap::new();
        let mut wanted: BTreeSet<usize> = BTreeSet::new();
        for (at, span) in labels.iter().enumerate() {
            let line = file.line_of(span.start as usize);
            on_line.entry(line).or_default().push((at, span.range()));
            wanted.extend(line.saturating_sub(CONTEXT)..=(line + CONTEXT).min(file.line_count() - 1));
        }
        let mut excerpt = Excerpt { text: String::new(), lines: Vec::new(), labels: vec![0..0; labels.len()] };
        for line in wanted {
            let own = on_line.remove(&line).unwrap_or_default();
            let start = excerpt.text.len();
            excerpt.push_line(file, file.line_range(line), &own, width.max(LEAST), mark);
            excerpt.lines.push((line, start..excerpt.text.len()));
            excerpt.text.push('\n');
        }
        excerpt
    }

    /// Where label `at` lies in the text of the excerpt.
    pub(super) fn label(&self, at: usize) -> Range<usize> {
        self.labels[at].clone()
    }

    /// The lines that hold `range`, with `around` more before and behind as far as they follow one another in the file: the index of
    /// the first in the file, their number, and where they lie in the text.
    pub(super) fn lines(&self, range: Range<usize>, around: usize) -> (usize, usize, Range<usize>) {
        let holder = |offset: usize| self.lines.partition_point(|(_, line)| line.start <= offset).saturating_sub(1);
        let (mut first, mut last) = (holder(range.start), holder(range.end.max(range.start)));
        for _ in 0..around {
            if first > 0 && self.lines[first - 1].0 + 1 == self.lines[first].0 {
                first -= 1;
            }
            if self.lines.get(last + 1).is_some_and(|next| next.0 == self.lines[last].0 + 1) {
                last += 1;
            }
        }
        (self.lines[first].0, last - first + 1, self.lines[first].1.start..self.lines[last].1.end)
    }

    /// The text of a range that [`Excerpt::lines`] gave.
    pub(super) fn text(&self, range: Range<usize>) -> &str {
        &self.text[range]
    }

    fn push_line(
        &mut self,
        file: &SourceFile,
        line: Range<usize>,
        labels: &[(usize, Range<usize>)],
        width: usize,
        mark: &str,
    ) {
        let width = (width, width.saturating_sub(2 * mark.chars().count()));
        let shown = window(&file.text()[line.clone()], labels.first().map(|(_, label)| clamp(label, &line)), width);
        let shown = line.start + shown.start..line.start + shown.end;
        if shown.start > line.start {
            self.text.push_str(mark);
        }
        // Signs are as long as what they stand for, so that offsets within the window stay.
        let base = self.text.len();
        self.text.extend(file.text()[shown.clone()].chars().flat_map(drawable));
        for (at, label) in labels {
            let within = |offset: usize| base + offset.clamp(shown.start, shown.end) - shown.start;
            self.labels[*at] = within(label.start)..within(label.end);
        }
        if shown.end < line.end {
            self.text.push_str(mark);
        }
    }
}

/// The part of a label that lies in the line, from the line's start.
fn clamp(label: &Range<usize>, line: &Range<usize>) -> Range<usize> {
    label.start.clamp(line.start, line.end) - line.start..label.end.clamp(line.start, line.end) - line.start
}

/// The part of `line` to show: the whole where it fits into `whole` columns, else as much as fits into `part`: its beginning, or what
/// lies around `label`, so that the label is seen with some of what stands before it.
fn window(line: &str, label: Option<Range<usize>>, (whole, part): (usize, usize)) -> Range<usize> {
    if behind(line, 0, whole) == line.len() {
        return 0..line.len();
    }
    let end = behind(line, 0, part);
    match label {
        Some(label) if label.end > end => {
            let before = part / 3;
            let mut start = label.start;
            let mut columns = 0;
            for (at, c) in line[..label.start].char_indices().rev() {
                columns += columns_of(c);
                if columns > before {
                    break;
                }
                start = at;
            }
            start..behind(line, start, part)
        }
        _ => 0..end,
    }
}

/// The end of what fits into `width` columns from `start` on.
fn behind(line: &str, start: usize, width: usize) -> usize {
    let mut columns = 0;
    for (at, c) in line[start..].char_indices() {
        columns += columns_of(c);
        if columns > width {
            return start + at;
        }
    }
    line.len()
}

fn columns_of(c: char) -> usize {
    if c == '\t' { TAB } else { c.width().unwrap_or(1) }
}

/// A sign of the same length in bytes for a character that a terminal would obey and not show.
fn drawable(c: char) -> impl Iterator<Item = char> {
    let obeyed = (c.is_control() && !matches!(c, '\n' | '\t'))
        || matches!(c, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}');
    let sign = match c.len_utf8() {
        _ if !obeyed => c,
        1 => '?',
        2 => '¿',
        _ => '\u{FFFD}',
    };
    std::iter::once(sign)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_shows_the_label_with_what_stands_before_it() {
        let line = "x".repeat(1000);
        assert_eq!(window(&line, Some(500..505), (30, 30)), 490..520);
        assert_eq!(window(&line, Some(3..5), (30, 30)), 0..30);
        assert_eq!(window(&line, None, (30, 30)), 0..30);
        assert_eq!(window(&line, Some(999..1000), (30, 30)), 989..1000);
        assert_eq!(window("short", Some(0..5), (30, 28)), 0..5);
        // Wide characters take two columns.
        assert_eq!(window(&"語".repeat(40), None, (30, 30)), 0..45);
    }
}
