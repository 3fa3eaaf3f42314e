use crate::diagnostic::codes::shell::SHEBANG_IGNORED;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lint::shell::text::Shell;
use crate::lint::{Rule, Written};

/// `#!/bin/bash` in a script that `sh` reads: a comment.
pub(super) const RULE: Rule = Rule::written(SHEBANG_IGNORED, check);

fn check(written: &Written<'_>, diagnostics: &mut Diagnostics) {
    for text in written.scripts() {
        let value = &text.text.value;
        let start = value.len() - value.trim_start().len();
        let Some(line) = value[start..].strip_prefix("#!").and_then(|rest| rest.lines().next()) else { continue };
        let program = line.split_whitespace().find(|word| !word.ends_with("/env")).unwrap_or_default();
        let name = program.rsplit('/').next().unwrap_or_default();
        if matches!(name, "sh" | "ash" | "dash") && text.shell == Shell::Posix
            || name == "bash" && text.shell == Shell::Bash
        {
            continue;
        }
        let place = text.place(written.files, start..start + 2 + line.len());
        let reader = if text.shell == Shell::Bash { "bash" } else { "sh" };
        diagnostics.push(
            Diagnostic::new(SHEBANG_IGNORED, format!("`{reader}` reads this script, whatever its first line says"))
                .label(place, "only a comment here")
                .help(format!("write `command {name} -c` with the script, or take the line away")),
        );
    }
}
