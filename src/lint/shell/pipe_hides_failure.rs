use crate::diagnostic::codes::shell::PIPE_HIDES_FAILURE;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lint::shell::script::{Joined, Simple};
use crate::lint::shell::text::Role;
use crate::lint::{Rule, Written};

/// `tests | tee log`: the exit code is that of `tee`.
pub(super) const RULE: Rule = Rule::written(PIPE_HIDES_FAILURE, check);

/// Commands that only pass on what they read: at the end of a pipeline they hide the failure of what matters.
const PASS_ON: [&str; 3] = ["tee", "cat", "ts"];

/// Commands whose failure nobody waits for.
const HARMLESS: [&str; 6] = ["echo", "printf", "cat", "yes", "true", "ls"];

fn check(written: &Written<'_>, diagnostics: &mut Diagnostics) {
    for text in written.scripts().iter().filter(|text| text.role != Role::Healthcheck) {
        let commands = text.commands();
        let is_watched = |command: &Simple| command.name() == Some("set") && command.has("pipefail");
        if commands.iter().any(is_watched)
            || commands.iter().any(|command| command.words.iter().any(|word| word.known().contains("PIPESTATUS")))
        {
            continue;
        }
        for (before, last) in commands.iter().zip(commands.iter().skip(1)) {
            let is_pair = before.pipeline.0 == last.pipeline.0 && before.pipeline.1 + 1 == last.pipeline.1;
            let ends = last.joined != Joined::Pipe && last.name().is_some_and(|name| PASS_ON.contains(&name));
            let matters = before.name().is_some_and(|name| !HARMLESS.contains(&name));
            if is_pair && ends && matters && !last.is_condition && !last.is_nested {
                let (name, hider) = (before.name().unwrap_or_default(), last.name().unwrap_or_default());
                diagnostics.push(
                    Diagnostic::new(PIPE_HIDES_FAILURE, format!("a failure of `{name}` is hidden by `{hider}`"))
                        .label(text.place(written.files, last.words[0].span.clone()), "decides the exit code")
                        .label(text.place(written.files, before.span.clone()), "may fail unseen")
                        .help(format!("write `{name} … > FILE`, or run bash with `set -o pipefail`"))
                        .note("the exit code of a pipeline is that of its last command"),
                );
            }
        }
    }
}
