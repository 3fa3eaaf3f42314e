use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, sync_channel};
use std::time::{Duration, Instant};

use indexmap::IndexMap;

use super::disk::Disk;
use crate::diagnostic::{Diagnostic, Diagnostics, codes::command};
use crate::model::{Name, Param, ParamSource, Pipeline, SecretSource, Values};
use crate::run::Masker;
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
            ParamSource::Command { words, directory, default, .. } if wanted(name) => {
                match (first_line(words, &disk.root().join(directory), LIMIT), default) {
                    (Ok(value), _) => values.set(name.clone(), value),
                    (Err(_), Some(default)) => values.set(name.clone(), default),
                    (Err(why), None) => problems.push(command_failed(param, words, &why)),
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

/// Hides what a pipeline calls secret, as far as its file and the environment tell the values.
pub fn masker(pipeline: Option<&Pipeline>, disk: &Disk) -> Masker {
    match pipeline.map(|pipeline| secrets(pipeline, disk, |_| true)) {
        Some(Ok(values)) => Masker::new(values.values().map(String::as_str)),
        Some(Err(_)) | None => Masker::default(),
    }
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
fn first_line(words: &[String], directory: &Path, limit: Duration) -> Result<String, String> {
    let (program, arguments) = words.split_first().ok_or("there is no command")?;
    let mut child = Command::new(program)
        .args(arguments)
        .current_dir(directory)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| format!("{program}: {error}"))?;
    let (out, err) = (drained(child.stdout.take()), drained(child.stderr.take()));
    let begun = Instant::now();
    let late = || format!("it did not end within {} seconds", limit.as_secs_f32());
    let status = loop {
        match child.try_wait() {
            Ok(Some(status)) => break status,
            Ok(None) if begun.elapsed() < limit => std::thread::sleep(Duration::from_millis(2)),
            Ok(None) => {
                // It may have ended in the meantime; either way it is waited for.
                let _ = child.kill();
                let _ = child.wait();
                return Err(late());
            }
            Err(error) => return Err(error.to_string()),
        }
    };
    // A process that it left behind may hold its output open: that is waited for no longer than itself.
    let rest = || limit.saturating_sub(begun.elapsed());
    let out = out.recv_timeout(rest()).map_err(|_| late())?;
    let err = err.recv_timeout(rest()).map_err(|_| late())?;
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

/// What [`drain`] gives, once there is no more.
fn drained(stream: Option<impl Read + Send + 'static>) -> Receiver<String> {
    let (sender, receiver) = sync_channel(1);
    // Who does not wait any more is not told.
    std::thread::spawn(move || drop(sender.send(drain(stream))));
    receiver
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

#[cfg(test)]
mod tests {
    use super::*;

    fn said_within(limit: Duration, script: &str) -> Result<String, String> {
        let words = ["/bin/sh", "-c", script].map(str::to_owned);
        first_line(&words, &std::env::temp_dir(), limit)
    }

    #[test]
    fn a_command_gives_its_first_line_or_says_why_not() {
        let limit = Duration::from_secs(60);
        assert_eq!(said_within(limit, "echo ' a '; echo b"), Ok("a".to_owned()));
        assert_eq!(said_within(limit, "true"), Err("it wrote nothing".to_owned()));
        assert_eq!(said_within(limit, "echo why >&2; exit 3"), Err("why\nexit status: 3".to_owned()));
    }

    #[test]
    fn a_process_left_behind_holds_nobody_up() {
        let began = Instant::now();
        let said = said_within(Duration::from_millis(200), "sleep 5 & echo a");
        assert_eq!(said, Err("it did not end within 0.2 seconds".to_owned()));
        assert!(began.elapsed() < Duration::from_secs(20));
    }
}
