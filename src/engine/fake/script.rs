use std::time::Duration;

use crate::engine::{ErrorKind, Stream, Usage};

/// What a container does.
///
/// ```
/// use std::time::Duration;
/// use pipe::engine::fake::Script;
///
/// let migrate = Script::exits(7).after(Duration::from_secs(2)).says("applying 0001").complains("no such table");
/// let db = Script::runs().ready_after(Duration::from_secs(3)).stops_in(Duration::from_millis(200));
/// let flaky = Script::runs().answers("pg_isready", [(1, "starting up"), (1, "starting up"), (0, "accepting")]);
/// ```
#[derive(Debug, Clone)]
pub struct Script {
    pub(super) writes: Vec<Write>,
    pub(super) end: Option<End>,
    pub(super) ready_after: Duration,
    pub(super) answers: Vec<Answers>,
    pub(super) exec_takes: Duration,
    pub(super) stops_in: Option<Duration>,
    pub(super) stop_code: Option<i64>,
    pub(super) create_takes: Duration,
    pub(super) start_takes: Duration,
    pub(super) create_error: Option<(ErrorKind, String)>,
    pub(super) start_error: Option<(ErrorKind, String)>,
    pub(super) files: Vec<(String, Vec<u8>)>,
    pub(super) usage: Usage,
}

/// Bytes written at a time after the start.
#[derive(Debug, Clone)]
pub(super) struct Write {
    pub(super) at: Duration,
    pub(super) stream: Stream,
    pub(super) data: Vec<u8>,
}

/// How a process ends by itself.
#[derive(Debug, Clone, Copy)]
pub(super) struct End {
    pub(super) after: Duration,
    pub(super) code: i64,
    pub(super) oom: bool,
}

/// What one attempt at a command comes to: its exit code and both of its streams.
#[derive(Debug, Clone, Default)]
pub(super) struct Answer {
    pub(super) code: i64,
    pub(super) stdout: String,
    pub(super) stderr: String,
}

/// What commands that contain a text answer, one attempt after the other; the last answer stays.
#[derive(Debug, Clone)]
pub(super) struct Answers {
    pub(super) pattern: String,
    pub(super) results: Vec<Answer>,
}

impl Script {
    /// Runs until it is stopped, which takes no time and ends with 128 + the signal. Commands in it succeed at once.
    pub fn runs() -> Self {
        Script {
            writes: Vec::new(),
            end: None,
            ready_after: Duration::ZERO,
            answers: Vec::new(),
            exec_takes: Duration::ZERO,
            stops_in: Some(Duration::ZERO),
            stop_code: None,
            create_takes: Duration::ZERO,
            start_takes: Duration::ZERO,
            create_error: None,
            start_error: None,
            files: Vec::new(),
            usage: Usage::default(),
        }
    }

    /// Ends with this code; at once, unless [`Script::after`] says when.
    pub fn exits(code: i64) -> Self {
        Script { end: Some(End { after: Duration::ZERO, code, oom: false }), ..Script::runs() }
    }

    /// Ends so long after its start.
    pub fn after(mut self, time: Duration) -> Self {
        let end = self.end.unwrap_or(End { after: time, code: 0, oom: false });
        self.end = Some(End { after: time, ..end });
        self
    }

    /// A process of it is killed for want of memory when it ends.
    pub fn out_of_memory(mut self) -> Self {
        let end = self.end.unwrap_or(End { after: Duration::ZERO, code: 137, oom: false });
        self.end = Some(End { oom: true, ..end });
        self
    }

    /// Writes a line to its standard output at its start.
    pub fn says(self, line: &str) -> Self {
        self.writes(Duration::ZERO, Stream::Stdout, format!("{line}\n"))
    }

    /// Writes a line to its standard error at its start.
    pub fn complains(self, line: &str) -> Self {
        self.writes(Duration::ZERO, Stream::Stderr, format!("{line}\n"))
    }

    /// Writes these bytes so long after its start.
    pub fn writes(mut self, at: Duration, stream: Stream, data: impl Into<Vec<u8>>) -> Self {
        self.writes.push(Write { at, stream, data: data.into() });
        self.writes.sort_by_key(|write| write.at);
        self
    }

    /// Commands in it fail with code 1 and `not ready` until so long after its start.
    pub fn ready_after(mut self, time: Duration) -> Self {
        self.ready_after = time;
        self
    }

    /// Commands in it always fail.
    pub fn never_ready(self) -> Self {
        self.ready_after(Duration::MAX)
    }

    /// Commands whose words, joined by blanks, contain `pattern` answer these codes and outputs, one attempt after the other; the last
    /// one stays. The first pattern that fits counts; readiness does not matter to it.
    pub fn answers<'a>(
        mut self,
        pattern: impl Into<String>,
        results: impl IntoIterator<Item = (i64, &'a str)>,
    ) -> Self {
        let answer = |(code, output): (i64, &str)| Answer { code, stdout: output.to_owned(), ..Answer::default() };
        let results = results.into_iter().map(answer).collect();
        self.answers.push(Answers { pattern: pattern.into(), results });
        self
    }

    /// Commands whose words contain `pattern` fail with this code and these words on their standard error.
    pub fn refuses(mut self, pattern: impl Into<String>, code: i64, stderr: &str) -> Self {
        let results = vec![Answer { code, stderr: stderr.to_owned(), ..Answer::default() }];
        self.answers.push(Answers { pattern: pattern.into(), results });
        self
    }

    /// Each command in it takes so long.
    pub fn exec_takes(mut self, time: Duration) -> Self {
        self.exec_takes = time;
        self
    }

    /// Ends so long after a stop signal.
    pub fn stops_in(mut self, time: Duration) -> Self {
        self.stops_in = Some(time);
        self
    }

    /// Ends with this code after a stop signal.
    pub fn stops_with(mut self, code: i64) -> Self {
        self.stop_code = Some(code);
        self
    }

    /// Only `SIGKILL` ends it.
    pub fn ignores_stop(mut self) -> Self {
        self.stops_in = None;
        self
    }

    /// Its creation takes so long.
    pub fn create_takes(mut self, time: Duration) -> Self {
        self.create_takes = time;
        self
    }

    /// Its start takes so long.
    pub fn start_takes(mut self, time: Duration) -> Self {
        self.start_takes = time;
        self
    }

    /// It cannot be created.
    pub fn cannot_create(mut self, kind: ErrorKind, message: impl Into<String>) -> Self {
        self.create_error = Some((kind, message.into()));
        self
    }

    /// It cannot be started.
    pub fn cannot_start(mut self, kind: ErrorKind, message: impl Into<String>) -> Self {
        self.start_error = Some((kind, message.into()));
        self
    }

    /// What it uses while it runs.
    pub fn uses(mut self, usage: Usage) -> Self {
        self.usage = usage;
        self
    }

    /// A file in it, by absolute path.
    pub fn file(mut self, path: impl Into<String>, data: impl Into<Vec<u8>>) -> Self {
        self.files.push((path.into(), data.into()));
        self
    }
}
