use std::collections::HashSet;

use crate::diagnostic::codes::graph::UNNEEDED_SERVICE;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lint::{Rule, Subject};
use crate::model::{NeedKind, Runnable};

/// A service that nothing needs, in a pipeline whose runs are made of other things: only `pipe up` would ever start it.
pub(super) const RULE: Rule = Rule::meant(UNNEEDED_SERVICE, check);

fn check(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let runnables = subject.pipeline.runnables();
    if runnables.values().all(|runnable| matches!(runnable, Runnable::Service(_))) {
        return;
    }
    let mut wanted: HashSet<&str> =
        subject.pipeline.header().default.iter().map(|target| target.value.as_str()).collect();
    for need in runnables.values().flat_map(|runnable| runnable.needs()) {
        if need.kind != NeedKind::After {
            wanted.insert(need.on.as_str());
        }
    }
    for runnable in runnables.values() {
        let Runnable::Service(service) = runnable else { continue };
        let name = &service.name;
        if !wanted.contains(name.value.as_str()) {
            diagnostics.push(
                Diagnostic::new(UNNEEDED_SERVICE, format!("nothing needs service `{}`", name.value))
                    .label(name.span, "never started by a run")
                    .help(format!("write `needs {}` where it is used", name.value)),
            );
        }
    }
}
