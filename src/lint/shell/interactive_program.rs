use crate::diagnostic::codes::shell::INTERACTIVE_PROGRAM;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lint::{Rule, Written};

/// A program that wants a person at a terminal, where there is none.
pub(super) const RULE: Rule = Rule::written(INTERACTIVE_PROGRAM, check);

const INTERACTIVE: [&str; 11] =
    ["vi", "vim", "nano", "emacs", "less", "more", "top", "htop", "man", "passwd", "visudo"];

fn check(written: &Written<'_>, diagnostics: &mut Diagnostics) {
    for text in written.scripts() {
        for command in text.commands() {
            let Some(name) = command.name().filter(|name| INTERACTIVE.contains(name)) else { continue };
            // `less` at the end of a pipeline passes on what it reads, and `top -b` needs no terminal.
            if matches!(name, "less" | "more") && command.pipeline.1 > 0 || command.has_letter('b') {
                continue;
            }
            diagnostics.push(
                Diagnostic::new(
                    INTERACTIVE_PROGRAM,
                    format!("`{name}` wants a person at a terminal, and there is none"),
                )
                .label(text.place(written.files, command.words[0].span.clone()), "has no terminal")
                .help(format!("take `{name}` away, or write what it is for: `sed -i`, `cat`, `ps`, `chpasswd`")),
            );
        }
    }
}
