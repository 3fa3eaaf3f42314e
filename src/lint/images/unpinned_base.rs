use std::collections::HashSet;

use crate::diagnostic::codes::images::UNPINNED_BASE;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lint::{Rule, Written};

/// A base image whose version is whatever the registry calls newest.
pub(super) const RULE: Rule = Rule::written(UNPINNED_BASE, check);

fn check(written: &Written<'_>, diagnostics: &mut Diagnostics) {
    let mut seen = HashSet::new();
    for built in written.built() {
        for index in built.dockerfile.performed(built.target) {
            let stage = &built.dockerfile.stages[index];
            let earlier = &built.dockerfile.stages[..index];
            let base = &stage.base;
            let is_stage = earlier.iter().any(|other| other.name.as_deref() == Some(base.to_lowercase().as_str()));
            let last = base.rsplit('/').next().unwrap_or_default();
            let is_open = !last.contains([':', '@']) || last.ends_with(":latest");
            if is_stage || !is_open || base.is_empty() || base == "scratch" || base.contains('$') || base.contains('@')
            {
                continue;
            }
            let place = built.word(base, &stage.at);
            if seen.insert(place) {
                diagnostics.push(
                    Diagnostic::new(UNPINNED_BASE, format!("`{base}` is another image whenever its registry says so"))
                        .label(place, "no version")
                        .help(format!("name a version: `FROM {}:VERSION`", base.trim_end_matches(":latest"))),
                );
            }
        }
    }
}
