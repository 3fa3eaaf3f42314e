use crate::diagnostic::codes::images::IGNORED_COPY_SOURCE;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lint::{Rule, Written};
use crate::source::{EntryKind, Patterns};

/// A `COPY` of something that `.dockerignore` leaves out of the context: for the build it is not there.
pub(super) const RULE: Rule = Rule::written(IGNORED_COPY_SOURCE, check);

fn check(written: &Written<'_>, diagnostics: &mut Diagnostics) {
    for built in written.built() {
        let Some(list) = built.ignored(written.files) else { continue };
        let lines: Vec<(&str, usize)> = lines(list.text());
        let Ok(patterns) = Patterns::new(lines.iter().map(|(line, _)| *line)) else { continue };
        let takes_back = lines.iter().any(|(line, _)| line.starts_with('!'));
        for copy in built.copies() {
            for source in copy.sources.iter().filter(|source| !source.is_empty() && *source != ".") {
                let kind = written.workspace.kind(&built.context.join(source));
                // A directory may hold what a later `!` takes back.
                if kind.is_none()
                    || (kind == Some(EntryKind::Directory) && takes_back)
                    || !is_ignored(&patterns, source)
                {
                    continue;
                }
                let by = lines
                    .iter()
                    .rev()
                    .find(|(line, _)| Patterns::new([*line]).is_ok_and(|one| is_ignored(&one, source)));
                let told = Diagnostic::new(
                    IGNORED_COPY_SOURCE,
                    format!("the build of `{}` copies `{source}`, which is left out of the context", built.name),
                )
                .label(built.word(source, &copy.at), "not sent");
                let told = match by {
                    Some((line, at)) => told.label(list.span(*at, at + line.len()), "left out here"),
                    None => told,
                };
                diagnostics.push(
                    told.label(built.place, "the context").help(format!(
                        "take it back with a line `!{source}` at the end of `{}`",
                        list.path().display()
                    )),
                );
            }
        }
    }
}

/// The lines of the file that are patterns, each with its place.
fn lines(text: &str) -> Vec<(&str, usize)> {
    let mut at = 0;
    let mut found = Vec::new();
    for line in text.split('\n') {
        let trimmed = line.trim();
        if !trimmed.is_empty() && !trimmed.starts_with('#') {
            found.push((trimmed, at + line.len() - line.trim_start().len()));
        }
        at += line.len() + 1;
    }
    found
}

/// Whether the path or one of the directories above it is left out.
fn is_ignored(patterns: &Patterns, path: &str) -> bool {
    let mut matched = Vec::new();
    let mut ignored = false;
    for (at, _) in path.match_indices('/').chain([(path.len(), "")]) {
        (ignored, matched) = patterns.matches(&path[..at], &matched);
    }
    ignored
}
