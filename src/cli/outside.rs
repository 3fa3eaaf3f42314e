use indexmap::IndexMap;

use super::disk::Disk;
use super::host_command::{first_line, whole};
use crate::diagnostic::{Diagnostic, Diagnostics, codes::command};
use crate::model::{Allowed, HostCommand, Name, Param, ParamSource, Pipeline, Secret, SecretSource, Values};
use crate::run::Masker;
use crate::source::Workspace;

/// The values of those params that `wanted` names; their commands are run on this host, in the pipeline's directory.
pub fn values(pipeline: &Pipeline, disk: &Disk, wanted: impl Fn(&Name) -> bool) -> Result<Values, Diagnostics> {
    let mut values = Values::default();
    let mut problems = Diagnostics::new();
    for (name, param) in pipeline.params() {
        match &param.source {
            ParamSource::Value(value) => values.set(name.clone(), value),
            ParamSource::Command { command, default } if wanted(name) => {
                match (first_line(command, disk.root()), default) {
                    (Ok(value), _) if !param.allowed.holds(&value) => {
                        problems.push(command_refused(param, command, &value));
                    }
                    (Ok(value), _) => values.set(name.clone(), value),
                    (Err(_), Some(default)) => values.set(name.clone(), default),
                    (Err(why), None) => problems.push(command_failed(param, command, &why)),
                }
            }
            ParamSource::Command { .. } => {}
        }
    }
    if problems.is_empty() { Ok(values) } else { Err(problems) }
}

/// The values of the secrets that `wanted` names.
pub fn secrets(
    pipeline: &Pipeline,
    disk: &Disk,
    wanted: impl Fn(&Name) -> bool,
) -> Result<IndexMap<Name, String>, Diagnostics> {
    let mut values = IndexMap::new();
    let mut problems = Diagnostics::new();
    for (name, secret) in pipeline.secrets().iter().filter(|(name, _)| wanted(name)) {
        match secret_value(name, secret, disk) {
            Ok(value) => drop(values.insert(name.clone(), value)),
            Err(problem) => problems.push(*problem),
        }
    }
    if problems.is_empty() { Ok(values) } else { Err(problems) }
}

fn secret_value(name: &Name, secret: &Secret, disk: &Disk) -> Result<String, Box<Diagnostic>> {
    match &secret.source {
        SecretSource::Value(value) => Ok(value.clone()),
        SecretSource::File(path) => match disk.read(path) {
            Ok(bytes) => {
                // Files of secrets end in a newline more often than secrets do.
                let text = String::from_utf8_lossy(&bytes);
                Ok(text.strip_suffix('\n').unwrap_or(&text).to_owned())
            }
            Err(error) => Err(Box::new(
                Diagnostic::new(
                    command::SECRET_UNAVAILABLE,
                    format!("the file `{}` of the secret `{name}` cannot be read", path.display()),
                )
                .label(secret.span, "declared here")
                .note(error.to_string())
                .help("create the file, or give the secret an `env=` and set that variable"),
            )),
        },
        SecretSource::Command { command, default } => match (whole(command, disk.root()), default) {
            (Ok(value), _) => Ok(value),
            (Err(_), Some(default)) => Ok(default.clone()),
            (Err(why), None) => Err(Box::new(secret_failed(secret, command, &why))),
        },
    }
}

/// The values of secrets that the pipeline's file, other files and the environment tell, as far as they can be had. No command is run.
pub fn known_secrets<'p>(pipeline: &'p Pipeline, disk: &'p Disk) -> impl Iterator<Item = (Name, String)> + 'p {
    had(pipeline, disk, |secret| !matches!(secret.source, SecretSource::Command { .. }))
}

/// Hides what a pipeline calls secret, as far as its file and the environment tell the values; no command is run for that.
pub fn masker(pipeline: Option<&Pipeline>, disk: &Disk) -> Masker {
    let values: Vec<String> =
        pipeline.into_iter().flat_map(|pipeline| known_secrets(pipeline, disk)).map(|(_, value)| value).collect();
    Masker::new(values.iter().map(String::as_str))
}

/// Hides all that a pipeline calls secret, as far as it can be had: the commands of secrets are run, as a run does.
pub fn whole_masker(pipeline: Option<&Pipeline>, disk: &Disk) -> Masker {
    let values: Vec<String> =
        pipeline.into_iter().flat_map(|pipeline| had(pipeline, disk, |_| true)).map(|(_, value)| value).collect();
    Masker::new(values.iter().map(String::as_str))
}

fn had<'p>(
    pipeline: &'p Pipeline,
    disk: &'p Disk,
    wanted: impl Fn(&Secret) -> bool + 'p,
) -> impl Iterator<Item = (Name, String)> + 'p {
    let secrets = pipeline.secrets().iter().filter(move |(_, secret)| wanted(secret));
    secrets.filter_map(|(name, secret)| Some((name.clone(), secret_value(name, secret, disk).ok()?)))
}

fn command_failed(param: &Param, command: &HostCommand, why: &str) -> Diagnostic {
    let name = &param.name.value;
    let help = match &param.env {
        Some(variable) => format!("set {variable}, or run with `--set {name}=VALUE`, or give the param a `default=`"),
        None => format!("run with `--set {name}=VALUE`, or give the param a `default=`"),
    };
    Diagnostic::new(command::PARAM_COMMAND_FAILED, format!("the command of the param `{name}` failed"))
        .label(command.span, "run on this host")
        .note(format!("$ {}\n{why}", command.words.join(" ")))
        .help(help)
}

/// The command worked, and the param may not have what it says.
fn command_refused(param: &Param, command: &HostCommand, value: &str) -> Diagnostic {
    let name = &param.name.value;
    let message = format!("the command of the param `{name}` says `{value}`, which the param may not be");
    let diagnostic = Diagnostic::new(command::PARAM_COMMAND_FAILED, message).label(command.span, "run on this host");
    let diagnostic = match &param.allowed {
        Allowed::Anything => diagnostic,
        Allowed::Choices(choices) => choices.iter().fold(diagnostic, |it, choice| it.label(choice.span, "a choice")),
        Allowed::Pattern { written, .. } => diagnostic.label(written.span, "does not match"),
    };
    diagnostic.help(format!("run with `--set {name}=VALUE`, or mend the command"))
}

/// What the command writes to its output is not shown; what it complains of is.
fn secret_failed(secret: &Secret, command: &HostCommand, why: &str) -> Diagnostic {
    let name = &secret.name.value;
    Diagnostic::new(command::SECRET_UNAVAILABLE, format!("the command of the secret `{name}` failed"))
        .label(command.span, "run on this host")
        .note(format!("$ {}\n{why}", command.words.join(" ")))
        .help("mend the command, or give the secret an `env=` and set that variable")
}
