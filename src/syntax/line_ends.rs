use super::mistakes::Mistakes;
use crate::diagnostic::{Diagnostic, Edit, Fix, codes::text};

/// Tells of lines that do not all end alike: the first of each kind.
pub(super) fn look_at_line_ends(mistakes: &mut Mistakes<'_>) {
    let source: &str = mistakes.file.text();
    if !source.contains('\r') {
        return;
    }
    let mut kinds = ["\n", "\r\n", "\r"].map(|end| LineEnds { end, first: 0, count: 0 });
    for (at, end) in line_ends(source) {
        if let Some(kind) = kinds.iter_mut().find(|kind| kind.end == end) {
            kind.first = if kind.count == 0 { at } else { kind.first };
            kind.count += 1;
        }
    }
    // The last of several that are as frequent is what counts as most; so `\n` comes last.
    let Some(most) = kinds.iter().rev().max_by_key(|kind| kind.count).filter(|most| most.count > 0) else { return };
    let mut others: Vec<&LineEnds> = kinds.iter().filter(|kind| kind.count > 0 && kind.end != most.end).collect();
    others.sort_by_key(|kind| kind.first);
    let Some(first) = others.first() else { return };
    let place = |kind: &LineEnds| mistakes.span(&(kind.first..kind.first));
    let mut diagnostic = Diagnostic::new(text::MIXED_LINE_ENDINGS, "the lines do not all end alike")
        .label(place(first), format!("the first {}", first.name()));
    for kind in others[1..].iter().copied().chain([most]) {
        diagnostic = diagnostic.label(place(kind), format!("the first {}", kind.name()));
    }
    let edits = line_ends(source).filter(|(_, end)| *end != most.end);
    let edits = edits.map(|(at, end)| Edit { span: mistakes.span(&(at..at + end.len())), text: most.end.to_owned() });
    let fix = Fix { title: format!("end each line with {}", most.name()), safe: false, edits: edits.collect() };
    let diagnostic = diagnostic.help(format!("end each line with {}, as most do", most.name())).fix_of(fix);
    mistakes.push(diagnostic);
}

/// The lines that end in the same way.
struct LineEnds {
    end: &'static str,
    first: usize,
    count: usize,
}

impl LineEnds {
    fn name(&self) -> &'static str {
        match self.end {
            "\n" => "LF",
            "\r\n" => "CRLF",
            _ => "CR",
        }
    }
}

/// Each end of a line, with its offset.
fn line_ends(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + text[at..].find(['\n', '\r'])?;
        at = start + if text[start..].starts_with("\r\n") { 2 } else { 1 };
        Some((start, &text[start..at]))
    })
}
