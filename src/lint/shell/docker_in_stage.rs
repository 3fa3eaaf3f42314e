use crate::diagnostic::codes::shell::DOCKER_IN_STAGE;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lint::shell::text::Role;
use crate::lint::{Rule, Written};

/// `docker …` in a stage: it needs the daemon's socket, which is root on the host.
pub(super) const RULE: Rule = Rule::written(DOCKER_IN_STAGE, check);

fn check(written: &Written<'_>, diagnostics: &mut Diagnostics) {
    for text in written.scripts().iter().filter(|text| text.role == Role::Stage) {
        for command in text.commands() {
            let Some(name) = command.name().filter(|name| matches!(*name, "docker" | "docker-compose" | "podman"))
            else {
                continue;
            };
            diagnostics.push(
                Diagnostic::new(DOCKER_IN_STAGE, format!("`{name}` in a container needs the engine's socket, which is root on the host"))
                    .label(text.place(written.files, command.words[0].span.clone()), "a client of the engine")
                    .help("let pipe do it: `image NAME { build … }`, `service`, `artifact` and `pipe push` cover what it is used for"),
            );
        }
    }
}
