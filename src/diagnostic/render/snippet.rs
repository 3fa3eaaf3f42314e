use std::borrow::Cow;
use std::fmt;

use miette::{
    GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan,
    SpanContents, ThemeCharacters, ThemeStyles,
};

use super::Style;
use super::printable::{clipped, printable};
use crate::diagnostic::Label;
use crate::source::{SourceFile, Span};

/// A line longer than this is not drawn: the place alone is named, with a piece of the text.
const LONGEST: usize = 400;

/// Draws the places of one file under its text. The first label is the primary one.
pub(super) fn snippet(file: &SourceFile, labels: &[&Label], style: &Style) -> String {
    let labels: Vec<(Span, &str)> = labels.iter().map(|label| (head(file, label.span), label.text.as_str())).collect();
    if labels.iter().any(|(span, _)| file.line_range(file.line_of(span.start as usize)).len() > LONGEST) {
        return places(file, &labels);
    }
    let excerpt = Excerpt { file, text: drawable(file.text()), labels };
    let characters = if style.unicode { ThemeCharacters::unicode() } else { ThemeCharacters::ascii() };
    let styles = if style.color { ThemeStyles::ansi() } else { ThemeStyles::none() };
    let mut out = String::new();
    GraphicalReportHandler::new_themed(GraphicalTheme { characters, styles })
        .with_links(false)
        .with_width(style.width)
        .with_context_lines(1)
        .render_report(&mut out, &excerpt)
        .expect("writing to a string cannot fail");
    // The crate's own headline is left away: ours says more.
    let corner = if style.unicode { "╭─" } else { ",-" };
    let start = out.find(corner).and_then(|at| out[..at].rfind('\n')).map_or(0, |newline| newline + 1);
    out[start..].trim_end().to_owned()
}

/// `text` with a sign of the same length in bytes for each character that a terminal would obey and not show.
fn drawable(text: &str) -> Cow<'_, str> {
    let obeyed = |c: char| {
        (c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
            || matches!(c, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
    };
    if !text.contains(obeyed) {
        return Cow::Borrowed(text);
    }
    let sign = |c: char| match c.len_utf8() {
        _ if !obeyed(c) => c,
        1 => '?',
        2 => '¿',
        _ => '\u{FFFD}',
    };
    Cow::Owned(text.chars().map(sign).collect())
}

/// A label that spans lines is drawn on its first line alone.
fn head(file: &SourceFile, span: Span) -> Span {
    let end = file.line_range(file.line_of(span.start as usize)).end;
    let end = u32::try_from(end).unwrap_or(u32::MAX).max(span.start);
    Span { end: span.end.min(end), ..span }
}

fn places(file: &SourceFile, labels: &[(Span, &str)]) -> String {
    let lines = labels.iter().map(|(span, text)| {
        let position = file.position(span.start as usize);
        let piece = clipped(&printable(file.slice(*span).as_bytes(), false), 60);
        format!("  at {}:{}:{}: {piece}  {text}", file.path().display(), position.line, position.column)
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// What the crate draws: places in a text, with an index of lines so that a label far down costs nothing.
struct Excerpt<'a> {
    file: &'a SourceFile,
    /// The file's text, byte for byte as long, without what could move the cursor or turn the direction of the text.
    text: Cow<'a, str>,
    labels: Vec<(Span, &'a str)>,
}

impl fmt::Debug for Excerpt<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Excerpt")
    }
}

impl fmt::Display for Excerpt<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("-")
    }
}

impl std::error::Error for Excerpt<'_> {}

impl miette::Diagnostic for Excerpt<'_> {
    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(self)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().enumerate().map(|(index, (span, text))| {
            let text = (!text.is_empty()).then(|| printable(text.as_bytes(), false));
            let place = (span.start as usize, span.len());
            if index == 0 {
                LabeledSpan::new_primary_with_span(text, place)
            } else {
                LabeledSpan::new_with_span(text, place)
            }
        })))
    }
}

impl SourceCode for Excerpt<'_> {
    fn read_span<'b>(
        &'b self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'b> + 'b>, MietteError> {
        let text = &self.text;
        let (start, end) = (span.offset(), span.offset() + span.len());
        if end > text.len() {
            return Err(MietteError::OutOfBounds);
        }
        let last = end.saturating_sub(usize::from(!span.is_empty()));
        let (own_first, own_last) = (self.file.line_of(start), self.file.line_of(last));
        let is_drawn = |line: &usize| self.file.line_range(*line).len() <= LONGEST;
        // A neighbour that is too long ends the context there.
        let first_line =
            (own_first.saturating_sub(before)..own_first).rev().take_while(is_drawn).last().unwrap_or(own_first);
        let until = (own_last + after).min(self.file.line_count() - 1);
        let last_line = (own_last + 1..=until).take_while(is_drawn).last().unwrap_or(own_last);
        let from = self.file.line_start(first_line);
        let to = self.file.line_range(last_line).end;
        let column = if before == 0 { start - from } else { 0 };
        Ok(Box::new(MietteSpanContents::new_named(
            self.file.path().display().to_string(),
            &text.as_bytes()[from..to.max(from)],
            (from, to.max(from) - from).into(),
            first_line,
            column,
            last_line - first_line + 1,
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Files;

    fn drawn(text: &str, at: &str) -> String {
        let files = Files::single("p.kdl", text);
        let start = text.find(at).expect("it is there");
        let label = Label { span: files.root().span(start, start + at.len()), text: "here".into() };
        snippet(files.root(), &[&label], &Style::default())
    }

    #[test]
    fn the_text_itself_cannot_command_the_terminal() {
        let out = drawn("a \u{1b}[2J \u{9b}x \u{202E}b true\n", "true");
        assert!(out.contains("a ?[2J ¿x \u{FFFD}b true"), "{out}");
    }

    #[test]
    fn a_neighbour_without_end_is_left_out() {
        let long = "x".repeat(5000);
        let out = drawn(&format!("b 1\n// {long}\na true\n// {long}\n"), "true");
        assert!(out.contains("3 │ a true") && out.len() < 300, "{out}");
    }
}
