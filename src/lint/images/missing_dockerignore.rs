use std::collections::HashSet;

use crate::diagnostic::codes::images::MISSING_DOCKERIGNORE;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lint::{Rule, Written};
use crate::source::EntryKind;

/// A context that holds what no build needs, without a `.dockerignore`.
pub(super) const RULE: Rule = Rule::written(MISSING_DOCKERIGNORE, check);

/// Directories that grow large, and that no build wants.
const HEAVY: [&str; 7] = [".git", "node_modules", "target", ".venv", "venv", "__pycache__", ".tox"];

fn check(written: &Written<'_>, diagnostics: &mut Diagnostics) {
    let mut seen = HashSet::new();
    for built in written.built() {
        if built.ignored(written.files).is_some()
            || !seen.insert(built.context.clone())
            || built.copies().next().is_none()
        {
            continue;
        }
        let heavy: Vec<&str> = HEAVY
            .into_iter()
            .filter(|name| written.workspace.kind(&built.context.join(name)) == Some(EntryKind::Directory))
            .collect();
        let Some(first) = heavy.first() else { continue };
        diagnostics.push(
            Diagnostic::new(MISSING_DOCKERIGNORE, format!("`{first}` is part of the context of `{}`", built.name))
                .label(built.place, "no `.dockerignore` in it")
                .help(format!("write a `.dockerignore` there, with the lines `{}`", heavy.join("`, `"))),
        );
    }
}
