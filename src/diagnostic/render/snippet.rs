use std::fmt;

use miette::{
    GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan,
    SpanContents, ThemeCharacters, ThemeStyles,
};

use super::Style;
use super::excerpt::Excerpt;
use super::printable::printable;
use crate::diagnostic::Label;
use crate::source::{SourceFile, Span};

/// Draws the places of one file under its text. The first label is the primary one. A file of which nothing could be read has a path
/// and no text: it is named.
pub(super) fn snippet(file: &SourceFile, labels: &[&Label], style: &Style) -> String {
    if file.text().is_empty() {
        let text = labels.first().map_or("", |label| &label.text);
        let arrow = if style.unicode { "─▸" } else { "-->" };
        let text = if text.is_empty() { String::new() } else { format!(": {}", printable(text.as_bytes(), false)) };
        return format!("  {arrow} {}{text}", file.path().display());
    }
    let spans: Vec<Span> = labels.iter().map(|label| head(file, label.span)).collect();
    let gutter = (file.line_count().ilog10() as usize + 1) + " │  ".chars().count() + 2;
    let mark = if style.unicode { "…" } else { "..." };
    let excerpt = Excerpt::new(file, &spans, style.width.saturating_sub(gutter), mark);
    let texts = labels.iter().map(|label| label.text.as_str()).collect();
    let drawing = Drawing { file, excerpt, first: spans[0], texts };
    let characters = if style.unicode { ThemeCharacters::unicode() } else { ThemeCharacters::ascii() };
    let styles = if style.color { ThemeStyles::ansi() } else { ThemeStyles::none() };
    let mut out = String::new();
    GraphicalReportHandler::new_themed(GraphicalTheme { characters, styles })
        .with_links(false)
        .with_width(style.width)
        .with_context_lines(1)
        .render_report(&mut out, &drawing)
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

/// What the crate draws: places in an excerpt.
struct Drawing<'a> {
    file: &'a SourceFile,
    excerpt: Excerpt,
    /// The primary place, in the file.
    first: Span,
    /// What is to be seen at each place.
    texts: Vec<&'a str>,
}

impl fmt::Debug for Drawing<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Drawing")
    }
}

impl fmt::Display for Drawing<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("-")
    }
}

impl std::error::Error for Drawing<'_> {}

impl miette::Diagnostic for Drawing<'_> {
    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(self)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.texts.iter().enumerate().map(|(at, text)| {
            let text = (!text.is_empty()).then(|| printable(text.as_bytes(), false));
            let place = self.excerpt.label(at);
            let place = (place.start, place.len());
            if at == 0 {
                LabeledSpan::new_primary_with_span(text, place)
            } else {
                LabeledSpan::new_with_span(text, place)
            }
        })))
    }
}

impl SourceCode for Drawing<'_> {
    fn read_span<'b>(
        &'b self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'b> + 'b>, MietteError> {
        let range = span.offset()..span.offset() + span.len();
        let (first, count, text) = self.excerpt.lines(range.clone(), before.max(after));
        // Without context the crate asks for the place to name, which is the one in the file; the drawing counts from the line's start.
        let is_primary = range.start == self.excerpt.label(0).start;
        let column = if before == 0 && is_primary {
            self.file.position(self.first.start as usize).column - 1
        } else if before == 0 {
            range.start - text.start
        } else {
            0
        };
        Ok(Box::new(MietteSpanContents::new_named(
            self.file.path().display().to_string(),
            self.excerpt.text(text.clone()).as_bytes(),
            (text.start, text.len()).into(),
            first,
            column,
            count,
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
    fn lines_wider_than_the_screen_are_clipped_around_the_label() {
        let long = "x".repeat(5000);
        let out = drawn(&format!("b 1\n// {long}\na {long} true {long}\n// {long}\n"), "true");
        assert!(out.contains("p.kdl:3:5004") && out.contains("x true x"), "{out}");
        assert!(out.lines().all(|line| line.chars().count() <= 100), "{out}");
        assert_eq!(out.matches('…').count(), 4, "{out}");
    }

    #[test]
    fn places_far_apart_have_a_piece_each() {
        let text = format!("first 1\n{}last 2\n", "// \n".repeat(50));
        let files = Files::single("p.kdl", &text);
        let label = |at: &str| {
            let start = text.find(at).expect("it is there");
            Label { span: files.root().span(start, start + at.len()), text: at.to_uppercase() }
        };
        let out = snippet(files.root(), &[&label("last"), &label("first")], &Style::default());
        assert!(out.contains("52 │ last 2") && out.contains("1 │ first 1") && out.contains("LAST"), "{out}");
        assert!(out.starts_with("    ╭─[p.kdl:52:1]") || out.contains("[p.kdl:52:1]"), "{out}");
        assert!(!out.contains(" 30 │"), "{out}");
    }
}
