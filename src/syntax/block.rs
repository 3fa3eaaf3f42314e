//! The lines of a block string, and the shape that KDL wants of them.

use std::ops::Range;

use super::characters::{is_space, newline};
use super::scanner::Scanner;
use super::string::escape_length;
use crate::diagnostic::{Diagnostic, Edit, Fix, codes::text};

/// A line of a block string.
pub(super) struct Line {
    /// What is left of it where escaped blanks and newlines are taken out; never empty.
    pub(super) parts: Vec<Range<usize>>,
    /// The newline that ends it; empty for the last one.
    pub(super) newline: Range<usize>,
}

/// The lines of what stands between the quotes of a block, without escaped blanks and newlines. There is always one.
pub(super) fn lines(text: &str, body: Range<usize>, escapes: bool) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut parts = Vec::new();
    let mut start = body.start;
    let mut at = body.start;
    while at < body.end {
        let rest = &text[at..body.end];
        let line_end = newline(rest);
        if line_end > 0 {
            parts.push(start..at);
            lines.push(Line { parts: std::mem::take(&mut parts), newline: at..at + line_end });
            at += line_end;
            start = at;
        } else if escapes && rest.starts_with('\\') {
            let length = escape_length(rest);
            if rest[1..].starts_with(is_blank) {
                parts.push(start..at);
                start = at + length;
            }
            at += length;
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    parts.push(start..body.end);
    lines.push(Line { parts, newline: body.end..body.end });
    lines
}

impl Line {
    /// Its text.
    fn of(&self, text: &str) -> String {
        self.parts.iter().map(|part| &text[part.clone()]).collect()
    }

    fn is_blank(&self, text: &str) -> bool {
        self.parts.iter().all(|part| text[part.clone()].chars().all(is_space))
    }

    /// The blanks that it begins with.
    fn indent(&self, text: &str) -> String {
        let line = self.of(text);
        line.chars().take_while(|c| is_space(*c)).collect()
    }

    /// From its first character to its last, without the blanks around.
    fn trimmed(&self, text: &str) -> Range<usize> {
        let start = self.parts.iter().find_map(|part| {
            let text = &text[part.clone()];
            text.find(|c| !is_space(c)).map(|at| part.start + at)
        });
        let end = self.parts.iter().rev().find_map(|part| {
            let text = text[part.clone()].trim_end_matches(is_space);
            (!text.is_empty()).then_some(part.start + text.len())
        });
        start.unwrap_or(self.parts[0].start)..end.unwrap_or(self.parts[0].start)
    }
}

/// A block string in the text: `"""` at `start` and from `close` to `end`, with its text from `body` on.
pub(super) struct Block {
    pub(super) start: usize,
    pub(super) body: usize,
    pub(super) close: usize,
    pub(super) end: usize,
    pub(super) escapes: bool,
}

impl Scanner<'_, '_> {
    /// The text starts on a line of its own, the closing quotes stand on one, and every line starts with the blanks before them.
    pub(super) fn look_at_shape(&mut self, block: &Block) {
        let beside = newline(&self.text[block.body..]) == 0;
        let first_line = block.body + newline(&self.text[block.body..]);
        let mut lines = lines(self.text, first_line..block.close, block.escapes);
        let last = lines.pop().expect("a block has a last line");
        let newline = lines.first().map_or("\n", |line| &self.text[line.newline.clone()]);
        let text_before_close = !last.is_blank(self.text);
        let prefix = if text_before_close { String::new() } else { last.of(self.text) };
        let opening = if beside && !lines.is_empty() { Some(lines.remove(0)) } else { None };
        let indented = |line: &&Line| !line.is_blank(self.text);
        let misfit = lines.iter().filter(indented).find(|line| !line.of(self.text).starts_with(&prefix));
        let diagnostic = match misfit {
            _ if beside => Diagnostic::new(text::MULTILINE_STRING, "text stands beside the opening `\"\"\"`")
                .label(self.mistakes.span(&(block.start..block.body)), "newline expected after these")
                .help("start the text on a line of its own, and close it on one"),
            _ if text_before_close => {
                Diagnostic::new(text::MULTILINE_STRING, "text stands before the closing `\"\"\"`")
                    .label(self.mistakes.span(&(block.close..block.end)), "a line of its own expected")
                    .help("start a new line before the closing quotes")
            }
            Some(line) => {
                let indent = line.indent(self.text);
                let place = line.parts[0].start..line.trimmed(self.text).end;
                Diagnostic::new(text::MULTILINE_STRING, "a line starts before the closing `\"\"\"`")
                    .label(self.mistakes.span(&place), format!("begins with {}", shown(&indent, &prefix)))
                    .label(
                        self.mistakes.span(&(block.close..block.end)),
                        format!("{} before these", shown(&prefix, &indent)),
                    )
                    .help("indent every line at least like the closing quotes, with the same blanks")
            }
            None => return,
        };
        // What the author sees as the left edge: the blanks that all lines begin with.
        let last_of_lines = text_before_close && (opening.is_some() || !beside);
        let of_lines = lines.iter().filter(indented).chain(last_of_lines.then_some(&last));
        let edge = of_lines.map(|line| line.indent(self.text)).reduce(|a, b| common(&a, &b));
        let edge = match edge {
            _ if misfit.is_none() && !text_before_close => prefix.clone(),
            Some(edge) => edge,
            None => format!("{}    ", self.indent_of_line(block.start)),
        };
        let mut edits = Vec::new();
        if beside {
            let text = opening.as_ref().unwrap_or(&last).trimmed(self.text).start;
            edits.push((block.body..text, format!("{newline}{edge}")));
        }
        match text_before_close {
            true => edits.push((last.trimmed(self.text).end..block.close, format!("{newline}{edge}"))),
            false if edge != prefix => edits.push((last.parts[0].start..block.close, edge)),
            false => {}
        }
        self.mend_shape(block, diagnostic, edits);
    }

    fn mend_shape(&mut self, block: &Block, diagnostic: Diagnostic, edits: Vec<(Range<usize>, String)>) {
        let edits = edits.into_iter().map(|(range, text)| Edit { span: self.mistakes.span(&range), text });
        let fix = Fix { title: "give the text its shape".to_owned(), safe: true, edits: edits.collect() };
        self.mistakes.push_all_mended(block.start..block.end, diagnostic.fix_of(fix));
    }

    /// What closes a block that is never closed, on a line of its own, with the blanks that all its lines begin with.
    pub(super) fn closing_line(&self, start: usize, body: Range<usize>, close: &str) -> String {
        let first_line = (body.start + newline(&self.text[body.start..])).min(body.end);
        let lines = lines(self.text, first_line..body.end, close.len() == 3);
        let newline = lines.first().map(|line| &self.text[line.newline.clone()]).filter(|newline| !newline.is_empty());
        let edge = lines.iter().filter(|line| !line.is_blank(self.text)).map(|line| line.indent(self.text));
        let edge = edge.reduce(|a, b| common(&a, &b)).unwrap_or_else(|| format!("{}    ", self.indent_of_line(start)));
        format!("{}{edge}{close}", newline.unwrap_or("\n"))
    }

    /// The blanks that the line of `offset` begins with.
    pub(super) fn indent_of_line(&self, offset: usize) -> &str {
        let line = &self.text[self.text[..offset].rfind(['\n', '\r']).map_or(0, |at| at + 1)..];
        &line[..line.len() - line.trim_start_matches(is_space).len()]
    }
}

fn is_blank(c: char) -> bool {
    is_space(c) || newline(c.encode_utf8(&mut [0; 4])) > 0
}

/// What both begin with.
fn common(a: &str, b: &str) -> String {
    a.chars().zip(b.chars()).take_while(|(a, b)| a == b).map(|(a, _)| a).collect()
}

/// Blanks made visible: counted where that tells them from `other`, else each with a sign of its own.
fn shown(blanks: &str, other: &str) -> String {
    let both = || blanks.chars().chain(other.chars());
    if both().all(|c| c == ' ') || both().all(|c| c == '\t') {
        let kind = if both().all(|c| c == ' ') { "space" } else { "tab" };
        return match blanks.len() {
            0 => format!("no {kind}"),
            1 => format!("1 {kind}"),
            count => format!("{count} {kind}s"),
        };
    }
    if blanks.is_empty() {
        return "no blank".to_owned();
    }
    let signs = blanks.chars().take(16).map(|c| match c {
        ' ' => "·".to_owned(),
        '\t' => "→".to_owned(),
        other => format!("U+{:04X}", u32::from(other)),
    });
    let more = if blanks.chars().nth(16).is_some() { "…" } else { "" };
    format!("`{}{more}`", signs.collect::<String>())
}
