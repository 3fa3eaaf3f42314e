use std::ops::Range;

/// A part of a string as it is written: literal text, or the name between `{{` and `}}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum RawPiece {
    /// Taken as it is; `{{{{` has become `{{`.
    Literal(String),
    /// `{{name}}`, its bytes in the string's value, braces included.
    Hole { name: String, at: Range<usize> },
}

/// What is wrong with a `{{`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct InterpolationError {
    /// What.
    pub kind: InterpolationErrorKind,
    /// The bytes in the string's value.
    pub at: Range<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum InterpolationErrorKind {
    /// No `}}` follows.
    Unclosed,
    /// `{{name}`: one `}` follows.
    HalfClosed,
    /// Nothing between the braces.
    Empty,
    /// Something that is no name, as in `{{.Name}}` or `{{a b}}`.
    NotAName,
}

/// Splits `value` at its holes. Always gives the pieces that are there; a hole that is wrong is left out and told of.
///
/// Linear in the length of `value`: nothing is expanded here, and what fills a hole is never looked at again.
pub(super) fn split(value: &str) -> (Vec<RawPiece>, Vec<InterpolationError>) {
    let mut pieces = Vec::new();
    let mut errors = Vec::new();
    let mut literal = String::new();
    let mut at = 0;
    while let Some(found) = value[at..].find("{{") {
        let open = at + found;
        literal.push_str(&value[at..open]);
        if value[open..].starts_with("{{{{") {
            literal.push_str("{{");
            at = open + 4;
            continue;
        }
        let Some(length) = closing(&value[open + 2..]) else {
            let half = half_closed(&value[open + 2..]).map_or(0, |length| length + 1);
            let kind = if half > 0 { InterpolationErrorKind::HalfClosed } else { InterpolationErrorKind::Unclosed };
            errors.push(InterpolationError { kind, at: open..open + 2 + half });
            at = open + 2 + half;
            continue;
        };
        let close = open + 2 + length;
        let name = value[open + 2..close].trim();
        let end = close + 2;
        if name.is_empty() {
            errors.push(InterpolationError { kind: InterpolationErrorKind::Empty, at: open..end });
        } else if !is_dotted_name(name) {
            errors.push(InterpolationError { kind: InterpolationErrorKind::NotAName, at: open..end });
        } else {
            if !literal.is_empty() {
                pieces.push(RawPiece::Literal(std::mem::take(&mut literal)));
            }
            pieces.push(RawPiece::Hole { name: name.to_owned(), at: open..end });
        }
        at = end;
    }
    literal.push_str(&value[at..]);
    if !literal.is_empty() {
        pieces.push(RawPiece::Literal(literal));
    }
    (pieces, errors)
}

/// Where the hole that begins `rest` ends: at the next `}}` of the same line, before any other `{{`.
fn closing(rest: &str) -> Option<usize> {
    // The first of the three ends the search, so that no text is searched twice.
    let end = rest.as_bytes().windows(2).position(|pair| matches!(pair, b"}}" | b"{{" | [b'\n', _]))?;
    rest[end..].starts_with("}}").then_some(end)
}

/// The length of the name that begins `rest`, where a single `}` follows it.
fn half_closed(rest: &str) -> Option<usize> {
    let length = rest.find(|c: char| !c.is_alphanumeric() && !matches!(c, '-' | '_' | '.'))?;
    (length > 0 && rest[length..].starts_with('}')).then_some(length)
}

fn is_dotted_name(name: &str) -> bool {
    name.split('.').all(|part| !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn literal(text: &str) -> RawPiece {
        RawPiece::Literal(text.into())
    }

    fn hole(name: &str, at: Range<usize>) -> RawPiece {
        RawPiece::Hole { name: name.into(), at }
    }

    #[test]
    fn holes_and_literals_alternate() {
        let (pieces, errors) = split("a:{{ app-version }}-{{app.port.8000}}");
        assert_eq!(pieces, [literal("a:"), hole("app-version", 2..19), literal("-"), hole("app.port.8000", 20..37)]);
        assert_eq!(errors, []);
    }

    #[test]
    fn four_braces_are_two() {
        assert_eq!(split("{{{{.Name}} {{{{").0, [literal("{{.Name}} {{")]);
        assert_eq!(split(r#"{"a":{"b":1}}"#).0, [literal(r#"{"a":{"b":1}}"#)]);
        assert_eq!(split("${HOME} $(cmd) }}").1, []);
    }

    #[test]
    fn each_mistake_is_told_with_its_place_and_the_rest_goes_on() {
        let (pieces, errors) = split("x {{.Name}} {{}} {{ok}} {{open");
        assert_eq!(pieces.len(), 3);
        let kinds: Vec<_> = errors.iter().map(|error| (error.kind, error.at.clone())).collect();
        assert_eq!(
            kinds,
            [
                (InterpolationErrorKind::NotAName, 2..11),
                (InterpolationErrorKind::Empty, 12..16),
                (InterpolationErrorKind::Unclosed, 24..26),
            ]
        );
        assert_eq!(
            (split("x{{a} b").1[0].kind, split("x{{a} b").1[0].at.clone()),
            (InterpolationErrorKind::HalfClosed, 1..5)
        );
        assert_eq!(split("{{a {{b}}").1[0].kind, InterpolationErrorKind::Unclosed);
        assert_eq!(split("{{a\n}}").1[0].kind, InterpolationErrorKind::Unclosed);
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_split(text in "[{} a.\\né-]{0,40}") {
            let (pieces, errors) = split(&text);
            if errors.is_empty() && !text.contains("{{") {
                let whole: Vec<_> = if text.is_empty() { vec![] } else { vec![RawPiece::Literal(text)] };
                proptest::prop_assert_eq!(pieces, whole);
            }
        }
    }
}
