//! What KDL 1 wrote in a way of its own: strings of several lines in plain quotes, and the marker of the version.

use std::ops::Range;

use super::characters::{is_space, newline};
use super::mistakes::Mistakes;
use super::scanner::Scanner;
use super::string::escape_length;
use crate::diagnostic::{Diagnostic, Edit, Fix, codes::text};

/// Tells of `/- kdl-version 1` at the head of a text.
pub(super) fn look_for_marker(mistakes: &mut Mistakes<'_>) {
    let source: &str = mistakes.file.text();
    let is_marker = |rest: &str| {
        let rest = rest.strip_prefix("/-")?.trim_start_matches(is_space).strip_prefix("kdl-version")?;
        let version = rest.trim_start_matches(is_space);
        let after = version.strip_prefix('1').filter(|_| version.len() < rest.len())?;
        (after.is_empty() || after.starts_with(is_space) || newline(after) > 0).then_some(version.len())
    };
    let start = source.trim_start_matches(|c: char| c == '\u{FEFF}' || is_space(c) || c == '\n' || c == '\r');
    let Some(length) = is_marker(start) else { return };
    let at = source.len() - length;
    let span = mistakes.span(&(at..at + 1));
    mistakes.push(
        Diagnostic::new(text::KDL1_VERSION, "the file says that it is KDL 1, and is read as KDL 2")
            .label(span, "read as 2")
            .help("write `/- kdl-version 2`")
            .fix("write the version that it is read as", span, "2"),
    );
}

impl Scanner<'_, '_> {
    /// Where a string ends that is not closed on its line, if it reads as one of several lines, which KDL 1 wrote so. Its text
    /// begins at `from`, and `close` ends it. One with an `r` before it is told of where the two are joined.
    pub(super) fn kdl1_string_end(&mut self, from: usize, close: &str, escapes: bool) -> Option<usize> {
        let raw = self.after_raw_prefix();
        let at = self.close_of_several_lines(from, close, escapes)?;
        let end = at + close.len();
        let line = &self.text[..at][self.text[..at].rfind(['\n', '\r']).map_or(0, |at| at + 1)..];
        let after = &self.text[end..];
        let after = &after[..after.find(['\n', '\r']).unwrap_or(after.len())];
        let ends_a_value = !line.ends_with(is_space) || line.trim().is_empty();
        let is_followed = after.is_empty() || after.starts_with(|c| is_space(c) || matches!(c, '}' | ';' | ')'));
        let is_balanced = after.bytes().filter(|byte| *byte == b'"').count().is_multiple_of(2);
        let is_comment = line.trim_start().starts_with("//");
        if !(raw || ends_a_value && is_followed && is_balanced && !is_comment) {
            return None;
        }
        self.look_for_disallowed(self.at, end);
        if !raw {
            if escapes {
                self.look_for_bad_escapes(from, at);
            }
            self.string_of_several_lines(self.at..from, at..end, escapes);
        }
        Some(end)
    }

    /// Where `close` stands after the line of `from`.
    fn close_of_several_lines(&mut self, from: usize, close: &str, escapes: bool) -> Option<usize> {
        if self.lost_string {
            return None;
        }
        let mut at = from;
        while at < self.text.len() {
            let rest = &self.text[at..];
            if rest.starts_with(close) {
                return Some(at);
            }
            at += match rest.as_bytes()[0] {
                b'\\' if escapes => escape_length(rest),
                _ => rest.chars().next().map_or(1, char::len_utf8),
            };
        }
        self.lost_string = true;
        None
    }

    fn string_of_several_lines(&mut self, open: Range<usize>, close: Range<usize>, escapes: bool) {
        let indent = format!("{}    ", self.indent_of_line(open.start));
        let (edits, exact) = as_block(self.text, open.clone(), close.clone(), escapes, &indent);
        let quotes = if escapes { "\"\"\"" } else { "#\"\"\"" };
        let edits = edits.into_iter().map(|(range, text)| Edit { span: self.mistakes.span(&range), text }).collect();
        let diagnostic = Diagnostic::new(text::KDL1_MULTILINE_STRING, "a string in plain quotes ends on its line")
            .label(self.mistakes.span(&open), "string starts here")
            .label(self.mistakes.span(&close), "and goes on to here")
            .help(format!("write `{quotes}` around it, each on a line of its own"))
            .note("KDL 1 took plain quotes around a text of several lines")
            .fix_of(Fix { title: "put it in block quotes".to_owned(), safe: exact, edits });
        self.mistakes.push_all_mended(open.start..close.end, diagnostic);
    }
}

/// The edits that make a block string of one that goes on over several lines, and whether its value stays what it is. `open` and
/// `close` are its quotes, with all that stands before and after them.
pub(super) fn as_block(
    text: &str,
    open: Range<usize>,
    close: Range<usize>,
    escapes: bool,
    indent: &str,
) -> (Vec<(Range<usize>, String)>, bool) {
    let hashes = if escapes { "" } else { text[close.clone()].trim_start_matches('"') };
    let hashes = if hashes.is_empty() && !escapes { "#" } else { hashes };
    let mut newline_of_text = "\n";
    let mut exact = true;
    let mut edits = vec![(open.clone(), String::new())];
    let mut start = open.end;
    while start <= close.start {
        let rest = &text[start..close.start];
        let end = rest.char_indices().map(|(at, _)| at).find(|at| newline(&rest[*at..]) > 0).unwrap_or(rest.len());
        let line = &rest[..end];
        if !line.is_empty() {
            match start == open.end {
                true => edits[0].1 = indent.to_owned(),
                false => edits.push((start..start, indent.to_owned())),
            }
            // Blanks alone would count as no text.
            if line.chars().all(is_space) {
                match line.chars().last().filter(|_| escapes) {
                    Some(' ') => edits.push((start + end - 1..start + end, "\\s".to_owned())),
                    Some('\t') => edits.push((start + end - 1..start + end, "\\t".to_owned())),
                    _ => exact = false,
                }
            }
        }
        let length = newline(&rest[end..]);
        if length == 0 {
            break;
        }
        if start == open.end {
            newline_of_text = &rest[end..end + length];
        }
        start += end + length;
    }
    edits[0].1.insert_str(0, &format!("{hashes}\"\"\"{newline_of_text}"));
    edits.push((close, format!("{newline_of_text}{indent}\"\"\"{hashes}")));
    (edits, exact)
}
