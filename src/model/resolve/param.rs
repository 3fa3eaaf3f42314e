use std::time::Duration;

use regex::RegexBuilder;

use super::resolver::Resolver;
use crate::ast;
use crate::diagnostic::codes::names::{PARAM_CHOICE, PARAM_PATTERN, UNKNOWN_PARAM, UNSET_PARAM};
use crate::diagnostic::{Diagnostic, listed, near};
use crate::model::{Allowed, HostCommand, Name, Param, ParamSource};
use crate::source::{Span, Spanned};

/// How long a command on the host may take where the author says nothing.
const COMMAND_TIMEOUT: Duration = Duration::from_secs(10);

impl Resolver<'_> {
    /// Gives every param its source: `--set`, the environment, the command, the default, in this order.
    ///
    /// A param that has none is left out, and told of only where it is used; one that is required, in any case.
    pub fn params(&mut self) {
        self.sets_are_known();
        let params: Vec<&ast::Param> = self.declared.params.values().copied().collect();
        for param in params {
            let name = param.name.value.as_str();
            if let Some(command) = &param.command {
                self.needs_no_shell(&command.words.words, "command ", "command sh -c ");
            }
            let allowed = self.allowed(param);
            let set = self.inputs.sets.get(name).map(|value| (value, format!("`--set {name}=…`")));
            let from_environment = || {
                let variable = &param.env.as_ref()?.value;
                Some((self.inputs.environment.get(variable)?, format!("the variable `{variable}`")))
            };
            let source = match (set.or_else(from_environment), &param.command, &param.default) {
                (Some((value, origin)), _, _) => {
                    let value = value.clone();
                    if !allowed.holds(&value) {
                        let refused = refused(name, &value, &allowed, None);
                        self.report(refused.note(format!("the value comes from {origin}")));
                    }
                    ParamSource::Value(value)
                }
                (None, Some(command), default) => ParamSource::Command {
                    command: self.host_command(command),
                    default: default.as_ref().map(|default| default.value.clone()),
                },
                (None, None, Some(default)) => ParamSource::Value(default.value.clone()),
                (None, None, None) => {
                    if let Some(required) = param.required {
                        self.report(unset(param, required, "a value must be given"));
                    }
                    continue;
                }
            };
            if let Some(default) = param.default.as_ref().filter(|default| !allowed.holds(&default.value)) {
                self.report(refused(name, &default.value, &allowed, Some(default.span)));
            }
            let env = param.env.as_ref().map(|env| env.value.clone());
            let name = Spanned::new(Name::new(name), param.name.span);
            self.params.insert(name.value.clone(), Param { name, source, env, allowed, span: param.span });
        }
    }

    /// A command on the host, with the directory that it is run in.
    pub fn host_command(&self, command: &ast::HostCommand) -> HostCommand {
        let span = command.words.span;
        HostCommand {
            words: command.words.words.iter().map(|word| word.value.clone()).collect(),
            directory: self.files.get(span.file).directory().to_owned(),
            timeout: command.timeout.map_or(COMMAND_TIMEOUT, |timeout| timeout.value),
            span,
        }
    }

    /// What the values of `param` are held to. A pattern that is none has been told of.
    fn allowed(&mut self, param: &ast::Param) -> Allowed {
        if !param.choices.is_empty() {
            return Allowed::Choices(param.choices.clone());
        }
        let Some(written) = &param.pattern else { return Allowed::Anything };
        self.must_be_regex(written);
        match RegexBuilder::new(&format!(r"\A(?:{})\z", written.value)).size_limit(1 << 20).build() {
            Ok(whole) => Allowed::Pattern { written: written.clone(), whole },
            Err(_) => Allowed::Anything,
        }
    }

    /// Tells that the param is used at `span` and has no value.
    pub fn unset_param(&mut self, name: &str, span: Span) {
        let param: &ast::Param = self.declared.params[name];
        if param.required.is_some() {
            // That has been told where it is declared.
            self.incomplete();
            return;
        }
        self.report(unset(param, span, "needed here"));
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

/// What to say of a param without a value.
fn unset(param: &ast::Param, span: Span, label: &str) -> Diagnostic {
    let name = &param.name.value;
    let mut diagnostic = Diagnostic::new(UNSET_PARAM, format!("param `{name}` has no value")).label(span, label);
    if param.required.is_none() {
        diagnostic = diagnostic.label(param.name.span, "declared without default");
    }
    match &param.env {
        Some(env) => diagnostic
            .label(env.span, "not set")
            .help(format!("set it: `--set {name}=VALUE`, or the variable `{}`", env.value)),
        None => diagnostic.help(format!("set it: `--set {name}=VALUE`")),
    }
}

/// What to say of a value that `allowed` does not hold; `written` is where it stands, if it is a default.
fn refused(name: &str, value: &str, allowed: &Allowed, written: Option<Span>) -> Diagnostic {
    match allowed {
        Allowed::Choices(choices) => {
            let words = || choices.iter().map(|choice| choice.value.as_str());
            let all = choices[0].span.to(choices[choices.len() - 1].span);
            let diagnostic = Diagnostic::new(PARAM_CHOICE, format!("`{value}` is none of the choices of `{name}`"));
            let diagnostic = match written {
                Some(span) => diagnostic.label(span, "not a choice").label(all, "the choices"),
                None => diagnostic.label(all, "the choices"),
            };
            match (near(value, words()).as_slice(), written) {
                ([only], Some(span)) => diagnostic.help(format!("did you mean `{only}`?")).suggestion(
                    format!("write `{only}`"),
                    span,
                    format!("\"{only}\""),
                ),
                ([only], None) => diagnostic.help(format!("did you mean `{only}`?")),
                _ => diagnostic.help(format!("choose {}", listed(words().take(20), "or"))),
            }
        }
        Allowed::Pattern { written: pattern, .. } => {
            let diagnostic =
                Diagnostic::new(PARAM_PATTERN, format!("`{value}` does not match the pattern of `{name}`"));
            let diagnostic = match written {
                Some(span) => diagnostic.label(span, "does not match").label(pattern.span, "the pattern"),
                None => diagnostic.label(pattern.span, "the pattern"),
            };
            diagnostic
                .help("give a value that the pattern matches as a whole")
                .note(format!("the pattern is `{}`", pattern.value))
        }
        Allowed::Anything => unreachable!("anything is held"),
    }
}
