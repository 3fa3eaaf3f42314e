//! The daemon's API with nothing between: HTTP/1.1 over its unix socket, a connection for each call.

use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::net::UnixStream;

use serde_json::Value;

/// A version that every daemon since 2020 speaks.
const VERSION: &str = "v1.41";

/// An answer whose head has come.
pub struct Answer {
    pub status: u16,
    chunked: bool,
    length: Option<usize>,
    reader: BufReader<UnixStream>,
}

/// Calls and waits for the whole answer; anything but success ends the benchmark.
pub fn call(method: &str, path: &str, body: Option<&Value>) -> Value {
    let answer = send(method, path, body);
    let status = answer.status;
    let text = answer.body();
    assert!((200..400).contains(&status), "{method} {path}: {status} {text}");
    serde_json::from_str(&text).unwrap_or(Value::Null)
}

/// Calls and waits for the head of the answer only.
pub fn send(method: &str, path: &str, body: Option<&Value>) -> Answer {
    let socket = std::env::var("DOCKER_HOST").unwrap_or_else(|_| "unix:///var/run/docker.sock".to_owned());
    let socket = socket.strip_prefix("unix://").expect("the benchmark speaks to a unix socket only");
    let mut stream = UnixStream::connect(socket).expect("a Docker daemon");
    let body = body.map(Value::to_string).unwrap_or_default();
    let message = format!(
        "{method} /{VERSION}{path} HTTP/1.1\r\nHost: docker\r\nConnection: close\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(message.as_bytes()).expect("the daemon listens");
    let mut answer = Answer { status: 0, chunked: false, length: None, reader: BufReader::new(stream) };
    answer.head();
    answer
}

impl Answer {
    fn head(&mut self) {
        let status = self.line();
        self.status = status.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status line");
        loop {
            let line = self.line().to_ascii_lowercase();
            match line.split_once(':') {
                Some(("content-length", length)) => self.length = length.trim().parse().ok(),
                Some(("transfer-encoding", coding)) => self.chunked = coding.trim() == "chunked",
                Some(_) => {}
                None => return,
            }
        }
    }

    /// The rest, to its end.
    pub fn body(mut self) -> String {
        let mut body = Vec::new();
        if self.chunked {
            loop {
                let size = usize::from_str_radix(self.line().trim(), 16).expect("the size of a chunk");
                if size == 0 {
                    break;
                }
                let begin = body.len();
                body.resize(begin + size, 0);
                self.reader.read_exact(&mut body[begin..]).expect("a whole chunk");
                self.line();
            }
        } else if let Some(length) = self.length {
            body.resize(length, 0);
            self.reader.read_exact(&mut body).expect("a whole body");
        } else {
            self.reader.read_to_end(&mut body).expect("a body");
        }
        String::from_utf8_lossy(&body).into_owned()
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.reader.read_line(&mut line).expect("a line of the answer");
        line.trim_end().to_owned()
    }
}
