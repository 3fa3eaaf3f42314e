use super::resolver::Resolver;
use super::text::Site;
use crate::ast::{self, ContainerSettings, Language};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::codes::services::COMMAND_NEEDS_SHELL;
use crate::model::{Command, Interpreter};
use crate::source::Spanned;

/// Words that mean something to a shell alone, and nothing to a program.
const OPERATORS: [&str; 7] = ["&&", "||", "|", ">", ">>", "2>", "2>&1"];

/// Characters that a shell reads, or that end a node where they stand in no quotes.
const FOR_A_SHELL: [char; 16] = [';', '|', '&', '<', '>', '$', '*', '?', '~', '`', '"', '\'', '(', ')', '{', '\\'];

/// Programs whose own arguments may be such words.
const TAKES_OPERATORS: [&str; 9] = ["expr", "test", "[", "[[", "awk", "jq", "find", "cut", "sort"];

impl Resolver<'_> {
    /// What the container runs.
    pub fn command(&mut self, settings: &ContainerSettings, site: Site<'_>) -> Option<Command> {
        Some(match settings.command.as_ref()? {
            ast::Command::Exec(words) => {
                if settings.entrypoint.is_none() {
                    self.needs_no_shell(&words.words, "command ", "sh ");
                }
                Command::Exec {
                    words: words.words.iter().map(|word| self.text(word, site)).collect(),
                    span: words.span,
                }
            }
            ast::Command::Shell { script, language, span } => Command::Shell {
                script: self.text(script, site),
                interpreter: match language.map(|language| language.value) {
                    Some(Language::Bash) => Interpreter::Bash,
                    Some(Language::Python) => Interpreter::Python,
                    _ => Interpreter::Sh,
                },
                span: *span,
            },
        })
    }

    /// Tells of a command that only a shell would understand: the words would go to the program as they are. `start` is what
    /// stands before the program, `shell` what stands before a script where there is a shell.
    pub(super) fn needs_no_shell(&mut self, words: &[Spanned<String>], start: &str, shell: &str) {
        let Some((program, arguments)) = words.split_first() else { return };
        let base = program.value.rsplit('/').next().unwrap_or_default();
        if is_shell(base) || TAKES_OPERATORS.contains(&base) {
            return;
        }
        let keyword = start.split(' ').next().unwrap_or_default();
        let line = words.iter().map(|word| word.value.as_str()).collect::<Vec<_>>().join(" ");
        let operator = arguments.iter().enumerate().find(|(index, word)| {
            // `-d |`: the value of an option.
            let after_option = index.checked_sub(1).is_some_and(|before| arguments[before].value.starts_with('-'));
            OPERATORS.contains(&word.value.as_str()) && !after_option
        });
        if let Some((_, word)) = operator {
            self.report(
                Diagnostic::new(COMMAND_NEEDS_SHELL, format!("`{}` means something to a shell only", word.value))
                    .label(word.span, "passed on as it is")
                    .help(format!("write `{shell}{}`", quoted(&line)))
                    .note(format!("`{keyword}` starts the program itself, with no shell between")),
            );
        } else if arguments.is_empty() && looks_like_a_line(program) {
            let script = format!("`{shell}{}`", quoted(&line));
            let help = match program.value.contains(FOR_A_SHELL) {
                true => format!("write {script}"),
                false => format!("write `{start}{}`, or {script}", program.value),
            };
            self.report(
                Diagnostic::new(COMMAND_NEEDS_SHELL, format!("there is no program called `{}`", program.value))
                    .label(program.span, "a whole command line")
                    .help(help)
                    .note(format!("the first word of `{keyword}` is the program; a line for a shell is a script")),
            );
        } else if let Some((name, value)) = assignment(&program.value).filter(|_| !arguments.is_empty()) {
            self.report(
                Diagnostic::new(COMMAND_NEEDS_SHELL, format!("there is no program called `{}`", program.value))
                    .label(program.span, "a variable for the shell")
                    .help(format!("write `env {name} \"{value}\"` on a line of its own, or `{shell}{}`", quoted(&line)))
                    .note(format!("`{keyword}` starts the program itself, with no shell between")),
            );
        }
    }
}

fn looks_like_a_line(program: &Spanned<String>) -> bool {
    let text = program.value.trim();
    !text.starts_with("{{") && text.split_whitespace().count() > 1
}

/// `NAME=value` before a program.
fn assignment(word: &str) -> Option<(&str, &str)> {
    let (name, value) = word.split_once('=')?;
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    is_name.then_some((name, value))
}

fn is_shell(base: &str) -> bool {
    matches!(base, "sh" | "bash" | "ash" | "dash" | "zsh" | "ksh" | "busybox" | "env" | "su" | "sudo" | "gosu")
}

fn quoted(line: &str) -> String {
    if line.contains(['"', '\\']) { format!("#\"{line}\"#") } else { format!("\"{line}\"") }
}
