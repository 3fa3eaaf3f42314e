use std::time::Duration;

use tokio::sync::mpsc;

use super::exec::{MOST, out_of_time};
use super::line::line;
use super::{Looker, Seen, TIMEOUT, Unseen};
use crate::engine::{Chunk, Stream};
use crate::event::Exchange;
use crate::model::{Fact, LogsSince, Name, Query};
use crate::probe::acceptance::site::Lines;
use crate::probe::judge::{Content, Observed, Shortfall, Subject, unanswered};

/// How long what a service has just written may take to arrive in its log.
const ARRIVES: Duration = Duration::from_millis(100);
/// How many pieces of a log wait to be read.
const PIECES: usize = 16;
/// How much of the end of a log is shown with a failure, in bytes.
const SHOWN: usize = 2048;

/// What a service wrote.
#[derive(Debug, Default)]
struct Log {
    /// Both streams, in the order of arrival.
    all: Vec<u8>,
    stdout: Vec<u8>,
    stderr: Vec<u8>,
    is_cut: bool,
}

impl Looker<'_> {
    pub(super) async fn logs(&self, name: &Name, since: LogsSince) -> Result<Seen, Unseen> {
        let standing = self.service(name)?;
        let skip = match since {
            LogsSince::Test => self.written.of(name),
            LogsSince::Start => Lines::default(),
        };
        let request = line(["docker", "logs", &standing.name]);
        // What it writes about what was just done to it is still on its way.
        tokio::time::sleep(ARRIVES).await;
        let (sender, pieces) = mpsc::channel(PIECES);
        let telling = self.site().engine().logs(&standing.container, None, false, sender);
        let reading = async { tokio::join!(telling, read(pieces, skip)) };
        let (told, log) = match tokio::time::timeout(TIMEOUT, reading).await {
            Ok(done) => done,
            Err(_) => return Err(out_of_time(TIMEOUT, request)),
        };
        if let Err(error) = told {
            return Err(self.explain(name, &standing, error).await);
        }
        let evidence = Exchange { request, response: Some(end_of(&log.all)) };
        match log.is_cut {
            true => {
                let (wanted, why) = (format!("a log of at most {} MiB", MOST >> 20), "it is longer".to_owned());
                Err(Unseen::Nothing { wanted, why, evidence: Some(evidence) })
            }
            false => Ok(Seen { found: Box::new(log), evidence }),
        }
    }
}

/// Reads a log to its end, without so many lines at its beginning.
async fn read(mut pieces: mpsc::Receiver<Chunk>, mut skip: Lines) -> Log {
    let mut log = Log::default();
    while let Some(Chunk { stream, data }) = pieces.recv().await {
        let (skip, own) = match stream {
            Stream::Stdout => (&mut skip.stdout, &mut log.stdout),
            Stream::Stderr => (&mut skip.stderr, &mut log.stderr),
        };
        let mut data = &data[..];
        while *skip > 0 {
            let Some(end) = data.iter().position(|byte| *byte == b'\n') else { break };
            data = &data[end + 1..];
            *skip -= 1;
        }
        if *skip > 0 {
            continue;
        }
        if log.all.len() + data.len() > MOST {
            log.is_cut = true;
            break;
        }
        own.extend_from_slice(data);
        log.all.extend_from_slice(data);
    }
    log
}

fn end_of(bytes: &[u8]) -> String {
    let mut from = bytes.len().saturating_sub(SHOWN);
    if from > 0 {
        // Half a line may begin with half a secret, which nobody would know to hide.
        from += bytes[from..].iter().position(|byte| *byte == b'\n').map_or(SHOWN, |end| end + 1);
    }
    let before = if from > 0 { format!("({from} bytes before) …") } else { String::new() };
    format!("{before}{}", String::from_utf8_lossy(&bytes[from..]).trim_end())
}

impl Subject for Log {
    fn observe(&self, query: &Query<String>) -> Observed {
        let called = "the log";
        match query {
            Query::Fact(Fact::Text) => Content::new(&self.all, called).text(),
            Query::Fact(Fact::Stdout) => Content::new(&self.stdout, called).text(),
            Query::Fact(Fact::Stderr) => Content::new(&self.stderr, called).text(),
            query => Content::new(&self.all, called).observe(query).unwrap_or_else(|| unanswered(query)),
        }
    }

    /// A log may say anything.
    fn shortfall(&self) -> Option<Shortfall> {
        None
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::engine::fake::Script;
    use crate::model::Look;
    use crate::probe::acceptance::look::scene::{Scene, web};

    async fn talker() -> Scene {
        Scene::of(Script::runs().says("one").complains("amiss").says("two")).await
    }

    fn logs(since: LogsSince) -> Look {
        Look::Logs { service: web(), since }
    }

    #[tokio::test(start_paused = true)]
    async fn each_question_is_answered_by_what_a_service_wrote() {
        let scene = talker().await;
        let seen = scene.sees(logs(LogsSince::Start), &[]).await;
        assert_eq!(seen.fact(Fact::Text), Observed::Text("one\namiss\ntwo\n".into()));
        assert_eq!(seen.fact(Fact::Stdout), Observed::Text("one\ntwo\n".into()));
        assert_eq!(seen.fact(Fact::Stderr), Observed::Text("amiss\n".into()));
        assert_eq!(seen.fact(Fact::Lines), Observed::Json(json!(["one", "amiss", "two"])));
        assert_eq!(seen.found.observe(&Query::Regex("t.o".into())), Observed::Text("two".into()));
        assert_eq!(seen.found.observe(&Query::Regex("three".into())), Observed::Absent);
        assert!(matches!(seen.fact(Fact::Exit), Observed::Broken(_)), "no log has one");
        assert!(seen.found.shortfall().is_none(), "a log may say anything");
        assert_eq!(seen.evidence.request, "docker logs demo-web");
        assert_eq!(seen.evidence.response.as_deref(), Some("one\namiss\ntwo"));
    }

    #[tokio::test(start_paused = true)]
    async fn what_was_written_before_the_test_began_is_not_seen() {
        let mut scene = talker().await;
        scene.written = Lines { stdout: 1, stderr: 1 };
        let seen = scene.sees(logs(LogsSince::Test), &[]).await;
        assert_eq!(seen.fact(Fact::Lines), Observed::Json(json!(["two"])));
        assert_eq!(seen.fact(Fact::Stderr), Observed::Text(String::new()));
        scene.written = Lines { stdout: 2, stderr: 1 };
        let seen = scene.sees(logs(LogsSince::Test), &[]).await;
        assert_eq!(seen.fact(Fact::Text), Observed::Text(String::new()));
    }

    #[tokio::test(start_paused = true)]
    async fn a_log_that_is_no_text_or_too_long_is_told_as_that() {
        let scene = Scene::of(Script::runs().writes(Duration::ZERO, Stream::Stdout, b"\xff\n".to_vec())).await;
        let Observed::Broken(why) = scene.sees(logs(LogsSince::Start), &[]).await.fact(Fact::Text) else {
            panic!("answered")
        };
        assert!(why.starts_with("the log is no text"), "{why}");
        let flood = Scene::of(Script::runs().writes(Duration::ZERO, Stream::Stdout, vec![b'a'; MOST + 1])).await;
        let missed = flood.misses(logs(LogsSince::Start)).await;
        assert_eq!(missed, ("a log of at most 16 MiB".to_owned(), "it is longer".to_owned()));
    }

    #[tokio::test]
    async fn a_line_that_comes_in_pieces_is_skipped_whole() {
        let (sender, pieces) = mpsc::channel(4);
        for data in ["be", "fore\naf", "ter\n"] {
            let chunk = Chunk { stream: Stream::Stdout, data: data.into() };
            sender.send(chunk).await.expect("there is room");
        }
        drop(sender);
        let log = read(pieces, Lines { stdout: 1, stderr: 0 }).await;
        assert_eq!(String::from_utf8_lossy(&log.all), "after\n");
    }
}
