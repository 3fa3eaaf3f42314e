use std::ops::Range;

use crate::source::{Files, Span};

/// What is to be taken away with one of the names of `needs` or `after`: the name and the blanks before it, or the whole node
/// where nothing but its gate stands besides. `None` where the text around it is not of that form.
pub fn name_removal(files: &Files, name: Span) -> Option<Span> {
    let file = files.get(name.file);
    let text = file.text();
    let Range { start, end } = file.range(name);
    let before = text[..start].trim_end_matches([' ', '\t']);
    let word = before.len() - before.trim_end_matches(|c: char| c.is_alphanumeric() || c == '-').len();
    let keyword = &before[before.len() - word..];
    let rest = &text[end..];
    let after = rest.trim_start_matches([' ', '\t']);
    // A gate is nothing without the name.
    let gate = after.strip_prefix("gate=").map(|gate| gate.trim_start_matches(|c: char| c.is_alphanumeric()));
    let after = gate.map_or(after, |rest| rest.trim_start_matches([' ', '\t']));
    let is_last = after.is_empty() || after.starts_with(['\n', '\r', ';', '}']);
    if !matches!(keyword, "needs" | "after") || !is_last {
        return (start > before.len()).then(|| file.span(before.len(), end));
    }
    let from = before.len() - keyword.len();
    let to = text.len() - after.len();
    let line = text[..from].rfind('\n').map_or(0, |newline| newline + 1);
    let alone = text[line..from].trim().is_empty();
    Some(match after.chars().next() {
        // The whole line.
        Some('\n') if alone => file.span(line, to + 1),
        Some(';') => {
            let blanks = after[1..].len() - after[1..].trim_start_matches([' ', '\t']).len();
            file.span(from, to + 1 + blanks)
        }
        _ => file.span(from, to),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `text` without the last name `self` in it.
    fn without(text: &str) -> String {
        let files = Files::single("pipeline.kdl", text);
        let at = text.rfind("self").expect("it is there");
        let span = name_removal(&files, Span::new(files.root().id(), at, at + 4)).expect("it can be taken away");
        format!("{}{}", &text[..span.start as usize], &text[span.end as usize..])
    }

    #[test]
    fn a_name_goes_with_its_blanks_and_a_node_with_its_last_name() {
        assert_eq!(without("needs db self other\n"), "needs db other\n");
        assert_eq!(without("needs self other\n"), "needs other\n");
        assert_eq!(without("a {\n    needs self\n    b\n}\n"), "a {\n    b\n}\n");
        assert_eq!(without("a { b; needs self gate=started; c; }\n"), "a { b; c; }\n");
        assert_eq!(without("a { b; after self }\n"), "a { b; }\n");
    }
}
