use crate::diagnostic::codes::graph::AFTER_AND_NEEDS;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lint::{Rule, Written};

/// `after x` beside `needs x`: the need orders as well.
pub(super) const RULE: Rule = Rule::written(AFTER_AND_NEEDS, check);

fn check(written: &Written<'_>, diagnostics: &mut Diagnostics) {
    for settings in written.settings() {
        for after in &settings.after {
            let Some(need) = settings.needs.iter().find(|need| need.on.value == after.value) else { continue };
            let name = &after.value;
            diagnostics.push(
                Diagnostic::new(AFTER_AND_NEEDS, format!("`after {name}` adds nothing to `needs {name}`"))
                    .label(after.span, "ordered already")
                    .label(need.on.span, "needed here")
                    .help(format!("take `after {name}` away, or `needs {name}` where it need not run")),
            );
        }
    }
}
