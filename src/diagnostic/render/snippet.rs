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
    let excerpt = Excerpt { file, labels };
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
        let text = self.file.text();
        let (start, end) = (span.offset(), span.offset() + span.len());
        if end > text.len() {
            return Err(MietteError::OutOfBounds);
        }
        let last = end.saturating_sub(usize::from(!span.is_empty()));
        let first_line = self.file.line_of(start).saturating_sub(before);
        let last_line = (self.file.line_of(last) + after).min(self.file.line_count() - 1);
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
