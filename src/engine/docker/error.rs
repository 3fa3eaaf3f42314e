use std::error::Error;
use std::io;
use std::sync::LazyLock;
use std::time::Duration;

use bollard::errors::Error as ApiError;
use regex::Regex;

use super::dialer::DialError;
use crate::engine::{EngineError, ErrorKind, Result};

/// What the daemon says when a port of the host is in use, in the words of its versions.
static PORT_TAKEN: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    [
        r"(?i)bind for \S*:(\d+) failed: port is already allocated",
        r"listen \w+ \S*:(\d+): bind: address already in use",
        r"failed to bind host port (?:for )?(?:\[[^\]]*\]|[^:\s]+):(\d+)",
    ]
    .iter()
    .map(|pattern| Regex::new(pattern).expect("the pattern stands above"))
    .collect()
});

/// How much of an answer that makes no sense is shown, in bytes.
const EXCERPT: usize = 200;

/// Waits for an answer of the API at most for `limit`, and tells what went wrong in our words.
pub(super) async fn within<T, E: Understood>(
    operation: &str,
    limit: Duration,
    answer: impl Future<Output = std::result::Result<T, E>>,
) -> Result<T> {
    match tokio::time::timeout(limit, answer).await {
        Ok(result) => result.map_err(|error| error.understood(operation)),
        Err(_) => {
            let message = format!("the engine has not answered within {limit:?}");
            Err(EngineError::new(ErrorKind::TimedOut, operation, message))
        }
    }
}

/// Errors of the layers below, told in ours.
pub(super) trait Understood {
    /// This error, met while doing `operation`.
    fn understood(self, operation: &str) -> EngineError;
}

impl Understood for EngineError {
    fn understood(self, _: &str) -> EngineError {
        self
    }
}

impl Understood for io::Error {
    fn understood(self, operation: &str) -> EngineError {
        broken(operation, &self)
    }
}

impl Understood for hyper::Error {
    fn understood(self, operation: &str) -> EngineError {
        broken(operation, &self)
    }
}

impl Understood for ApiError {
    fn understood(self, operation: &str) -> EngineError {
        match self {
            ApiError::DockerResponseServerError { status_code, message } => refused(operation, status_code, &message),
            ApiError::DockerStreamError { error } => refused(operation, 500, &error),
            ApiError::RequestTimeoutError => EngineError::new(ErrorKind::TimedOut, operation, "no answer"),
            ApiError::JsonDataError { message, contents, .. } => garbled(operation, &message, contents.as_bytes()),
            ApiError::JsonSerdeError { err } => garbled(operation, &err.to_string(), b""),
            error => broken(operation, &error),
        }
    }
}

/// The daemon answered that it will not or cannot.
pub(super) fn refused(operation: &str, status: u16, message: &str) -> EngineError {
    let message = message.trim();
    // The daemon speaks JSON; who speaks something else, or of gateways, stands before it.
    if matches!(status, 502..=504) {
        let message = format!("who stands before the engine answers {status}: {}", excerpt(message.as_bytes()));
        return EngineError::new(ErrorKind::Broken, operation, message);
    }
    if message.starts_with('<') {
        return garbled(operation, &format!("status {status}, and no JSON"), message.as_bytes());
    }
    EngineError::new(kind(status, message), operation, message)
}

/// An answer that was not understood, and how it begins.
pub(super) fn garbled(operation: &str, why: &str, answer: &[u8]) -> EngineError {
    let message = match answer.is_empty() {
        true => format!("the answer makes no sense ({why})"),
        false => format!("the answer makes no sense ({why}): `{}`", excerpt(answer)),
    };
    EngineError::new(ErrorKind::Garbled, operation, message)
}

/// The beginning of what somebody sent, harmless to a terminal.
fn excerpt(bytes: &[u8]) -> String {
    let (shown, more) = (&bytes[..bytes.len().min(EXCERPT)], bytes.len() > EXCERPT);
    let shown = String::from_utf8_lossy(shown);
    let mut text: String = shown
        .chars()
        .map(|it| if it.is_control() { it.escape_default().to_string() } else { it.to_string() })
        .collect();
    text.push_str(if more { "…" } else { "" });
    text
}

/// The status says the class; the text says what the class does not.
fn kind(status: u16, message: &str) -> ErrorKind {
    let text = message.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
    let port = PORT_TAKEN.iter().find_map(|pattern| pattern.captures(message)?.get(1)?.as_str().parse().ok());
    if let Some(port) = port {
        return ErrorKind::PortTaken(port);
    }
    if says(&["no space left on device"]) {
        return ErrorKind::NoSpace;
    }
    if says(&["address pool", "fully subnetted"]) && !says(&["invalid"]) {
        return ErrorKind::NoSubnet;
    }
    if says(&[
        "oci runtime",
        "executable file not found",
        "invalid mount config",
        "failed to mount",
        "no command specified",
    ]) {
        return ErrorKind::CannotStart;
    }
    if says(&["repository does not exist", "manifest unknown", "not found: manifest", "does not exist locally"]) {
        return ErrorKind::NotFound;
    }
    if status == 401 || says(&["unauthorized", "authentication required", "no basic auth credentials", "denied: "]) {
        return ErrorKind::AuthRequired;
    }
    match status {
        403 if says(&["authorization denied"]) => ErrorKind::Forbidden,
        404 => ErrorKind::NotFound,
        403 | 409 => ErrorKind::Conflict,
        500 if says(&["manifest for ", "no such image"]) && says(&["not found", "no such"]) => ErrorKind::NotFound,
        _ => ErrorKind::Protocol,
    }
}

/// The connection did not come up or broke, or what came over it made no sense.
fn broken(operation: &str, error: &(dyn Error + 'static)) -> EngineError {
    let chain = || std::iter::successors(Some(error), |error: &&(dyn Error + 'static)| (*error).source());
    for cause in chain() {
        let inner = cause.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        let dial = inner.and_then(|inner| inner.downcast_ref::<DialError>()).or_else(|| cause.downcast_ref());
        if let Some(dial) = dial {
            let kind = match dial.denied {
                true => ErrorKind::Forbidden,
                false => ErrorKind::Unreachable(dial.tried.clone()),
            };
            return EngineError::new(kind, operation, dial.to_string());
        }
    }
    // The last cause says most: the layers above only say that something below them failed.
    let message = chain().last().map_or_else(String::new, ToString::to_string);
    let system = chain().find_map(|cause| cause.downcast_ref::<io::Error>()).map(io::Error::kind);
    let nonsense = chain().filter_map(|cause| cause.downcast_ref::<hyper::Error>()).any(hyper::Error::is_parse);
    let kind = match system {
        Some(io::ErrorKind::TimedOut) => ErrorKind::TimedOut,
        Some(io::ErrorKind::InvalidData) => ErrorKind::Garbled,
        _ if nonsense => ErrorKind::Garbled,
        _ => ErrorKind::Broken,
    };
    EngineError::new(kind, operation, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_port_is_found_in_the_words_of_every_version() {
        for (message, port) in [
            (
                "driver failed programming external connectivity on endpoint x (5f…): Bind for 127.0.0.1:8080 failed: port is already allocated",
                8080,
            ),
            ("Error starting userland proxy: listen tcp4 127.0.0.1:5432: bind: address already in use", 5432),
            ("failed to bind host port for 127.0.0.1:81:172.17.0.2:80/tcp: address already in use", 81),
            ("failed to bind host port [::]:443/tcp: address already in use", 443),
        ] {
            let error = refused("start", 500, message);
            assert!(matches!(error.kind, ErrorKind::PortTaken(found) if found == port), "{message}: {:?}", error.kind);
        }
    }

    #[test]
    fn words_decide_where_the_status_is_too_coarse() {
        let kind = |status, message: &str| refused("x", status, message).kind;
        assert!(matches!(
            kind(400, "OCI runtime create failed: exec: \"x\": executable file not found in $PATH: unknown"),
            ErrorKind::CannotStart
        ));
        assert!(matches!(
            kind(500, "could not find an available, non-overlapping IPv4 address pool among the defaults"),
            ErrorKind::NoSubnet
        ));
        assert!(matches!(kind(500, "write /var/lib: no space left on device"), ErrorKind::NoSpace));
        assert!(matches!(kind(500, "Head \"http://r/v2/x\": no basic auth credentials"), ErrorKind::AuthRequired));
        assert!(matches!(
            kind(404, "pull access denied for x, repository does not exist or may require 'docker login': denied: …"),
            ErrorKind::NotFound
        ));
        assert!(matches!(kind(500, "manifest for r/x:1 not found: manifest unknown"), ErrorKind::NotFound));
        assert!(matches!(kind(403, "network n has active endpoints"), ErrorKind::Conflict));
        assert!(matches!(kind(403, "authorization denied by plugin p"), ErrorKind::Forbidden));
        assert!(matches!(kind(409, "name is already in use"), ErrorKind::Conflict));
        assert!(matches!(kind(500, "something new"), ErrorKind::Protocol));
    }

    #[test]
    fn who_stands_before_the_engine_is_not_taken_for_it() {
        let error = refused("look", 502, "<html><h1>Bad Gateway</h1>\x1b[2J");
        assert!(matches!(error.kind, ErrorKind::Broken), "{:?}", error.kind);
        assert!(error.message.ends_with("answers 502: <html><h1>Bad Gateway</h1>\\u{1b}[2J"), "{error}");
        let error = refused("look", 500, &format!("<p>{}", "x".repeat(300)));
        assert!(matches!(error.kind, ErrorKind::Garbled), "{:?}", error.kind);
        assert!(error.message.len() < 300 && error.message.ends_with("…`"), "{error}");
    }

    #[test]
    fn a_connection_that_breaks_is_told_from_nonsense() {
        let kind = |kind: io::ErrorKind| io::Error::from(kind).understood("look").kind;
        assert!(matches!(kind(io::ErrorKind::ConnectionReset), ErrorKind::Broken));
        assert!(matches!(kind(io::ErrorKind::UnexpectedEof), ErrorKind::Broken));
        assert!(matches!(kind(io::ErrorKind::TimedOut), ErrorKind::TimedOut));
        assert!(matches!(kind(io::ErrorKind::InvalidData), ErrorKind::Garbled));
    }

    #[tokio::test(start_paused = true)]
    async fn a_deadline_is_told_as_such() {
        let never = std::future::pending::<io::Result<()>>();
        let error = within("look", Duration::from_secs(10), never).await.expect_err("no answer");
        assert!(matches!(error.kind, ErrorKind::TimedOut));
        assert!(error.to_string().contains("10s"), "{error}");
    }
}
