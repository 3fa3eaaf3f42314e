use crate::diagnostic::codes::shell::BACKGROUND_PROCESS;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lint::shell::script::{Joined, Part};
use crate::lint::shell::text::Role;
use crate::lint::{Rule, Written};

/// `server &` in a script that never waits for it: it dies with the script, and its failure is not seen.
pub(super) const RULE: Rule = Rule::written(BACKGROUND_PROCESS, check);

fn check(written: &Written<'_>, diagnostics: &mut Diagnostics) {
    for text in written.scripts().iter().filter(|text| text.role == Role::Stage) {
        let commands = text.commands();
        let is_looked_after = commands.iter().any(|command| {
            matches!(command.name(), Some("wait" | "kill" | "trap" | "fg" | "jobs"))
                || command.words.iter().chain(&command.assignments).flat_map(|word| &word.parts).any(is_last_process)
        });
        if is_looked_after {
            continue;
        }
        for command in commands.iter().filter(|command| command.joined == Joined::Background && !command.is_nested) {
            let name = command.name().unwrap_or("a process");
            diagnostics.push(
                Diagnostic::new(BACKGROUND_PROCESS, format!("`{name}` runs in the background and is never awaited"))
                    .label(text.place(written.files, command.span.clone()), "ends with the script")
                    .help(format!("make it a service with a healthcheck, and write `needs` here; or `wait` for it: `{name} … & wait`")),
            );
        }
    }
}

fn is_last_process(part: &Part) -> bool {
    matches!(part, Part::Variable { name, .. } if name == "!")
}
