use std::time::Duration;

use serde_json::Value;
use tokio::time::Instant;

use super::exec::{Command, MOST, beginning, exec_line, out_of_time, text_of};
use super::{Looker, Seen, Unseen};
use crate::engine::{ErrorKind, ExecRequest};
use crate::event::Exchange;
use crate::model::{Fact, Name, Query, Text};
use crate::probe::judge::{Content, Observed, Shortfall, Subject, milliseconds, select, unanswered};

/// How deep lists may stand in each other.
const DEPTH: usize = 64;

/// How many elements a reply may have, in all its lists: each takes far more memory than its text.
const ELEMENTS: usize = 500_000;

/// What Redis replied.
#[derive(Debug)]
struct Replied {
    /// The reply, or what the server says where it refuses.
    reply: Result<Value, String>,
    took: Duration,
}

impl Looker<'_> {
    pub(super) async fn redis(&self, name: &Name, words: &[Text], limit: Duration) -> Result<Seen, Unseen> {
        let standing = self.service(name)?;
        let mut command = vec!["redis-cli".to_owned(), "--no-raw".to_owned()];
        command.extend(self.fill_all(words)?);
        let environment = self.variables(name, &standing, &["REDIS_"], true).await?;
        let password = environment.into_iter().rfind(|(name, _)| name == "REDIS_PASSWORD");
        let env = password.map(|(_, password)| ("REDISCLI_AUTH".to_owned(), password)).into_iter().collect();
        let request = ExecRequest { command, timeout: limit, env, apart: Some(MOST), ..ExecRequest::default() };
        let line = exec_line(&standing.name, &ExecRequest { env: Vec::new(), ..request.clone() });
        let began = Instant::now();
        let output = match self.site().engine().exec(&standing.container, request).await {
            Ok(output) => output,
            Err(error) if matches!(error.kind, ErrorKind::TimedOut) => return Err(out_of_time(limit, line)),
            Err(error) => return Err(self.explain(name, &standing, error).await),
        };
        let took = began.elapsed();
        if output.is_cut {
            return Command { output, took, oom_killed: false }.seen(line);
        }
        let evidence = Exchange { request: line, response: Some(text_of(&output.output)) };
        if matches!(output.code, 126 | 127) {
            let why = format!("the container of `{name}` has no `redis-cli`");
            let wanted = "a client in the container".to_owned();
            return Err(Unseen::Nothing { wanted, why, evidence: Some(evidence) });
        }
        let said = String::from_utf8_lossy(&output.stdout);
        let reply = match output.code {
            0 => reply(&said),
            _ => Err(beginning(&output.output)),
        };
        Ok(Seen { found: Box::new(Replied { reply, took }), evidence })
    }
}

/// Reads what `redis-cli --no-raw` writes: types are in its punctuation.
fn reply(text: &str) -> Result<Value, String> {
    let lines: Vec<&str> = text.trim_end_matches('\n').split('\n').collect();
    if lines.len() > ELEMENTS {
        return Err(format!("the reply has more than {ELEMENTS} elements"));
    }
    let (value, read) = element(&lines, 0, 0)?;
    match lines[read..].iter().all(|line| line.is_empty()) {
        true => Ok(value),
        // A reply that goes on is a text of several lines, as `INFO` has it.
        false => Ok(text.trim_end().replace("\r\n", "\n").into()),
    }
}

/// The element whose first line, without what stands before it, begins at a column; with the number of lines that it takes.
fn element(lines: &[&str], column: usize, depth: usize) -> Result<(Value, usize), String> {
    if depth > DEPTH {
        return Err(format!("the lists of the reply stand more than {DEPTH} deep in each other"));
    }
    let first = lines.first().and_then(|line| line.get(column..)).unwrap_or_default();
    if let Some(why) = first.strip_prefix("(error) ") {
        return if column == 0 { Err(why.to_owned()) } else { Ok((why.into(), 1)) };
    }
    if item(first).is_none() {
        return Ok((scalar(first), 1));
    }
    let (mut list, mut read) = (Vec::new(), 0);
    while let Some(width) = lines.get(read).and_then(|line| item(line.get(column..)?)) {
        // The lines of an element behind its first begin with blanks as wide as its number.
        let blank = |line: &&str| line.get(..column + width).is_some_and(|blank| blank.trim().is_empty());
        let more = lines[read + 1..].iter().take_while(|line| blank(line)).count();
        let (value, _) = element(&lines[read..=read + more], column + width, depth + 1)?;
        list.push(value);
        read += 1 + more;
    }
    Ok((list.into(), read))
}

/// How wide the number of an element of a list is: of `1) "a"` three.
fn item(text: &str) -> Option<usize> {
    let digits = text.trim_start();
    let end = digits.find(|c: char| !c.is_ascii_digit()).filter(|end| *end > 0)?;
    let mark = digits[end..].strip_prefix(") ").or_else(|| digits[end..].strip_prefix("# "));
    mark.map(|rest| text.len() - rest.len())
}

fn scalar(text: &str) -> Value {
    if let Some(number) = text.strip_prefix("(integer) ") {
        return number.parse::<i64>().map_or_else(|_| number.into(), Value::from);
    }
    if let Some(number) = text.strip_prefix("(double) ") {
        return number.parse::<f64>().map_or_else(|_| number.into(), Value::from);
    }
    match text {
        "(nil)" => Value::Null,
        "(true)" => true.into(),
        "(false)" => false.into(),
        "(empty array)" | "(empty list or set)" | "(empty set)" | "(empty hash)" => Value::Array(Vec::new()),
        _ => text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).map_or(text.into(), unescaped),
    }
}

fn unescaped(text: &str) -> Value {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [byte, after @ ..] = rest {
        rest = after;
        if *byte != b'\\' {
            bytes.push(*byte);
            continue;
        }
        let [escape, after @ ..] = rest else { break };
        rest = after;
        match escape {
            b'n' => bytes.push(b'\n'),
            b'r' => bytes.push(b'\r'),
            b't' => bytes.push(b'\t'),
            b'a' => bytes.push(7),
            b'b' => bytes.push(8),
            b'x' => {
                let digits = rest.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
                match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
                    Some(byte) => {
                        bytes.push(byte);
                        rest = &rest[2..];
                    }
                    None => bytes.push(b'x'),
                }
            }
            other => bytes.push(*other),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned().into()
}

impl Subject for Replied {
    fn observe(&self, query: &Query<String>) -> Observed {
        let reply = match (&self.reply, query) {
            (_, Query::Fact(Fact::Duration)) => return milliseconds(self.took),
            (Err(why), _) => return Observed::Broken(format!("Redis says: {why}")),
            (Ok(reply), _) => reply,
        };
        match query {
            Query::Fact(Fact::Reply) => match reply {
                Value::String(text) => Observed::Text(text.clone()),
                reply => Observed::Json(reply.clone()),
            },
            // A text that is JSON is looked into; any other reply is what it is.
            Query::Json(path) => match reply {
                Value::String(text) => {
                    Content::new(text.as_bytes(), "the reply").observe(query).unwrap_or_else(|| unanswered(query))
                }
                reply => select(path, reply),
            },
            Query::Fact(Fact::Lines) if reply.is_array() => Observed::Json(reply.clone()),
            query => {
                let text = reply.as_str().map_or_else(|| reply.to_string(), str::to_owned);
                Content::new(text.as_bytes(), "the reply").observe(query).unwrap_or_else(|| unanswered(query))
            }
        }
    }

    fn shortfall(&self) -> Option<Shortfall> {
        self.reply.as_ref().err().map(|why| Shortfall::new("reply", "no error", &**why))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn replies_have_the_types_that_the_client_writes() {
        let of = |text: &str| reply(text).expect("a reply");
        assert_eq!(of("OK\n"), json!("OK"));
        assert_eq!(of("(integer) -3\n"), json!(-3));
        assert_eq!(of("(nil)\n"), Value::Null);
        assert_eq!(of("\"a\\\"b\\n\\xc3\\xa9\"\n"), json!("a\"b\né"));
        assert_eq!(of("(empty array)\n"), json!([]));
        assert_eq!(of("1) \"a\"\n2) (integer) 2\n3) (nil)\n"), json!(["a", 2, null]));
        assert_eq!(of("1) 1) \"a\"\n   2) \"b\"\n2) \"c\"\n"), json!([["a", "b"], "c"]));
        assert_eq!(of("# Server\r\nredis_version:7.0.15\r\n"), json!("# Server\nredis_version:7.0.15"));
        let deep = reply(&"1) ".repeat(100_000)).expect_err("too deep");
        assert_eq!(deep, "the lists of the reply stand more than 64 deep in each other");
        let many = reply(&"1) a\n".repeat(ELEMENTS + 1)).expect_err("too many");
        assert_eq!(many, "the reply has more than 500000 elements");
        assert_eq!(reply("(error) ERR unknown command\n"), Err("ERR unknown command".to_owned()));
        let ten: String = (1..=10).map(|n| format!("{n:>2}) (integer) {n}\n")).collect();
        assert_eq!(of(&ten), json!([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]));
    }

    #[test]
    fn a_reply_is_asked_for_and_an_error_told() {
        let took = Duration::from_millis(1);
        let seen = |reply: Result<Value, String>, query: Query<String>| Replied { reply, took }.observe(&query);
        assert_eq!(seen(Ok(json!("7")), Query::Fact(Fact::Reply)), Observed::Text("7".into()));
        assert_eq!(seen(Ok(json!(["a"])), Query::Fact(Fact::Lines)), Observed::Json(json!(["a"])));
        assert_eq!(seen(Ok(json!(["a"])), Query::Json("$[0]".into())), Observed::Json(json!("a")));
        assert_eq!(seen(Ok(json!("{\"a\": 1}")), Query::Json("$.a".into())), Observed::Json(json!(1)));
        let refused = seen(Err("WRONGTYPE".into()), Query::Fact(Fact::Reply));
        assert_eq!(refused, Observed::Broken("Redis says: WRONGTYPE".into()));
    }
}
