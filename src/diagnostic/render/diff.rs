use std::fmt::Write;

use super::Style;
use super::printable::printable;
use super::style::Role;
use crate::source::KeptLines;

/// How many unchanged lines are shown around a change.
const CONTEXT: usize = 3;

/// The way from `before` to `after` as a unified diff of `path`, in the form that `patch` takes; empty where they are the same.
pub fn diff(path: &str, before: &str, after: &str, style: &Style) -> String {
    if before == after {
        return String::new();
    }
    let (old, new): (Vec<&str>, Vec<&str>) =
        (before.split_inclusive('\n').collect(), after.split_inclusive('\n').collect());
    let kept = KeptLines::between(&old, &new);
    let mut out = String::new();
    line(&mut out, Role::Message, "--- ", path, style);
    line(&mut out, Role::Message, "+++ ", path, style);
    for hunk in hunks(&old, &new, &kept) {
        hunk.draw(&mut out, style);
    }
    out
}

/// A line of a hunk.
enum Line<'a> {
    Same(&'a str),
    Removed(&'a str),
    Added(&'a str),
}

/// Changes that stand close together, with the lines around them.
#[derive(Default)]
struct Hunk<'a> {
    old_start: usize,
    new_start: usize,
    lines: Vec<Line<'a>>,
}

impl Hunk<'_> {
    fn draw(&self, out: &mut String, style: &Style) {
        let count = |is: fn(&Line<'_>) -> bool| self.lines.iter().filter(|line| is(line)).count();
        let old = range(self.old_start, count(|line| !matches!(line, Line::Added(_))));
        let new = range(self.new_start, count(|line| !matches!(line, Line::Removed(_))));
        line(out, Role::Help, "@@ ", &format!("-{old} +{new} @@"), style);
        for shown in &self.lines {
            match shown {
                Line::Same(text) => line(out, Role::Plain, " ", text, style),
                Line::Removed(text) => line(out, Role::Removed, "-", text, style),
                Line::Added(text) => line(out, Role::Added, "+", text, style),
            }
        }
    }
}

/// `3,5`, and `3` where it is one line; an empty range names the line before it.
fn range(start: usize, count: usize) -> String {
    match count {
        0 => format!("{start},0"),
        1 => (start + 1).to_string(),
        _ => format!("{},{count}", start + 1),
    }
}

fn line(out: &mut String, role: Role, mark: &str, text: &str, style: &Style) {
    let (text, ended) = text.strip_suffix('\n').map_or((text, false), |text| (text, true));
    // For a terminal it must be harmless, for `patch` it must be exact.
    let text = if style.color { printable(text.as_bytes(), false) } else { text.to_owned() };
    let _ = writeln!(out, "{}", style.paint(role, &format!("{mark}{text}")));
    if !ended && !matches!(role, Role::Message | Role::Help) {
        out.push_str("\\ No newline at end of file\n");
    }
}

fn hunks<'a>(old: &[&'a str], new: &[&'a str], kept: &KeptLines) -> Vec<Hunk<'a>> {
    let mut hunks: Vec<Hunk<'a>> = Vec::new();
    let (mut at, mut to) = (0, 0);
    // How many unchanged lines came last, of which the last few may be the context of a change to come.
    let mut same = 0;
    while at < old.len() || to < new.len() {
        let (removed, added) = (at < old.len() && !kept.old[at], to < new.len() && !kept.new[to]);
        if !removed && !added {
            if let Some(hunk) = hunks.last_mut().filter(|_| same < CONTEXT) {
                hunk.lines.push(Line::Same(old[at]));
            }
            (same, at, to) = (same + 1, at + 1, to + 1);
            continue;
        }
        if hunks.is_empty() || same > 2 * CONTEXT {
            let before = same.min(CONTEXT);
            let lines = old[at - before..at].iter().map(|line| Line::Same(line)).collect();
            hunks.push(Hunk { old_start: at - before, new_start: to - before, lines });
        } else if same > CONTEXT {
            let missing = old[at - (same - CONTEXT)..at].iter().map(|line| Line::Same(line));
            hunks.last_mut().expect("it is not empty").lines.extend(missing);
        }
        same = 0;
        let hunk = hunks.last_mut().expect("one was pushed where there was none");
        if removed {
            hunk.lines.push(Line::Removed(old[at]));
            at += 1;
        } else {
            hunk.lines.push(Line::Added(new[to]));
            to += 1;
        }
    }
    hunks
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn plain(before: &str, after: &str) -> String {
        diff("a.kdl", before, after, &Style::default())
    }

    /// What `patch` makes of `before`.
    fn patched(before: &str, diff: &str) -> String {
        let old: Vec<&str> = before.split_inclusive('\n').collect();
        let (mut out, mut at) = (String::new(), 0);
        let mut lines = diff.lines().skip(2).peekable();
        while let Some(line) = lines.next() {
            if let Some(range) = line.strip_prefix("@@ -") {
                let range = range.split(' ').next().expect("a range");
                let (start, count) = range.split_once(',').unwrap_or((range, "1"));
                let start: usize = start.parse().expect("a number");
                let start = if count == "0" { start } else { start - 1 };
                out.extend(old[at..start].iter().copied());
                at = start;
                continue;
            }
            let bare = lines.next_if(|next| next.starts_with('\\')).is_some();
            let (mark, text) = line.split_at(1);
            let text = if bare { text.to_owned() } else { format!("{text}\n") };
            if mark != "+" {
                assert_eq!(old[at], text);
                at += 1;
            }
            if mark != "-" {
                out.push_str(&text);
            }
        }
        out.extend(old[at..].iter().copied());
        out
    }

    #[test]
    fn a_change_is_shown_with_the_lines_around_it() {
        let before = "a\nb\nc\nd\ne\nf\n";
        let after = "a\nb\nc\nd\nE\nf\n";
        let expected = "--- a.kdl\n+++ a.kdl\n@@ -2,5 +2,5 @@\n b\n c\n d\n-e\n+E\n f\n";
        assert_eq!(plain(before, after), expected);
        assert_eq!(plain(before, before), "");
    }

    #[test]
    fn changes_far_apart_are_hunks_of_their_own_and_near_ones_are_not() {
        let lines = |changed: &[usize]| -> String {
            (0..30).map(|at| if changed.contains(&at) { format!("new {at}\n") } else { format!("{at}\n") }).collect()
        };
        assert_eq!(plain(&lines(&[]), &lines(&[2, 20])).matches("@@ -").count(), 2);
        assert_eq!(plain(&lines(&[]), &lines(&[2, 9])).matches("@@ -").count(), 1);
        assert_eq!(plain(&lines(&[]), &lines(&[2, 10])).matches("@@ -").count(), 2);
    }

    #[test]
    fn a_missing_line_end_is_told() {
        let text = plain("a", "a\n");
        assert_eq!(text, "--- a.kdl\n+++ a.kdl\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n");
        assert_eq!(plain("", "a\n"), "--- a.kdl\n+++ a.kdl\n@@ -0,0 +1 @@\n+a\n");
    }

    #[test]
    fn nothing_in_common_costs_little() {
        let text = |odd: usize| (0..60_000).map(|at| if at % 2 == odd { "x\n" } else { "y\n" }).collect::<String>();
        let begun = std::time::Instant::now();
        let text = plain(&text(0), &text(1));
        assert!(text.len() > 100 && begun.elapsed().as_secs() < 5);
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn applying_it_gives_the_text_after(
            before in prop::collection::vec(prop::sample::select(vec!["a\n", "b\n", "c\n", "d\n", "{\n", "}\n"]), 0..30),
            after in prop::collection::vec(prop::sample::select(vec!["a\n", "b\n", "e\n", "d\n", "{\n", "}\n"]), 0..30),
            ended in any::<bool>(),
        ) {
            let (before, mut after) = (before.concat(), after.concat());
            if !ended {
                after.pop();
            }
            prop_assert_eq!(patched(&before, &plain(&before, &after)), after);
        }
    }
}
