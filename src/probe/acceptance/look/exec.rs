use std::time::Duration;

use bytes::Bytes;
use tokio::time::Instant;

use super::line::line;
use super::{Looker, Seen, Unseen};
use crate::engine::{ErrorKind, ExecOutput, ExecRequest};
use crate::event::Exchange;
use crate::model::{ExecLook, Fact, Query, RunLook};
use crate::probe::acceptance::site::Fresh;
use crate::probe::judge::{Content, Observed, Shortfall, Subject, milliseconds, unanswered};

/// The most that a command may write to each of its streams, in bytes.
pub(in crate::probe) const MOST: usize = 16 << 20;
/// How much of each stream is shown with a failure, in bytes.
const SHOWN: usize = 2048;

/// What a command did.
#[derive(Debug)]
pub(super) struct Command {
    pub output: ExecOutput,
    pub took: Duration,
    pub oom_killed: bool,
}

impl Looker<'_> {
    pub(super) async fn exec(&self, look: &ExecLook) -> Result<Seen, Unseen> {
        let name = &look.service.value;
        let standing = self.service(name)?;
        let mut env = Vec::new();
        for (key, value) in &look.env {
            env.push((key.clone(), self.value(value)?));
        }
        let request = ExecRequest {
            command: self.fill_all(&look.words)?,
            timeout: look.timeout,
            stdin: self.fill_any(look.stdin.as_ref())?.map(Bytes::from),
            env,
            workdir: self.fill_any(look.workdir.as_ref())?,
            user: self.fill_any(look.user.as_ref())?,
            apart: Some(MOST),
        };
        let evidence = exec_line(&standing.name, &request);
        let began = Instant::now();
        match self.site().engine().exec(&standing.container, request).await {
            Ok(output) => {
                let command = Command { output, took: began.elapsed(), oom_killed: false };
                command.seen(evidence)
            }
            Err(error) if matches!(error.kind, ErrorKind::TimedOut) => Err(out_of_time(look.timeout, evidence)),
            Err(error) => Err(self.explain(name, &standing, error).await),
        }
    }
}

impl Looker<'_> {
    /// A command in a container of its own.
    pub(super) async fn run(&self, look: &RunLook) -> Result<Seen, Unseen> {
        let Fresh { output, oom_killed, took, line } = self.site().run(look, self.captures.all()).await?;
        Command { output, took, oom_killed }.seen(line)
    }
}

/// A line for a shell that runs the same command.
pub(super) fn exec_line(container: &str, request: &ExecRequest) -> String {
    let mut words = vec!["docker".to_owned(), "exec".to_owned()];
    words.extend(request.stdin.iter().map(|_| "-i".to_owned()));
    words.extend(request.env.iter().flat_map(|(key, value)| ["-e".to_owned(), format!("{key}={value}")]));
    words.extend(request.workdir.iter().flat_map(|directory| ["-w".to_owned(), directory.clone()]));
    words.extend(request.user.iter().flat_map(|user| ["-u".to_owned(), user.clone()]));
    words.push(container.to_owned());
    words.extend(request.command.iter().cloned());
    let command = line(words.iter().map(String::as_str));
    match &request.stdin {
        Some(stdin) if stdin.len() <= SHOWN => {
            format!("{} | {command}", line(["printf", "%s", &String::from_utf8_lossy(stdin)]))
        }
        Some(_) | None => command,
    }
}

/// A command that has not ended in its time.
pub(super) fn out_of_time(limit: Duration, request: String) -> Unseen {
    Unseen::Nothing {
        wanted: format!("an end within {limit:?}"),
        why: "it is still at work".to_owned(),
        evidence: Some(Exchange { request, response: None }),
    }
}

impl Command {
    /// To be asked, unless it wrote too much.
    pub fn seen(self, line: String) -> Result<Seen, Unseen> {
        let evidence = Exchange { request: line, response: Some(self.shown()) };
        if self.output.is_cut {
            let wanted = format!("an output of at most {} MiB", MOST >> 20);
            let why = "it writes more".to_owned();
            return Err(Unseen::Nothing { wanted, why, evidence: Some(evidence) });
        }
        Ok(Seen { found: Box::new(self), evidence })
    }

    /// What there was to see: the exit code and the beginning of what it wrote.
    fn shown(&self) -> String {
        let mut shown = match (self.output.is_cut, self.oom_killed) {
            (true, _) => "not waited for".to_owned(),
            (false, true) => format!("exit code {}, out of memory", self.output.code),
            (false, false) => format!("exit code {}", self.output.code),
        };
        for (name, bytes) in [("stdout", &self.output.stdout), ("stderr", &self.output.stderr)] {
            if !bytes.is_empty() {
                shown.push_str(&format!("\n{name}: {}", beginning(bytes)));
            }
        }
        shown
    }
}

/// The beginning of bytes as text; how much more there is, where there is more.
pub(super) fn beginning(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(SHOWN)]);
    let more = bytes.len().saturating_sub(SHOWN);
    let more = if more > 0 { format!("… ({more} bytes more)") } else { String::new() };
    format!("{}{more}", text.trim_end())
}

impl Subject for Command {
    fn observe(&self, query: &Query<String>) -> Observed {
        let ExecOutput { code, stdout, stderr, .. } = &self.output;
        match query {
            Query::Fact(Fact::Exit) => Observed::Number(*code as f64),
            Query::Fact(Fact::Stdout) => Content::new(stdout, "the output").text(),
            Query::Fact(Fact::Stderr) => Content::new(stderr, "the error output").text(),
            Query::Fact(Fact::Duration) => milliseconds(self.took),
            query => Content::new(stdout, "the output").observe(query).unwrap_or_else(|| unanswered(query)),
        }
    }

    fn shortfall(&self) -> Option<Shortfall> {
        let code = self.output.code;
        let memory = if self.oom_killed { ", out of memory" } else { "" };
        (code != 0).then(|| Shortfall::new("exit", "equals 0", format!("{code}{memory}")))
    }
}
