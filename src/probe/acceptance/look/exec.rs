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
/// And how many lines of it.
const LINES: usize = 40;

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

    /// What there was to see: the exit code and what it wrote.
    fn shown(&self) -> String {
        let mut shown = match (self.output.is_cut, self.oom_killed) {
            (true, _) => "not waited for".to_owned(),
            (false, true) => format!("exit code {}, out of memory", self.output.code),
            (false, false) => format!("exit code {}", self.output.code),
        };
        for (name, bytes) in [("stdout", &self.output.stdout), ("stderr", &self.output.stderr)] {
            if !bytes.is_empty() {
                shown.push_str(&format!("\n{name}: {}", text_of(bytes)));
            }
        }
        shown
    }
}

/// Bytes as text, whole.
pub(super) fn text_of(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).trim_end().to_owned()
}

/// The beginning of bytes as text; how much more there is, where there is more.
pub(super) fn beginning(bytes: &[u8]) -> String {
    let shown = &bytes[..bytes.len().min(SHOWN)];
    let ends = shown.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at + 1);
    let shown = &shown[..ends.into_iter().nth(LINES - 1).unwrap_or(shown.len())];
    let text = String::from_utf8_lossy(shown);
    let more = bytes.len() - shown.len();
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

#[cfg(test)]
mod tests {
    use indexmap::IndexMap;
    use serde_json::json;

    use super::*;
    use crate::engine::fake::Script;
    use crate::model::{EnvValue, Look};
    use crate::probe::acceptance::look::scene::{Scene, value, web, words};
    use crate::probe::acceptance::suite::tests::literal;
    use crate::source::{Span, Spanned};

    fn exec(command: &[&str]) -> ExecLook {
        ExecLook {
            service: web(),
            words: words(command),
            stdin: None,
            env: IndexMap::new(),
            workdir: None,
            user: None,
            timeout: Duration::from_secs(1),
        }
    }

    fn ended(code: i64, stdout: &[u8], stderr: &[u8]) -> Command {
        let output = ExecOutput { code, stdout: stdout.to_vec(), stderr: stderr.to_vec(), ..ExecOutput::default() };
        Command { output, took: Duration::from_millis(12), oom_killed: false }
    }

    #[test]
    fn each_question_is_answered_by_what_a_command_wrote() {
        let command = ended(3, b"{\"a\": 1}\n", b"amiss\n");
        let seen = |query: Query<String>| command.observe(&query);
        let fact = |fact: Fact| command.observe(&Query::Fact(fact));
        assert_eq!(fact(Fact::Exit), Observed::Number(3.0));
        assert_eq!(fact(Fact::Stdout), Observed::Text("{\"a\": 1}\n".into()));
        assert_eq!(fact(Fact::Stderr), Observed::Text("amiss\n".into()));
        assert_eq!(fact(Fact::Lines), Observed::Json(json!(["{\"a\": 1}"])));
        assert_eq!(fact(Fact::Size), Observed::Number(9.0));
        assert_eq!(fact(Fact::Duration), Observed::Number(12.0));
        assert_eq!(fact(Fact::Md5), Observed::Text("a01637863c1f9585c3e38cde6ce20940".into()));
        assert_eq!(
            fact(Fact::Sha256),
            Observed::Text("e8c628edc9968ef0c668f54e0ba2636b35503357eb1aca0ddc828aeace432f67".into())
        );
        assert_eq!(seen(Query::Json("$.a".into())), Observed::Json(json!(1)));
        assert_eq!(seen(Query::Regex("\"(.)\"".into())), Observed::Text("a".into()));
        assert_eq!(seen(Query::Regex("z".into())), Observed::Absent);
        assert_eq!(ended(0, b"<a>1</a>", b"").observe(&Query::Xml("//a".into())), Observed::Selected(vec![json!("1")]));
        assert!(matches!(fact(Fact::Status), Observed::Broken(_)), "no command has one");
    }

    #[test]
    fn what_is_no_text_and_no_json_is_told_as_that() {
        let command = ended(0, b"\xff", b"\xfe");
        let Observed::Broken(why) = command.observe(&Query::Fact(Fact::Stdout)) else { panic!("answered") };
        assert!(why.starts_with("the output is no text"), "{why}");
        let Observed::Broken(why) = command.observe(&Query::Fact(Fact::Stderr)) else { panic!("answered") };
        assert!(why.starts_with("the error output is no text"), "{why}");
        let Observed::Broken(why) = ended(0, b"", b"").observe(&Query::Json("$".into())) else { panic!("answered") };
        assert_eq!(why, "the output is empty, not JSON");
    }

    #[test]
    fn a_command_of_which_nothing_is_expected_is_to_succeed() {
        assert_eq!(ended(0, b"", b"x").shortfall(), None);
        let killed = Command { oom_killed: true, ..ended(137, b"", b"") };
        let shortfall = killed.shortfall().expect("it failed");
        assert_eq!((shortfall.subject.as_str(), shortfall.actual.as_str()), ("exit", "137, out of memory"));
    }

    #[tokio::test]
    async fn it_is_run_as_asked_and_the_line_to_paste_says_how() {
        let scene = Scene::of(Script::runs().answers("env", [(0, "A=b\n")])).await;
        let secret = EnvValue::Secret(Spanned::new("token".into(), Span::default()));
        let look = ExecLook {
            stdin: Some(literal("fed")),
            env: [("A".to_owned(), value("b")), ("T".to_owned(), secret)].into_iter().collect(),
            workdir: Some(literal("/srv")),
            user: Some(literal("1000")),
            ..exec(&["env", "-0"])
        };
        let seen = scene.sees(Look::Exec(Box::new(look)), &[]).await;
        assert_eq!(seen.fact(Fact::Stdout), Observed::Text("A=b\n".into()));
        assert_eq!(
            seen.evidence.request,
            "printf %s fed | docker exec -i -e A=b -e T=geheim -w /srv -u 1000 demo-web env -0"
        );
        assert_eq!(seen.evidence.response.as_deref(), Some("exit code 0\nstdout: A=b"));
    }

    #[tokio::test(start_paused = true)]
    async fn one_that_does_not_end_is_not_waited_for() {
        let scene = Scene::of(Script::runs().exec_takes(Duration::from_secs(9))).await;
        let missed = scene.misses(Look::Exec(Box::new(exec(&["sleep", "9"])))).await;
        assert_eq!(missed, ("an end within 1s".to_owned(), "it is still at work".to_owned()));
    }

    #[tokio::test(start_paused = true)]
    async fn a_service_that_has_ended_says_how_it_did() {
        let scene = Scene::of(Script::exits(3)).await;
        tokio::time::sleep(Duration::from_millis(1)).await;
        let missed = scene.misses(Look::Exec(Box::new(exec(&["true"])))).await;
        assert_eq!(missed, ("a service that is up".to_owned(), "`web` ended with exit code 3".to_owned()));
        let nobody = ExecLook { service: Spanned::new("db".into(), Span::default()), ..exec(&["true"]) };
        assert_eq!(scene.misses(Look::Exec(Box::new(nobody))).await.1, "`db` was not started");
    }
}
