use crate::diagnostic::codes::shell::DOWNLOAD_INTO_SHELL;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lint::{Rule, Written};

/// `curl … | sh`: what runs is whatever the other side sends today, also half of it.
pub(super) const RULE: Rule = Rule::written(DOWNLOAD_INTO_SHELL, check);

fn check(written: &Written<'_>, diagnostics: &mut Diagnostics) {
    for text in written.scripts() {
        let commands = text.commands();
        for (from, into) in commands.iter().zip(commands.iter().skip(1)) {
            let is_pair = from.pipeline.0 == into.pipeline.0 && from.pipeline.1 + 1 == into.pipeline.1;
            let (Some(download), Some(shell)) = (from.name(), into.name()) else { continue };
            let runs = matches!(shell, "sh" | "bash" | "ash" | "dash" | "python" | "python3" | "perl" | "sudo");
            if is_pair && runs && matches!(download, "curl" | "wget") && !into.has("-c") {
                diagnostics.push(
                    Diagnostic::new(DOWNLOAD_INTO_SHELL, format!("`{shell}` runs whatever `{download}` brings"))
                        .label(text.place(written.files, into.words[0].span.clone()), "runs it unseen")
                        .label(text.place(written.files, from.span.clone()), "from the network")
                        .help("download a version that is named to a file, compare its checksum, then run it"),
                );
            }
        }
    }
}
