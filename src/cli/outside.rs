use std::io::Read;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use indexmap::IndexMap;

use super::disk::Disk;
use crate::diagnostic::{Diagnostic, Diagnostics, codes::command};
use crate::model::{Name, Param, ParamSource, Pipeline, SecretSource, Values};
use crate::source::Workspace;

/// How long a command that gives a param its value may take.
const LIMIT: Duration = Duration::from_secs(10);

/// The values of those params that `wanted` names; their commands are run on this host, in the pipeline's directory.
pub fn values(pipeline: &Pipeline, disk: &Disk, wanted: impl Fn(&Name) -> bool) -> Result<Values, Diagnostics> {
    let mut values = Values::default();
    let mut problems = Diagnostics::new();
    for (name, param) in pipeline.params() {
        match &param.source {
            ParamSource::Value(value) => values.set(name.clone(), value),
            ParamSource::Command { words, default, .. } if wanted(name) => match (first_line(words, disk), default) {
                (Ok(value), _) => values.set(name.clone(), value),
                (Err(_), Some(default)) => values.set(name.clone(), default),
                (Err(why), None) => problems.push(command_failed(param, words, &why)),
            },
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
        match &secret.source {
            SecretSource::Value(value) => {
                values.insert(name.clone(), value.clone());
            }
            SecretSource::File(path) => match disk.read(path) {
                Ok(bytes) => {
                    // Files of secrets end in a newline more often than secrets do.
                    let text = String::from_utf8_lossy(&bytes);
                    values.insert(name.clone(), text.strip_suffix('\n').unwrap_or(&text).to_owned());
                }
                Err(error) => problems.push(
                    Diagnostic::new(
                        command::SECRET_UNAVAILABLE,
                        format!("the file `{}` of the secret `{name}` cannot be read", path.display()),
                    )
                    .label(secret.span, "declared here")
                    .note(error.to_string())
                    .help("create the file, or give the secret an `env=` and set that variable"),
                ),
            },
        }
    }
    if problems.is_empty() { Ok(values) } else { Err(problems) }
}

fn command_failed(param: &Param, words: &[String], why: &str) -> Diagnostic {
    let ParamSource::Command { span, .. } = &param.source else { unreachable!("only commands fail") };
    let name = &param.name.value;
    let help = match &param.env {
        Some(variable) => format!("set {variable}, or run with `--set {name}=VALUE`, or give the param a `default=`"),
        None => format!("run with `--set {name}=VALUE`, or give the param a `default=`"),
    };
    Diagnostic::new(command::PARAM_COMMAND_FAILED, format!("the command of the param `{name}` failed"))
        .label(*span, "run on this host")
        .note(format!("$ {}\n{why}", words.join(" ")))
        .help(help)
}

/// The first line that the command writes; why it failed otherwise.
fn first_line(words: &[String], disk: &Disk) -> Result<String, String> {
    let (program, arguments) = words.split_first().ok_or("there is no command")?;
    let mut child = Command::new(program)
        .args(arguments)
        .current_dir(disk.root())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| format!("{program}: {error}"))?;
    let (out, err) = (child.stdout.take(), child.stderr.take());
    let out = std::thread::spawn(move || drain(out));
    let err = std::thread::spawn(move || drain(err));
    let begun = Instant::now();
    let status = loop {
        match child.try_wait() {
            Ok(Some(status)) => break status,
            Ok(None) if begun.elapsed() < LIMIT => std::thread::sleep(Duration::from_millis(2)),
            Ok(None) => {
                // It may have ended in the meantime; either way it is waited for.
                let _ = child.kill();
                let _ = child.wait();
                return Err(format!("it did not end within {} seconds", LIMIT.as_secs()));
            }
            Err(error) => return Err(error.to_string()),
        }
    };
    let out = out.join().unwrap_or_default();
    let err = err.join().unwrap_or_default();
    if !status.success() {
        return Err(format!(
            "{}{status}",
            if err.trim().is_empty() { String::new() } else { format!("{}\n", err.trim()) }
        ));
    }
    match out.lines().next().map(str::trim) {
        Some(line) if !line.is_empty() => Ok(line.to_owned()),
        _ => Err("it wrote nothing".to_owned()),
    }
}

/// At most 64 KiB of what a process writes.
fn drain(stream: Option<impl Read>) -> String {
    let mut bytes = Vec::new();
    if let Some(mut stream) = stream {
        // What cannot be read is as good as not written.
        let _ = stream.by_ref().take(64 << 10).read_to_end(&mut bytes);
        let _ = std::io::copy(&mut stream, &mut std::io::sink());
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
