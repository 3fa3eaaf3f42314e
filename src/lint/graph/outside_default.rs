use std::collections::HashSet;

use crate::diagnostic::codes::graph::OUTSIDE_DEFAULT;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lint::{Rule, Subject};
use crate::model::{Name, NeedKind, Runnable};

/// A stage or acceptance that no default target leads to: `pipe run` alone never runs it.
pub(super) const RULE: Rule = Rule::meant(OUTSIDE_DEFAULT, check);

fn check(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let (header, runnables) = (subject.pipeline.header(), subject.pipeline.runnables());
    let Some(first) = header.default.first() else { return };
    let mut seen: HashSet<&Name> = HashSet::new();
    let mut open: Vec<&Name> = header.default.iter().map(|target| &target.value).collect();
    while let Some(name) = open.pop() {
        if let Some(runnable) = runnables.get(name).filter(|_| seen.insert(name)) {
            open.extend(runnable.needs().iter().filter(|need| need.kind != NeedKind::After).map(|need| &need.on));
        }
    }
    for runnable in runnables.values().filter(|runnable| !matches!(runnable, Runnable::Service(_))) {
        let name = runnable.name();
        if !seen.contains(&name.value) {
            diagnostics.push(
                Diagnostic::new(OUTSIDE_DEFAULT, format!("no default target leads to `{}`", name.value))
                    .label(name.span, "run by name only")
                    .label(first.span, "the default targets")
                    .help(format!(
                        "add it: `default {} {}`; or run it by name: `pipe run {}`",
                        first.value, name.value, name.value
                    )),
            );
        }
    }
}
