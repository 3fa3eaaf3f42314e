use crate::ast;
use crate::diagnostic::codes::shell::VARIABLE_NOT_EXPANDED;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lint::{Rule, Written};

/// `command echo $HOME`: no shell stands between, so the program is given the five characters.
pub(super) const RULE: Rule = Rule::written(VARIABLE_NOT_EXPANDED, check);

/// Programs that fill variables in themselves, start a shell, or take such words for patterns.
const FILLS_IN: [&str; 18] = [
    "sh", "bash", "ash", "dash", "zsh", "ksh", "busybox", "env", "su", "sudo", "gosu", "ssh", "envsubst", "grep",
    "sed", "awk", "perl", "make",
];

/// Words that show that a line for a shell was meant, which is told as a whole.
const OPERATORS: [&str; 5] = ["&&", "||", "|", ">", ">>"];

fn check(written: &Written<'_>, diagnostics: &mut Diagnostics) {
    for settings in written.settings().filter(|settings| settings.entrypoint.is_none()) {
        let Some(ast::Command::Exec(words)) = &settings.command else { continue };
        let Some((program, arguments)) = words.words.split_first() else { continue };
        let base = program.value.rsplit('/').next().unwrap_or_default();
        if FILLS_IN.contains(&base) || arguments.iter().any(|word| OPERATORS.contains(&word.value.as_str())) {
            continue;
        }
        let Some((word, variable)) = arguments.iter().find_map(|word| Some((word, variable(&word.value)?))) else {
            continue;
        };
        let line = words.words.iter().map(|word| word.value.as_str()).collect::<Vec<_>>().join(" ");
        let told = Diagnostic::new(VARIABLE_NOT_EXPANDED, format!("`{base}` is given `{variable}`, not its value"))
            .label(word.span, "stays as it is")
            .note("`command` starts the program itself, with no shell that would fill variables in");
        let is_plain =
            !line.contains(['"', '\\', '\'', '{']) && words.words.iter().all(|word| !word.value.contains(' '));
        diagnostics.push(if is_plain {
            told.help(format!("write a script: `sh \"{line}\"`"))
        } else {
            told.help("write a script: `sh \"…\"`")
        });
    }
}

/// The variable that a word consists of or begins with: `$HOME`, `${HOME}/x`. Names in small letters are left alone: they mean something to
/// many programs.
fn variable(word: &str) -> Option<&str> {
    let is_name = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    let rest = word.strip_prefix('$')?;
    let inner = rest.strip_prefix('{').unwrap_or(rest);
    let name = inner.find(|c| !is_name(c)).map_or(inner, |end| &inner[..end]);
    if !name.starts_with(|c: char| c.is_ascii_uppercase() || c == '_') || name.len() < 2 {
        return None;
    }
    let behind = &inner[name.len()..];
    let (behind, brace) = match rest.starts_with('{') {
        true => (behind.strip_prefix('}')?, 2),
        false => (behind, 0),
    };
    (behind.is_empty() || behind.starts_with(['/', ':', '.'])).then(|| &word[..1 + brace + name.len()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_that_a_shell_would_fill_in_is_seen() {
        assert_eq!(variable("$HOME"), Some("$HOME"));
        assert_eq!(variable("${HOME}/x"), Some("${HOME}"));
        for word in ["HOME", "$1", "$set", "${x}", "$HOME$", "^a$", "$", "${HOME", "$5A"] {
            assert_eq!(variable(word), None, "{word}");
        }
    }
}
