use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, sync_channel};
use std::time::Instant;

use super::errand::Errand;
use crate::model::HostCommand;

/// The first line that the command writes; why it failed otherwise.
pub fn first_line(command: &HostCommand, root: &Path) -> Result<String, String> {
    let out = output(command, root)?;
    match out.lines().next().map(str::trim) {
        Some(line) if !line.is_empty() => Ok(line.to_owned()),
        _ => Err("it wrote nothing".to_owned()),
    }
}

/// All that the command writes, one line break at its end left out; why it failed otherwise.
pub fn whole(command: &HostCommand, root: &Path) -> Result<String, String> {
    let out = output(command, root)?;
    let out = out.strip_suffix('\n').unwrap_or(&out);
    match out.strip_suffix('\r').unwrap_or(out) {
        "" => Err("it wrote nothing".to_owned()),
        text => Ok(text.to_owned()),
    }
}

/// What the command writes, at most 64 KiB. Paths of its directory start at `root`.
fn output(command: &HostCommand, root: &Path) -> Result<String, String> {
    let HostCommand { words, directory, timeout: limit, .. } = command;
    let (program, arguments) = words.split_first().ok_or("there is no command")?;
    let mut errand = Command::new(program);
    errand.args(arguments).current_dir(root.join(directory));
    errand.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut errand = Errand::begin(&mut errand).map_err(|error| format!("{program}: {error}"))?;
    let (out, err) = errand.output();
    let (out, err) = (drained(out), drained(err));
    let begun = Instant::now();
    let rest = || limit.saturating_sub(begun.elapsed());
    let late = || format!("it did not end within {} seconds", limit.as_secs_f32());
    if !errand.ends_within(*limit) {
        return Err(late());
    }
    // A process that it left behind may hold its output open: that is waited for no longer than itself.
    let out = out.recv_timeout(rest()).map_err(|_| late())?;
    let err = err.recv_timeout(rest()).map_err(|_| late())?;
    let status = errand.status().map_err(|error| error.to_string())?;
    if !status.success() {
        return Err(format!(
            "{}{status}",
            if err.trim().is_empty() { String::new() } else { format!("{}\n", err.trim()) }
        ));
    }
    Ok(out)
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
    use std::time::Duration;

    use super::*;
    use crate::source::Span;

    fn said_within(limit: Duration, script: &str) -> Result<String, String> {
        let words = ["/bin/sh", "-c", script].map(str::to_owned).to_vec();
        let command = HostCommand { words, directory: ".".into(), timeout: limit, span: Span::default() };
        first_line(&command, &std::env::temp_dir())
    }

    #[test]
    fn a_command_gives_its_first_line_or_says_why_not() {
        let limit = Duration::from_secs(60);
        assert_eq!(said_within(limit, "echo ' a '; echo b"), Ok("a".to_owned()));
        assert_eq!(said_within(limit, "true"), Err("it wrote nothing".to_owned()));
        assert_eq!(said_within(limit, "echo why >&2; exit 3"), Err("why\nexit status: 3".to_owned()));
    }

    #[test]
    fn all_of_it_may_be_wanted() {
        let words = ["/bin/sh", "-c", "printf 'a\\nb\\n\\n'"].map(str::to_owned).to_vec();
        let timeout = Duration::from_secs(60);
        let command = HostCommand { words, directory: ".".into(), timeout, span: Span::default() };
        assert_eq!(whole(&command, &std::env::temp_dir()), Ok("a\nb\n".to_owned()));
    }

    #[test]
    fn a_process_left_behind_holds_nobody_up() {
        let began = Instant::now();
        let said = said_within(Duration::from_millis(200), "sleep 5 & echo a");
        assert_eq!(said, Err("it did not end within 0.2 seconds".to_owned()));
        assert!(began.elapsed() < Duration::from_secs(20));
    }

    #[test]
    fn what_does_not_end_in_time_is_ended_with_all_that_it_started() {
        let home = tempfile::tempdir().expect("a place");
        let late = home.path().join("late");
        // Whoever hears of the end of `sleep` would write the file.
        let script = format!("trap '' TERM; (sleep 1; touch {0}) & sleep 1; touch {0}", late.display());
        let said = said_within(Duration::from_millis(200), &script);
        assert_eq!(said, Err("it did not end within 0.2 seconds".to_owned()));
        std::thread::sleep(Duration::from_millis(1_500));
        assert!(!late.exists(), "it went on");
    }
}
