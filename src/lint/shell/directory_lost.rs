use crate::diagnostic::codes::shell::DIRECTORY_LOST;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lint::shell::text::Role;
use crate::lint::{Rule, Written};

/// `sh "cd /src"`: where the script ends, so does its directory.
pub(super) const RULE: Rule = Rule::written(DIRECTORY_LOST, check);

fn check(written: &Written<'_>, diagnostics: &mut Diagnostics) {
    for text in written.scripts().iter().filter(|text| matches!(text.role, Role::Stage | Role::Template)) {
        let Some(last) = text.script.commands.last().filter(|_| text.script.fault.is_none()) else { continue };
        // `test -d X && cd X` is asked for its exit code perhaps.
        if last.name() == Some("cd") && !last.is_condition && !last.is_sometimes {
            diagnostics.push(
                Diagnostic::new(DIRECTORY_LOST, "the script ends with a change of directory, which changes nothing")
                    .label(text.place(written.files, last.span.clone()), "lost at once")
                    .help(
                        "write what is to run there behind it: `cd DIRECTORY && COMMAND`; or `workdir \"DIRECTORY\"`",
                    ),
            );
        }
    }
}
