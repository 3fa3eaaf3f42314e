use crate::source::{SourceFile, Span, Spanned};

/// `// pipe: allow(code, code) reason`: a comment that leaves findings out at one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Suppression {
    /// The whole comment.
    pub comment: Span,
    /// What stands in brackets, brackets left out.
    pub list: Span,
    /// The codes.
    pub codes: Vec<Spanned<String>>,
    /// Whether it says why.
    pub has_reason: bool,
}

/// A comment that begins with `pipe:`, and what it comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Comment {
    /// It leaves something out.
    Suppression(Suppression),
    /// It is one but for its form: the place, and what was probably meant, as far as that can be told.
    Malformed(Span, Option<String>),
}

/// Words that other tools, and people, have for `allow`.
const ALIASES: [&str; 8] = ["ignore", "disable", "suppress", "expect", "skip", "silence", "noqa", "nolint"];

/// Reads a comment; `None` where it is about something else.
pub(super) fn read(file: &SourceFile, comment: Span) -> Option<Comment> {
    let text = file.slice(comment);
    let body = text.strip_prefix("//")?.trim_start().strip_prefix("pipe:")?.trim_start();
    let at = text.len() - body.len();
    let span = |start: usize, end: usize| file.span(comment.start as usize + start, comment.start as usize + end);
    let word = body.split(|c: char| !c.is_ascii_alphanumeric() && c != '-').next().unwrap_or_default();
    let rest = body[word.len()..].trim_start();
    let is_alias = ALIASES.contains(&word);
    match rest.strip_prefix('(') {
        Some(inner) if word == "allow" => {
            let Some((list, reason)) = inner.split_once(')') else {
                return Some(Comment::Malformed(span(at, text.trim_end().len()), None));
            };
            let start = text.len() - inner.len();
            let codes: Vec<Spanned<String>> = listed(list)
                .map(|(from, code)| Spanned::new(code.to_owned(), span(start + from, start + from + code.len())))
                .collect();
            if codes.is_empty() {
                return Some(Comment::Malformed(span(at, start + list.len() + 1), None));
            }
            let list = span(start, start + list.len());
            let has_reason = reason.chars().any(char::is_alphanumeric);
            Some(Comment::Suppression(Suppression { comment, list, codes, has_reason }))
        }
        Some(inner) if is_alias => {
            let meant = inner.split_once(')').map(|(list, _)| format!("allow({list})"));
            let end = inner.split_once(')').map_or(text.trim_end().len(), |(_, rest)| text.len() - rest.len());
            Some(Comment::Malformed(span(at, end), meant))
        }
        // `allow unused-volume`: only where what follows can be a code, since people write sentences too.
        None if word == "allow" || is_alias => {
            let code = rest.split(|c: char| c.is_whitespace() || c == ',').next().unwrap_or_default();
            crate::diagnostic::codes::find(code)?;
            let end = text.len() - rest.len() + code.len();
            Some(Comment::Malformed(span(at, end), Some(format!("allow({code})"))))
        }
        _ => None,
    }
}

/// The words between commas and blanks, each with its offset.
fn listed(list: &str) -> impl Iterator<Item = (usize, &str)> {
    let separates = |c: char| c == ',' || c.is_whitespace();
    list.split(separates)
        .filter(|word| !word.is_empty())
        .map(|word| (word.as_ptr().addr() - list.as_ptr().addr(), word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Files;

    fn of(text: &str) -> Option<Comment> {
        let files = Files::single("p.kdl", text);
        read(files.root(), files.root().span(0, text.len()))
    }

    #[test]
    fn codes_and_reason_are_read() {
        let text = "// pipe: allow(unused-volume, static-host-port) filled by hand";
        let Some(Comment::Suppression(found)) = of(text) else { panic!("it is one") };
        let codes: Vec<&str> = found.codes.iter().map(|code| code.value.as_str()).collect();
        assert_eq!(codes, ["unused-volume", "static-host-port"]);
        assert_eq!(&text[found.codes[1].span.range()], "static-host-port");
        assert!(found.has_reason);
        assert!(
            matches!(of("//pipe:allow( a )"), Some(Comment::Suppression(it)) if !it.has_reason && it.codes.len() == 1)
        );
    }

    #[test]
    fn what_nearly_is_one_is_told_and_sentences_are_not() {
        let meant = |text: &str| match of(text) {
            Some(Comment::Malformed(span, meant)) => Some((text[span.range()].to_owned(), meant)),
            _ => None,
        };
        let told = |written: &str, to: &str| Some((written.to_owned(), Some(to.to_owned())));
        assert_eq!(meant("// pipe: ignore(a, b) why"), told("ignore(a, b)", "allow(a, b)"));
        assert_eq!(meant("// pipe: allow unused-volume why"), told("allow unused-volume", "allow(unused-volume)"));
        assert_eq!(meant("// pipe: allow(a"), Some(("allow(a".to_owned(), None)));
        for text in [
            "// pipe: see the manual (page 3)",
            "// pipe: allow some time",
            "// pipeline",
            "// allow(a)",
            "# pipe: allow(a)",
        ] {
            assert_eq!(of(text), None, "{text}");
        }
    }
}
