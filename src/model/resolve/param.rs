use super::resolver::Resolver;
use crate::ast;
use crate::diagnostic::codes::names::{UNKNOWN_PARAM, UNSET_PARAM};
use crate::diagnostic::{Diagnostic, listed, near};
use crate::model::{Name, Param, ParamSource};
use crate::source::{Span, Spanned};

impl Resolver<'_> {
    /// Gives every param its source: `--set`, the environment, the command, the default, in this order.
    ///
    /// A param that has none is left out, and told of only where it is used.
    pub fn params(&mut self) {
        self.sets_are_known();
        let commands: Vec<&ast::Words> = self.declared.params.values().filter_map(|it| it.command.as_ref()).collect();
        for words in commands {
            self.needs_no_shell(words, "command sh -c ");
        }
        for param in self.declared.params.values() {
            let set = self.inputs.sets.get(&param.name.value);
            let from_environment = || param.env.as_ref().and_then(|name| self.inputs.environment.get(&name.value));
            let source = match (set.or_else(from_environment), &param.command, &param.default) {
                (Some(value), _, _) => ParamSource::Value(value.clone()),
                (None, Some(words), default) => ParamSource::Command {
                    words: words.words.iter().map(|word| word.value.clone()).collect(),
                    default: default.as_ref().map(|default| default.value.clone()),
                    directory: self.files.get(words.span.file).directory().to_owned(),
                    span: words.span,
                },
                (None, None, Some(default)) => ParamSource::Value(default.value.clone()),
                (None, None, None) => continue,
            };
            let env = param.env.as_ref().map(|env| env.value.clone());
            let name = Name::new(param.name.value.as_str());
            let name = Spanned::new(name, param.name.span);
            self.params.insert(name.value.clone(), Param { name, source, env, span: param.span });
        }
    }

    /// Tells that the param is used at `span` and has no value.
    pub fn unset_param(&mut self, name: &str, span: Span) {
        let param: &ast::Param = self.declared.params[name];
        let help = match &param.env {
            Some(env) => format!("set it: `--set {name}=VALUE`, or the variable `{}`", env.value),
            None => format!("set it: `--set {name}=VALUE`"),
        };
        self.report(
            Diagnostic::new(UNSET_PARAM, format!("param `{name}` has no value"))
                .label(span, "needed here")
                .label(param.name.span, "declared without default")
                .help(help),
        );
    }

    /// Tells of each `--set` that names no param; such a diagnostic has no place in the file.
    fn sets_are_known(&mut self) {
        for name in self.inputs.sets.keys() {
            if self.declared.params.contains_key(name.as_str()) {
                continue;
            }
            let known: Vec<&str> = self.declared.params.keys().copied().collect();
            let misses = near(name, known.iter().copied());
            let diagnostic = Diagnostic::new(UNKNOWN_PARAM, format!("`--set {name}=…` names no param"));
            let diagnostic = if let Some(secret) = self.declared.secrets.get(name.as_str()) {
                diagnostic
                    .label(secret.name.span, "this is a secret")
                    .help("give a secret through its variable or its file, so that it stays out of the process list")
            } else if !misses.is_empty() {
                diagnostic.help(format!("did you mean {}?", listed(&misses, "or")))
            } else {
                diagnostic.help(format!("declare it: `param {name}`"))
            };
            let note = match known.as_slice() {
                [] => "this pipeline declares no param".to_owned(),
                some => format!("declared: {}", listed(some, "and")),
            };
            self.diagnostics.push(diagnostic.note(note));
        }
    }
}
