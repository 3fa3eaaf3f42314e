use std::collections::BTreeMap;

use super::{Diagnostic, Diagnostics, Edit, Fix};
use crate::source::{FileId, Files, Span};

/// The texts that files have once safe fixes are applied.
#[derive(Debug, Default)]
pub struct Mending<'a> {
    /// The new text of each file that changes.
    pub texts: BTreeMap<FileId, String>,
    /// What was applied, in the order of the diagnostics.
    pub applied: Vec<(&'a Diagnostic, &'a Fix)>,
}

/// Applies the first safe fix of each diagnostic, as far as they do not meet: of two that change the same text, the one that comes
/// first in the list is applied, whole or not at all. What is left is for another round, on the new text.
pub fn mend<'a>(diagnostics: &'a Diagnostics, files: &Files) -> Mending<'a> {
    let mut taken: BTreeMap<(FileId, u32), Span> = BTreeMap::new();
    let mut edits: BTreeMap<FileId, Vec<&Edit>> = BTreeMap::new();
    let mut applied = Vec::new();
    for diagnostic in diagnostics.iter() {
        let Some(fix) = diagnostic.fixes.iter().find(|fix| fix.safe) else { continue };
        if fix.edits.iter().any(|edit| meets(edit.span, &taken)) {
            continue;
        }
        for edit in &fix.edits {
            taken.insert((edit.span.file, edit.span.start), edit.span);
            edits.entry(edit.span.file).or_default().push(edit);
        }
        applied.push((diagnostic, fix));
    }
    let texts = edits.into_iter().map(|(file, edits)| (file, edited(files.get(file).text(), edits)));
    Mending { texts: texts.collect(), applied }
}

/// Whether the span shares a byte, or its beginning or end, with one that is taken. Those do not overlap, so that the nearest ones decide.
fn meets(span: Span, taken: &BTreeMap<(FileId, u32), Span>) -> bool {
    let before = taken.range(..=(span.file, span.start)).next_back();
    let after = taken.range((span.file, span.start)..).next();
    before
        .into_iter()
        .chain(after)
        .any(|(_, other)| other.file == span.file && other.start <= span.end && span.start <= other.end)
}

/// `text` after edits that do not overlap.
pub fn edited(text: &str, mut edits: Vec<&Edit>) -> String {
    edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for edit in edits {
        out.push_str(&text[at..edit.span.start as usize]);
        out.push_str(&edit.text);
        at = edit.span.end as usize;
    }
    out.push_str(&text[at..]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::codes::text::UNQUOTED_VALUE;

    fn finding(files: &Files, at: std::ops::Range<usize>, text: &str) -> Diagnostic {
        Diagnostic::new(UNQUOTED_VALUE, "x").fix("write it", files.root().span(at.start, at.end), text)
    }

    #[test]
    fn fixes_that_do_not_meet_are_applied_together() {
        let files = Files::single("p.kdl", "a 10s 20s\n");
        let found: Diagnostics =
            [finding(&files, 6..9, "\"20s\""), finding(&files, 2..5, "\"10s\"")].into_iter().collect();
        let mending = mend(&found, &files);
        assert_eq!(mending.texts[&FileId(0)], "a \"10s\" \"20s\"\n");
        assert_eq!(mending.applied.len(), 2);
    }

    #[test]
    fn of_fixes_that_meet_the_first_is_applied_whole() {
        let files = Files::single("p.kdl", "a bcd e\n");
        let mut wide = finding(&files, 2..5, "x");
        wide.fixes[0].edits.push(Edit { span: files.root().span(6, 7), text: "y".to_owned() });
        let found: Diagnostics = [finding(&files, 3..4, "C"), wide].into_iter().collect();
        assert_eq!(mend(&found, &files).texts[&FileId(0)], "a bCd e\n");
        let found: Diagnostics = found.into_iter().rev().collect();
        assert_eq!(mend(&found, &files).texts[&FileId(0)], "a x y\n");
    }

    #[test]
    fn what_a_person_should_look_at_first_is_left() {
        let files = Files::single("p.kdl", "a b\n");
        let found: Diagnostics =
            [Diagnostic::new(UNQUOTED_VALUE, "x").suggestion("write it", files.root().span(0, 1), "z")]
                .into_iter()
                .collect();
        let mending = mend(&found, &files);
        assert!(mending.texts.is_empty() && mending.applied.is_empty());
    }
}
