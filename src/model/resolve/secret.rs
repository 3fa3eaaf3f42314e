use indexmap::IndexMap;

use super::resolver::Resolver;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::codes::names::UNSET_SECRET;
use crate::model::{Name, NameKind, Secret, SecretSource};
use crate::source::{EntryKind, Spanned};

impl Resolver<'_> {
    /// Gives every secret its source: the environment, the file where it is there, the command, the default, in this order.
    ///
    /// A secret that has none is left out, and told of only where it is used.
    pub fn secrets(&mut self) -> IndexMap<Name, Secret> {
        let commands: Vec<_> = self.declared.secrets.values().filter_map(|it| it.command.as_ref()).collect();
        for command in commands {
            self.needs_no_shell(&command.words.words, "command ", "command sh -c ");
        }
        let mut secrets = IndexMap::new();
        for secret in self.declared.secrets.values() {
            let value = secret.env.as_ref().and_then(|name| self.inputs.environment.get(&name.value));
            let file = secret
                .file
                .as_ref()
                .map(|file| self.place(file).value)
                .filter(|file| self.inputs.workspace.kind(file) == Some(EntryKind::File));
            let source = match (value, file, &secret.command, &secret.default) {
                (Some(value), _, _, _) => SecretSource::Value(value.clone()),
                (None, Some(file), _, _) => SecretSource::File(file),
                (None, None, Some(command), default) => SecretSource::Command {
                    command: self.host_command(command),
                    default: default.as_ref().map(|default| default.value.clone()),
                },
                (None, None, None, Some(default)) => SecretSource::Value(default.value.clone()),
                (None, None, None, None) => continue,
            };
            let name = Spanned::new(Name::new(secret.name.value.as_str()), secret.name.span);
            secrets.insert(name.value.clone(), Secret { name, source, span: secret.span });
        }
        secrets
    }

    /// Looks a secret up where it is used; told of where it is not declared or has no value.
    pub fn secret_use(&mut self, name: &Spanned<String>) -> Option<Spanned<Name>> {
        let found = self.refer(NameKind::Secret, name)?;
        let secret = self.declared.secrets[name.value.as_str()];
        let in_environment = secret.env.as_ref().is_some_and(|env| self.inputs.environment.contains_key(&env.value));
        let in_file = secret
            .file
            .as_ref()
            .is_some_and(|file| self.inputs.workspace.kind(&self.place(file).value) == Some(EntryKind::File));
        if in_environment || in_file || secret.command.is_some() || secret.default.is_some() {
            return Some(found);
        }
        let help = match (&secret.env, &secret.file) {
            (Some(env), Some(file)) => format!("set the variable `{}`, or make the file `{}`", env.value, file.value),
            (Some(env), None) => format!("set the variable `{}`", env.value),
            (None, Some(file)) => format!("make the file `{}`", file.value),
            // The secret has no source at all, of which has been told where it is declared.
            (None, None) => {
                self.incomplete();
                return None;
            }
        };
        let mut diagnostic = Diagnostic::new(UNSET_SECRET, format!("secret `{}` has no value", name.value))
            .label(name.span, "needed here")
            .label(secret.name.span, "declared without default");
        if let Some(env) = &secret.env {
            diagnostic = diagnostic.label(env.span, "not set");
        }
        if let Some(file) = &secret.file {
            let at = self.inputs.workspace.absolute(&self.place(file).value);
            diagnostic = diagnostic.label(file.span, "not there").note(format!("looked for at `{}`", at.display()));
        }
        self.report(diagnostic.help(help));
        None
    }
}
