use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use super::characters::is_disallowed;
use super::limits;
use crate::diagnostic::{Diagnostic, Diagnostics, Edit, Fix, codes::text};
use crate::source::{SourceFile, Span};

/// What the scanner found wrong, and the text as it was probably meant.
///
/// A mistake that can be mended is mended here and now: the KDL crate is given the mended text, so that the rest of the
/// file is checked as if the author had applied the fix already.
pub(super) struct Mistakes<'a> {
    pub(super) file: &'a SourceFile,
    found: Vec<Diagnostic>,
    untold: usize,
    habits: Vec<Habit>,
    mends: BTreeMap<usize, (usize, String)>,
}

/// A habit of another language that usually shows on many lines and is told once.
struct Habit {
    first: Diagnostic,
    title: String,
    edits: Vec<Edit>,
}

impl<'a> Mistakes<'a> {
    pub(super) fn new(file: &'a SourceFile) -> Self {
        Mistakes { file, found: Vec::new(), untold: 0, habits: Vec::new(), mends: BTreeMap::new() }
    }

    pub(super) fn span(&self, range: &Range<usize>) -> Span {
        self.file.span(range.start, range.end)
    }

    /// Takes a diagnostic in; past the limit only their number is kept.
    pub(super) fn push(&mut self, diagnostic: Diagnostic) {
        if self.found.len() < limits::MISTAKES {
            self.found.push(diagnostic);
        } else {
            self.untold += 1;
        }
    }

    /// Whether so many were found that looking at details is not worth the time.
    pub(super) fn is_full(&self) -> bool {
        self.found.len() >= limits::MISTAKES
    }

    /// Whether nothing was found, and the text is read as it stands.
    pub(super) fn is_empty(&self) -> bool {
        self.found.is_empty() && self.habits.is_empty() && self.mends.is_empty()
    }

    /// Takes in what was found in a part of the same text that comes after all that was looked at so far.
    pub(super) fn take_in(&mut self, other: Mistakes<'a>) {
        other.found.into_iter().for_each(|diagnostic| self.push(diagnostic));
        self.untold += other.untold;
        for Habit { first, title, edits } in other.habits {
            self.habit(&title, edits, || first);
        }
        self.mends.extend(other.mends);
    }

    /// Takes in one place of a habit: the first place gives the diagnostic, all of them the edits of its one fix.
    pub(super) fn habit(&mut self, title: &str, edits: Vec<Edit>, diagnostic: impl FnOnce() -> Diagnostic) {
        match self.habits.iter_mut().find(|habit| habit.title == title) {
            Some(habit) => habit.edits.extend(edits),
            None => self.habits.push(Habit { first: diagnostic(), title: title.to_owned(), edits }),
        }
    }

    /// Takes in a mistake whose one fix is to write `text` in place of `range`, and reads on as if it were written so.
    pub(super) fn push_mended(&mut self, range: Range<usize>, text: &str, title: &str, diagnostic: Diagnostic) {
        let span = self.span(&range);
        self.push(diagnostic.fix(title, span, text));
        self.mend(range, text);
    }

    /// Takes in a mistake within `range` with its one fix, and reads on as if that had been applied.
    pub(super) fn push_all_mended(&mut self, range: Range<usize>, diagnostic: Diagnostic) {
        let mut mended = String::new();
        let mut at = range.start;
        for edit in diagnostic.fixes.iter().flat_map(|fix| &fix.edits) {
            mended.push_str(&self.mended(at..edit.span.range().start));
            mended.push_str(&edit.text);
            at = edit.span.range().end;
        }
        mended.push_str(&self.mended(at..range.end));
        self.push(diagnostic);
        self.mend(range, mended);
    }

    /// From now on `range` reads as `text`; mends within it are replaced.
    pub(super) fn mend(&mut self, range: Range<usize>, text: impl Into<String>) {
        let within: Vec<usize> = self.mends.range(range.clone()).map(|(start, _)| *start).collect();
        for start in within {
            self.mends.remove(&start);
        }
        self.mends.insert(range.start, (range.end, text.into()));
    }

    /// The text of `range` as mended so far.
    pub(super) fn mended(&self, range: Range<usize>) -> Cow<'_, str> {
        let source = self.file.text();
        if self.mends.range(range.clone()).next().is_none() {
            return Cow::Borrowed(&source[range]);
        }
        let mut out = String::with_capacity(range.len());
        let mut at = range.start;
        for (&start, (end, text)) in self.mends.range(range.clone()) {
            if start < at || *end > range.end {
                continue;
            }
            out.push_str(&source[at..start]);
            out.push_str(text);
            at = *end;
        }
        out.push_str(&source[at..range.end]);
        Cow::Owned(out)
    }

    /// Where a string is closed, nothing else is: what is written there before it is would become a part of the string.
    fn leave_ends_to_strings(&mut self) {
        let strings = self.found.iter().filter(|diagnostic| diagnostic.code == text::UNCLOSED_STRING);
        let ends: std::collections::BTreeSet<Span> =
            strings.flat_map(|it| &it.fixes).flat_map(|fix| &fix.edits).map(|edit| edit.span).collect();
        for diagnostic in self.found.iter_mut().filter(|diagnostic| diagnostic.code != text::UNCLOSED_STRING) {
            diagnostic.fixes.retain(|fix| !fix.edits.iter().any(|edit| ends.contains(&edit.span)));
        }
    }

    /// All that was found, in the order of the text.
    pub(super) fn finish(mut self) -> Diagnostics {
        for habit in std::mem::take(&mut self.habits) {
            let Habit { mut first, title, edits } = habit;
            let places = edits.iter().map(|edit| self.file.line_of(edit.span.start as usize));
            let lines = places.collect::<std::collections::BTreeSet<_>>().len();
            match lines {
                0 | 1 => {}
                2 => first.notes.push("1 more line is written so".to_owned()),
                more => first.notes.push(format!("{} more lines are written so", more - 1)),
            }
            first.fixes.push(Fix { title, safe: true, edits });
            self.found.push(first);
        }
        self.leave_ends_to_strings();
        let mut all: Diagnostics = self.found.into_iter().collect();
        all.sort();
        if self.untold > 0 {
            let end = self.file.text().len();
            all.push(
                Diagnostic::new(
                    text::TEXT_LIMIT,
                    format!("more than {} mistakes, {} of them not told", limits::MISTAKES, self.untold),
                )
                .label(self.file.span(end, end), "gave up counting here")
                .help("mend the first ones and check again"),
            );
        }
        all
    }
}

/// `value` as a KDL string on one line: in quotes, or raw where that spares escapes; without characters that KDL forbids.
pub(super) fn quote(value: &str) -> String {
    if value.contains(is_disallowed) {
        return quote(&value.replace(is_disallowed, ""));
    }
    if !value.contains(['"', '\\', '\n', '\r']) {
        return format!("\"{value}\"");
    }
    let raw = !value.contains(['\n', '\r']) && !value.contains("\"#") && value != "\"" && !value.starts_with("\"\"");
    if raw {
        return format!("#\"{value}\"#");
    }
    let mut out = String::from("\"");
    for c in value.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            other => out.push(other),
        }
    }
    out.push('"');
    out
}
