//! A file in YAML: compose's and many a CI's language, told as a whole instead of line by line.

use crate::diagnostic::{Diagnostic, codes::text};
use crate::source::SourceFile;

/// What to say of a text that is YAML from its first line on; `None` for KDL, with YAML's habits or without.
pub(super) fn told_as_yaml(file: &SourceFile) -> Option<Diagnostic> {
    let source: &str = file.text();
    let lines = || source.lines().map(str::trim_end).filter(|line| !is_blank(line));
    let first = lines().next()?;
    key(first)?;
    let keys = lines().filter(|line| key(line.trim_start().trim_start_matches("- ")).is_some()).count();
    if keys < 2 || lines().any(|line| line.ends_with('{')) {
        return None;
    }
    let start = source.find(first).unwrap_or(0);
    Some(
        Diagnostic::new(text::YAML_TEXT, "this is YAML, and a pipeline is written in KDL")
            .label(file.span(start, start + first.len()), "a key of YAML")
            .note("names and values stand without colons and dashes, and braces hold what belongs together")
            .help("write `service web { image \"nginx:1.25\"; port 80; needs db }`; `pipe explain service` shows the rest"),
    )
}

fn is_blank(line: &str) -> bool {
    let line = line.trim_start_matches('\u{FEFF}').trim_start();
    line.is_empty() || line.starts_with('#') || line == "---"
}

/// The key of a line `key:` or `key: value`.
fn key(line: &str) -> Option<&str> {
    let (name, rest) = line.trim_start_matches('\u{FEFF}').split_once(':')?;
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'));
    (is_name && (rest.is_empty() || rest.starts_with(' '))).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::told_as_yaml;
    use crate::source::Files;

    #[test]
    fn yaml_is_told_once_and_habits_of_it_are_not() {
        let is_yaml = |text: &str| told_as_yaml(Files::single("pipeline.kdl", text).root()).is_some();
        assert!(is_yaml("version: '3'\nservices:\n  web:\n    image: nginx\n"));
        assert!(is_yaml("# compose\n---\nservices:\n  web:\n    ports:\n      - 80:80\n"));
        assert!(!is_yaml("service web {\n    image: \"nginx:1\"\n    port: 80\n}\n"));
        assert!(!is_yaml("version: 3\nservice web {\n    image: \"nginx:1\"\n}\n"));
        assert!(!is_yaml("pipeline: x\n"));
        assert!(!is_yaml("stage a\nimage: b\nx: y\n"));
        assert!(!is_yaml(""));
    }
}
