use crate::syntax::characters::{is_space, newline};

/// A string as it was spelled; one of several lines is moved to `indent`, where that leaves its value as it is.
pub(super) fn reindented(written: &str, indent: usize) -> String {
    let written = written.replace("\r\n", "\n").replace('\r', "\n");
    moved(&written, indent).unwrap_or(written)
}

/// `None` where it is no string of several lines, or where its blanks may be part of its value.
fn moved(written: &str, indent: usize) -> Option<String> {
    let hashes = written.len() - written.trim_start_matches('#').len();
    let inner = written[hashes..].strip_prefix("\"\"\"\n")?;
    let inner = inner.strip_suffix(&written[..hashes])?.strip_suffix("\"\"\"")?;
    let (body, prefix) = inner.rsplit_once('\n').unwrap_or(("", inner));
    if !prefix.chars().all(is_space) || has_foreign_line_end(inner) || (hashes == 0 && has_blank_escape(inner)) {
        return None;
    }
    let indent = " ".repeat(indent);
    let mut out = format!("{}\"\"\"\n", &written[..hashes]);
    if inner.contains('\n') {
        for line in body.split('\n') {
            if !line.chars().all(is_space) {
                out.push_str(&indent);
                out.push_str(line.strip_prefix(prefix)?);
            }
            out.push('\n');
        }
    }
    out.push_str(&indent);
    out.push_str("\"\"\"");
    out.push_str(&written[..hashes]);
    Some(out)
}

fn has_foreign_line_end(text: &str) -> bool {
    text.char_indices().any(|(at, c)| c != '\n' && newline(&text[at..]) > 0)
}

/// Whether a backslash takes blanks away.
fn has_blank_escape(text: &str) -> bool {
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c == '\\' && chars.next().is_some_and(|next| is_space(next) || next == '\n') {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_move_with_their_closing_quotes() {
        assert_eq!(reindented("\"\"\"\n  a\n\n    b\n  \"\"\"", 4), "\"\"\"\n    a\n\n      b\n    \"\"\"");
        assert_eq!(reindented("#\"\"\"\na\\\n\"\"\"#", 4), "#\"\"\"\n    a\\\n    \"\"\"#");
        assert_eq!(reindented("\"\"\"\n\"\"\"", 4), "\"\"\"\n    \"\"\"");
        assert_eq!(reindented("\"\"\"\r\n\ta\r\n\t\"\"\"", 4), "\"\"\"\n    a\n    \"\"\"");
    }

    #[test]
    fn what_could_change_its_value_stays() {
        for text in
            ["\"a\"", "#\"a\"#", "\"\"\"\n  a \\\n  b\n  \"\"\"", "\"\"\"\n a\u{2028} b\n \"\"\"", "\"a\\\n  b\""]
        {
            assert_eq!(reindented(text, 4), text);
        }
    }
}
