use super::resolver::Resolver;
use super::text::Site;
use crate::ast::{self, ContainerSettings};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::codes::services::COMMAND_NEEDS_SHELL;
use crate::model::Command;
use crate::source::Spanned;

/// Words that mean something to a shell alone, and nothing to a program.
const OPERATORS: [&str; 7] = ["&&", "||", "|", ">", ">>", "2>", "2>&1"];

/// Programs whose own arguments may be such words.
const TAKES_OPERATORS: [&str; 9] = ["expr", "test", "[", "[[", "awk", "jq", "find", "cut", "sort"];

impl Resolver<'_> {
    /// What the container runs.
    pub fn command(&mut self, settings: &ContainerSettings, site: Site<'_>) -> Option<Command> {
        Some(match settings.command.as_ref()? {
            ast::Command::Exec(words) => {
                if settings.entrypoint.is_none() {
                    self.needs_no_shell(words);
                }
                Command::Exec {
                    words: words.words.iter().map(|word| self.text(word, site)).collect(),
                    span: words.span,
                }
            }
            ast::Command::Shell { script, span } => Command::Shell { script: self.text(script, site), span: *span },
        })
    }

    /// Tells of a command that only a shell would understand: the words would go to the program as they are.
    fn needs_no_shell(&mut self, words: &ast::Words) {
        let Some((program, arguments)) = words.words.split_first() else { return };
        let base = program.value.rsplit('/').next().unwrap_or_default();
        if is_shell(base) || TAKES_OPERATORS.contains(&base) {
            return;
        }
        let line = words.words.iter().map(|word| word.value.as_str()).collect::<Vec<_>>().join(" ");
        let operator = arguments.iter().enumerate().find(|(index, word)| {
            // `-d |`: the value of an option.
            let after_option = index.checked_sub(1).is_some_and(|before| arguments[before].value.starts_with('-'));
            OPERATORS.contains(&word.value.as_str()) && !after_option
        });
        if let Some((_, word)) = operator {
            self.report(
                Diagnostic::new(COMMAND_NEEDS_SHELL, format!("`{}` means something to a shell only", word.value))
                    .label(word.span, "passed on as it is")
                    .help(format!("write `sh {}`", quoted(&line)))
                    .note("`command` starts the program itself, with no shell between"),
            );
        } else if arguments.is_empty() && looks_like_a_line(program) {
            self.report(
                Diagnostic::new(COMMAND_NEEDS_SHELL, format!("there is no program called `{}`", program.value))
                    .label(program.span, "a whole command line")
                    .help(format!("write `command {}`, or `sh {}`", program.value, quoted(&line)))
                    .note("the first word of `command` is the program; a line for a shell is `sh`"),
            );
        }
    }
}

fn looks_like_a_line(program: &Spanned<String>) -> bool {
    let text = program.value.trim();
    !text.starts_with("{{") && text.split_whitespace().count() > 1
}

fn is_shell(base: &str) -> bool {
    matches!(base, "sh" | "bash" | "ash" | "dash" | "zsh" | "ksh" | "busybox" | "env" | "su" | "sudo" | "gosu")
}

fn quoted(line: &str) -> String {
    if line.contains(['"', '\\']) { format!("#\"{line}\"#") } else { format!("\"{line}\"") }
}
