use crate::ast;
use crate::diagnostic::codes::shell::SHELL_BUILTIN;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lint::{Rule, Written};

/// `command cd /src`: there is no program of that name, and if there were, it would change nothing.
pub(super) const RULE: Rule = Rule::written(SHELL_BUILTIN, check);

/// What only a shell can do, since it changes the shell itself.
const BUILTINS: [&str; 16] = [
    "cd", "export", "source", ".", "set", "unset", "alias", "eval", "exec", "ulimit", "umask", "trap", "shift",
    "pushd", "popd", "readonly",
];

fn check(written: &Written<'_>, diagnostics: &mut Diagnostics) {
    for settings in written.settings().filter(|settings| settings.entrypoint.is_none()) {
        let Some(ast::Command::Exec(words)) = &settings.command else { continue };
        let Some((program, arguments)) = words.words.split_first() else { continue };
        if !BUILTINS.contains(&program.value.as_str()) {
            continue;
        }
        let name = &program.value;
        let told =
            Diagnostic::new(SHELL_BUILTIN, format!("`{name}` is a word of the shell, and `command` starts no shell"))
                .label(program.span, "no program");
        let help = match (name.as_str(), arguments.first()) {
            ("cd", Some(path)) => {
                format!("write `workdir \"{}\"`, or a script: `sh \"cd {} && …\"`", path.value, path.value)
            }
            ("export", Some(variable)) => match variable.value.split_once('=') {
                Some((key, value)) => format!("write `env {key} \"{value}\"`"),
                None => "write `env KEY \"value\"`".to_owned(),
            },
            _ => format!("write a script: `sh \"{name} …\"`"),
        };
        diagnostics.push(told.help(help));
    }
}
