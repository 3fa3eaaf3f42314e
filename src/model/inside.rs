use std::ops::Range;

use crate::source::{SourceFile, Span};

/// Where the bytes `at` of a string's value stand in the file, given the span of the whole string (quotes included).
///
/// Bare, quoted, raw and multi-line strings are followed exactly. Where an escape in the same line makes offsets differ,
/// it is the whole string.
pub(super) fn inside(file: &SourceFile, string: Span, value: &str, at: Range<usize>) -> Span {
    let written = file.slice(string);
    let start = string.start as usize;
    match offset(written, value, at.start) {
        Some(first) if at.end <= value.len() && written[first..].starts_with(&value[at.clone()]) => {
            file.span(start + first, start + first + at.len())
        }
        _ => string,
    }
}

/// The offset in `written` of byte `at` of `value`; `None` where the two cannot be laid side by side.
fn offset(written: &str, value: &str, at: usize) -> Option<usize> {
    if written == value {
        return Some(at);
    }
    let hashes = written.len() - written.trim_start_matches('#').len();
    let quoted = written[hashes..].strip_suffix(&written[..hashes])?;
    if let Some(body) = quoted.strip_prefix("\"\"\"").and_then(|rest| rest.strip_suffix("\"\"\"")) {
        return multiline(body, value, at).map(|found| hashes + 3 + found);
    }
    let body = quoted.strip_prefix('"')?.strip_suffix('"')?;
    (body == value).then_some(hashes + 1 + at)
}

/// As [`offset`], for the part between triple quotes: the first line is empty, and each line loses the blanks of the last one.
fn multiline(body: &str, value: &str, at: usize) -> Option<usize> {
    let (content, prefix) = body.rsplit_once('\n')?;
    let line = value[..at].matches('\n').count();
    let column = at - value[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let mut begin = 0;
    for (index, text) in content.split('\n').enumerate() {
        if index == line + 1 {
            let text = text.strip_prefix(prefix).unwrap_or(text);
            let wanted = value.split('\n').nth(line)?;
            let indent = content.split('\n').nth(index)?.len() - text.len();
            return (text.trim_end_matches('\r') == wanted).then_some(begin + indent + column);
        }
        begin += text.len() + 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::FileId;

    /// The text found under the value's `needle`.
    fn found(written: &str, value: &str, needle: &str) -> String {
        let file = SourceFile::new(FileId(0), "x", format!("ab {written} c"));
        let at = value.find(needle).unwrap();
        let span = inside(&file, file.span(3, 3 + written.len()), value, at..at + needle.len());
        file.slice(span).to_owned()
    }

    #[test]
    fn every_form_of_string_is_followed() {
        assert_eq!(found("abc", "abc", "b"), "b");
        assert_eq!(found(r#""a{{b}}""#, "a{{b}}", "{{b}}"), "{{b}}");
        assert_eq!(found(r##"#"a"b"#"##, "a\"b", "b"), "b");
        assert_eq!(
            found("\"\"\"\n    one {{x}}\n      two {{y}}\n    \"\"\"", "one {{x}}\n  two {{y}}", "{{y}}"),
            "{{y}}"
        );
    }

    #[test]
    fn an_escape_gives_the_whole_string() {
        assert_eq!(found(r#""\ta{{b}}""#, "\ta{{b}}", "{{b}}"), r#""\ta{{b}}""#);
    }
}
