use crate::diagnostic::codes::shell::APT_WITHOUT_YES;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lint::{Rule, Written};

/// `apt-get install` without `-y`: it asks, finds nobody, and aborts.
pub(super) const RULE: Rule = Rule::written(APT_WITHOUT_YES, check);

fn check(written: &Written<'_>, diagnostics: &mut Diagnostics) {
    for text in written.scripts() {
        for command in text.commands() {
            let Some(name) = command.name().filter(|name| matches!(*name, "apt-get" | "apt")) else { continue };
            let acts = command.arguments().iter().find(|word| {
                matches!(
                    word.literal(),
                    Some("install" | "upgrade" | "dist-upgrade" | "full-upgrade" | "remove" | "autoremove")
                )
            });
            let Some(act) = acts else { continue };
            let is_answered =
                command.has("--yes") || command.has("--assume-yes") || command.has("-qq") || command.has_letter('y');
            // `yes | apt-get install`
            if is_answered || command.pipeline.1 > 0 || command.has("--simulate") || command.has_letter('s') {
                continue;
            }
            let place = text.place(written.files, act.span.clone());
            let act = act.known();
            diagnostics.push(
                Diagnostic::new(APT_WITHOUT_YES, format!("`{name} {act}` asks before it goes on, and nobody answers"))
                    .label(place, "without `-y`")
                    .help(format!("write `{name} {act} -y`"))
                    .fix("answer yes", place, format!("{act} -y")),
            );
        }
    }
}
