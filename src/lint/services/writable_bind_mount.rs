use std::collections::HashSet;

use crate::diagnostic::codes::services::WRITABLE_BIND_MOUNT;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lint::{Rule, Subject};
use crate::model::{Mount, Runnable};

/// A directory of the host that a container may write: what it writes belongs to the container's user, and outlives the run.
pub(super) const RULE: Rule = Rule::meant(WRITABLE_BIND_MOUNT, check);

fn check(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let mut seen = HashSet::new();
    for mount in subject.pipeline.runnables().values().filter_map(Runnable::container).flat_map(|own| &own.mounts) {
        let Mount::Bind(bind) = mount else { continue };
        // A template's mount is in each of its users, and written once.
        if bind.read_only || !seen.insert(bind.source.span) {
            continue;
        }
        let (source, target) = (bind.source.value.display(), &bind.target);
        diagnostics.push(
            Diagnostic::new(WRITABLE_BIND_MOUNT, format!("a container may write to `{source}` of the host"))
                .label(bind.source.span, "mounted to be written")
                .help(format!("write `mount \"{source}\" \"{target}\" read-only`, or collect results with `artifact`")),
        );
    }
}
