use std::ops::Range;

use crate::syntax::characters::newline;

/// What stands between two tokens besides blanks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Trivia {
    /// `// …` up to the end of its line, or `/* … */`.
    Comment(Range<usize>),
    /// `\`, which takes the end of its line away.
    Continuation,
    /// The end of a line that ends no node.
    LineEnd,
}

/// What stands in `range` of `text`, which no token covers.
pub(super) fn trivia(text: &str, range: Range<usize>) -> Vec<Trivia> {
    let mut found = Vec::new();
    let mut at = range.start;
    while at < range.end {
        let rest = &text[at..range.end];
        let line_end = newline(rest);
        at += if line_end > 0 {
            found.push(Trivia::LineEnd);
            line_end
        } else if rest.starts_with('\\') {
            found.push(Trivia::Continuation);
            1
        } else if rest.starts_with("//") || rest.starts_with("/*") {
            let length = if rest.starts_with("//") { line_comment(rest) } else { block_comment(rest) };
            found.push(Trivia::Comment(at..at + length));
            length
        } else {
            rest.chars().next().map_or(1, char::len_utf8)
        };
    }
    found
}

fn line_comment(rest: &str) -> usize {
    rest.char_indices().find(|(at, _)| newline(&rest[*at..]) > 0).map_or(rest.len(), |(at, _)| at)
}

/// Block comments nest.
fn block_comment(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let (mut at, mut depth) = (0, 0_usize);
    while at < bytes.len() {
        match &bytes[at..] {
            [b'/', b'*', ..] => (at, depth) = (at + 2, depth + 1),
            [b'*', b'/', ..] => (at, depth) = (at + 2, depth - 1),
            _ => at += 1,
        }
        if depth == 0 {
            return at;
        }
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_nest_and_lines_go_on() {
        let text = " \\ // a\n\t/* b /* c */ */ \\\r\n ";
        let found = trivia(text, 0..text.len());
        let shown: Vec<&str> = found
            .iter()
            .map(|trivia| match trivia {
                Trivia::Comment(range) => &text[range.clone()],
                Trivia::Continuation => "\\",
                Trivia::LineEnd => "end",
            })
            .collect();
        assert_eq!(shown, ["\\", "// a", "end", "/* b /* c */ */", "\\", "end"]);
    }
}
