use super::limits;
use super::mistakes::Mistakes;
use super::scanner::{Scanned, scan_all};
use super::token::Kind;
use crate::source::{SourceFile, Span};

/// What of a text is no node: for those who look for words in comments.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outline {
    /// Comments that start with `//`, each up to the end of its line.
    pub comments: Vec<Span>,
    /// Strings that span lines.
    pub blocks: Vec<Span>,
}

/// The outline of a text. Total and linear, as reading is; a text beyond the limits has none.
pub fn outline(file: &SourceFile) -> Outline {
    if file.text().len() > limits::TEXT_BYTES {
        return Outline::default();
    }
    let Scanned { tokens, comments } = scan_all(&mut Mistakes::new(file));
    let span = |range: &std::ops::Range<usize>| file.span(range.start, range.end);
    let is_block = |range: &std::ops::Range<usize>| file.text()[range.clone()].contains('\n');
    Outline {
        comments: comments.iter().map(span).collect(),
        blocks: tokens
            .iter()
            .filter(|token| token.kind == Kind::Text)
            .map(|token| token.range())
            .filter(is_block)
            .map(|range| span(&range))
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Files;

    #[test]
    fn comments_are_those_outside_of_strings() {
        let text = "a \"// no\" // yes\n// too\nb \"\"\"\n  // no\n  \"\"\" /* // no */\n";
        let files = Files::single("p.kdl", text);
        let outline = outline(files.root());
        let slices = |spans: &[Span]| spans.iter().map(|span| files.slice(*span).to_owned()).collect::<Vec<_>>();
        assert_eq!(slices(&outline.comments), ["// yes", "// too"]);
        assert_eq!(slices(&outline.blocks), ["\"\"\"\n  // no\n  \"\"\""]);
    }
}
