use super::Style;
use super::count::word;
use super::fold::folded;
use super::printable::{printable, wrapped};
use super::snippet::snippet;
use super::style::Role;
use crate::diagnostic::{Diagnostic, Diagnostics, Label};
use crate::source::{FileId, Files};

/// Draws diagnostics under the text that they are about, in their order; at most [`Style::limit`] of them.
pub fn full(diagnostics: &Diagnostics, files: &Files, style: &Style) -> String {
    let mut out = String::new();
    let shown = diagnostics.iter().take(style.limit).map(|diagnostic| one(diagnostic, files, style));
    for part in shown.chain(style.rest(diagnostics.len())) {
        if !out.is_empty() {
            out.push_str("\n\n");
        }
        out.push_str(&part);
    }
    out
}

fn one(diagnostic: &Diagnostic, files: &Files, style: &Style) -> String {
    let head = format!("{}[{}]", word(diagnostic.severity), diagnostic.code);
    let head = style.paint(Role::Severity(diagnostic.severity), &head);
    let message = style.paint(Role::Message, &clean(&diagnostic.message));
    let mut parts = vec![format!("{head}: {message}")];
    for (file, labels) in by_file(&diagnostic.labels) {
        parts.push(snippet(files.get(file), &labels, style));
    }
    for note in &diagnostic.notes {
        let lines = note.lines().flat_map(|line| folded(&printable(line.as_bytes(), false), style.width));
        parts.extend(lines.map(|line| format!("  {}", style.paint(Role::Note, &line)).trim_end().to_owned()));
    }
    if let Some(help) = &diagnostic.help {
        let text = wrapped(&clean(help), style.width.saturating_sub(8).max(32));
        parts.push(format!("  {} {}", style.paint(Role::Help, "help:"), text.join("\n        ")));
    }
    parts.join("\n")
}

/// Labels by file, the primary label's file first.
fn by_file(labels: &[Label]) -> Vec<(FileId, Vec<&Label>)> {
    let mut groups: Vec<(FileId, Vec<&Label>)> = Vec::new();
    for label in labels {
        match groups.iter_mut().find(|(file, _)| *file == label.span.file) {
            Some((_, group)) => group.push(label),
            None => groups.push((label.span.file, vec![label])),
        }
    }
    groups
}

fn clean(text: &str) -> String {
    text.lines().map(|line| printable(line.as_bytes(), false)).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::codes::run::{SERVICE_EXITED, STAGE_FAILED};

    const TEXT: &str = "stage load {\n    image \"busybox:1.35\"\n    needs migrate\n}\n";

    fn drawn(diagnostic: Diagnostic, style: &Style) -> String {
        full(&Diagnostics::from_iter([diagnostic]), &Files::single("p.kdl", TEXT), style)
    }

    fn failed() -> Diagnostic {
        let file = Files::single("p.kdl", TEXT).root().clone();
        Diagnostic::new(STAGE_FAILED, "`load` ended with exit code 7")
            .label(file.span(0, TEXT.len() - 1), "run here")
            .label(
                file.span(TEXT.find("migrate").expect("it is there"), TEXT.find("\n}").expect("it is there")),
                "after this",
            )
            .note("last lines:\n  no such table: \u{1b}[2Jitems")
            .help("mend it")
    }

    #[test]
    fn a_diagnostic_stands_under_its_text_with_its_evidence() {
        let expected = "\
error[stage-failed]: `load` ended with exit code 7
   ╭─[p.kdl:1:1]
 1 │ stage load {
   · ──────┬─────
   ·       ╰── run here
 2 │     image \"busybox:1.35\"
 3 │     needs migrate
   ·           ───┬───
   ·              ╰── after this
 4 │ }
   ╰────
  last lines:
    no such table: items
  help: mend it";
        assert_eq!(drawn(failed(), &Style::default()), expected);
    }

    #[test]
    fn without_a_terminal_it_is_plain_ascii() {
        let text = drawn(failed(), &Style { unicode: false, ..Style::default() });
        assert!(text.is_ascii(), "{text}");
    }

    #[test]
    fn colours_are_used_where_they_may_be() {
        let text = drawn(failed(), &Style { color: true, ..Style::default() });
        assert!(text.starts_with("\u{1b}[1;31merror[stage-failed]"), "{text:?}");
    }

    #[test]
    fn help_is_wrapped_to_the_width_and_evidence_is_not() {
        let long = "word ".repeat(30);
        let diagnostic =
            Diagnostic::new(SERVICE_EXITED, "x").note(format!("log:\n  {}", long.trim())).help(long.trim());
        let text = drawn(diagnostic, &Style { width: 60, ..Style::default() });
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[2].trim(), long.trim());
        assert!(lines[3..].iter().all(|line| line.len() <= 60) && lines.len() > 5, "{text}");
    }

    #[test]
    fn a_line_without_end_is_clipped() {
        let text = "a ".repeat(5000);
        let files = Files::single("p.kdl", &text);
        let diagnostic = Diagnostic::new(STAGE_FAILED, "x").label(files.root().span(8000, 9000), "here");
        let drawn = full(&Diagnostics::from_iter([diagnostic]), &files, &Style::default());
        assert!(drawn.contains("p.kdl:1:8001") && drawn.lines().all(|line| line.chars().count() <= 100), "{drawn}");
    }

    #[test]
    fn places_in_two_files_are_drawn_under_the_name_of_each() {
        let mut files = Files::single("p.kdl", TEXT);
        let inner = files.add("Dockerfile", "FROM busybox\n");
        let at = TEXT.find("migrate").expect("it is there");
        let diagnostic = Diagnostic::new(STAGE_FAILED, "x")
            .label(files.root().span(at, at + 7), "needs this")
            .label(inner.span(0, 4), "begins here");
        let expected = "\
error[stage-failed]: x
   ╭─[p.kdl:3:11]
 2 │     image \"busybox:1.35\"
 3 │     needs migrate
   ·           ───┬───
   ·              ╰── needs this
 4 │ }
   ╰────
   ╭─[Dockerfile:1:1]
 1 │ FROM busybox
   · ──┬─
   ·   ╰── begins here
   ╰────";
        assert_eq!(full(&Diagnostics::from_iter([diagnostic]), &files, &Style::default()), expected);
    }

    #[test]
    fn what_is_too_much_is_counted() {
        let style = Style { more: Some("`--all` shows them"), ..Style::default() };
        let many: Diagnostics = (0..60).map(|index| Diagnostic::new(STAGE_FAILED, index.to_string())).collect();
        assert!(full(&many, &Files::default(), &style).ends_with("and 10 more; `--all` shows them"));
    }
}
