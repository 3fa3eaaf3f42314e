use std::io;
use std::time::Duration;

use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;

use super::{Check, Endpoint};
use crate::engine::{ContainerId, Engine, EngineError, ErrorKind, ExecRequest};
use crate::probe::http::{Client, Request, Url};

/// How long an accepted connection to a published port must stay open to count: the engine's proxy has closed it by then
/// where nobody listens inside.
const PROXY_CLOSES: Duration = Duration::from_millis(150);

/// How many lines, and bytes of each, of what a try says are kept.
const LINES: usize = 5;
const LINE_BYTES: usize = 400;

/// What one try saw.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Look {
    /// It passed.
    pub passed: bool,
    /// The exit code of a command; the status of an HTTP answer.
    pub code: Option<i64>,
    /// What it said, cut to a few lines.
    pub output: String,
    /// The command could not be run: exit code 126 or 127.
    pub tool_missing: bool,
}

impl Look {
    fn failed(output: impl Into<String>) -> Self {
        Look { output: output.into(), ..Look::default() }
    }

    fn passed(code: Option<i64>, output: impl Into<String>) -> Self {
        Look { passed: true, code, output: output.into(), tool_missing: false }
    }
}

/// Looks at a service once, for evidence; `None` where its check is not one to be tried again, or the engine does not answer.
pub async fn look_once(
    engine: &dyn Engine,
    container: &ContainerId,
    check: &Check,
    endpoint: Option<Endpoint>,
    timeout: Duration,
) -> Option<Look> {
    match check {
        Check::Command(words) => at_command(engine, container, words, timeout).await.ok(),
        Check::Http { .. } | Check::Tcp { .. } => Some(at_network(check, endpoint, timeout).await),
        Check::Log { .. } | Check::None => None,
    }
}

/// Tries a command once. An error only where the engine is gone: what it refuses (the container is ending, is frozen) is a
/// failed try, since its exit is told elsewhere.
pub(super) async fn at_command(
    engine: &dyn Engine,
    container: &ContainerId,
    words: &[String],
    timeout: Duration,
) -> Result<Look, EngineError> {
    match engine.exec(container, ExecRequest { command: words.to_vec(), timeout, ..ExecRequest::default() }).await {
        Ok(done) => Ok(Look {
            passed: done.code == 0,
            code: Some(done.code),
            output: cut(&String::from_utf8_lossy(&done.output)),
            tool_missing: matches!(done.code, 126 | 127),
        }),
        Err(error) => match error.kind {
            ErrorKind::Unreachable(_) | ErrorKind::Forbidden | ErrorKind::Lost | ErrorKind::NotFound => Err(error),
            ErrorKind::TimedOut => Ok(Look::failed(format!("no end within {timeout:?}"))),
            ErrorKind::CannotStart => {
                Ok(Look { code: Some(127), output: cut(&error.message), tool_missing: true, passed: false })
            }
            _ => Ok(Look::failed(cut(&error.message))),
        },
    }
}

/// Tries a check of the network side once. `None` where there is no way to the port from here.
pub(super) async fn at_network(check: &Check, endpoint: Option<Endpoint>, timeout: Duration) -> Look {
    let Some(endpoint) = endpoint else {
        let port = check.port().unwrap_or_default();
        return Look::failed(format!("port {port} cannot be reached from here: it is not published"));
    };
    match check {
        Check::Http { path, status, body_contains, .. } => {
            at_http(endpoint, path, *status, body_contains.as_deref(), timeout).await
        }
        _ => at_port(endpoint, timeout).await,
    }
}

/// Tries to connect once.
pub(super) async fn at_port(endpoint: Endpoint, timeout: Duration) -> Look {
    let port = endpoint.port;
    match tokio::time::timeout(timeout, listens(endpoint)).await {
        Ok(Ok(true)) => Look::passed(None, format!("port {port} takes connections")),
        Ok(Ok(false)) => Look::failed(format!("port {port} is published, and nobody listens inside")),
        Ok(Err(error)) if error.kind() == io::ErrorKind::ConnectionRefused => {
            Look::failed(format!("nobody listens at port {port}"))
        }
        Ok(Err(error)) => Look::failed(format!("port {port} cannot be reached: {error}")),
        Err(_) => Look::failed(format!("port {port} does not answer within {timeout:?}")),
    }
}

async fn listens(endpoint: Endpoint) -> io::Result<bool> {
    let mut stream = TcpStream::connect(endpoint.address).await?;
    if !endpoint.published {
        return Ok(true);
    }
    let mut first = [0; 1];
    match tokio::time::timeout(PROXY_CLOSES, stream.read(&mut first)).await {
        // A greeting, or a server that waits for the client to speak.
        Ok(Ok(1..)) | Err(_) => Ok(true),
        Ok(Ok(0) | Err(_)) => Ok(false),
    }
}

/// GET of `path`, redirects not followed. The `Host` is `localhost` with the container's port, as a check within the
/// container would send it.
async fn at_http(
    endpoint: Endpoint,
    path: &str,
    status: Option<u16>,
    body_contains: Option<&str>,
    timeout: Duration,
) -> Look {
    let url = match Url::parse(&format!("http://localhost:{}/", endpoint.port)).and_then(|base| base.join(path)) {
        Ok(url) => url,
        Err(error) => return Look::failed(format!("`{path}` is not a path: {error}")),
    };
    let answer = match Client::default().send_to(endpoint.address, &Request::new("GET", url, timeout)).await {
        Ok(answer) => answer,
        Err(error) => return Look::failed(error.message),
    };
    let code = Some(i64::from(answer.status));
    let wanted = status.map_or((200..400).contains(&answer.status), |status| status == answer.status);
    let body = String::from_utf8_lossy(&answer.body);
    if !wanted {
        let wanted = status.map_or("200–399".to_owned(), |status| status.to_string());
        return Look { code, ..Look::failed(cut(&format!("status {}, not {wanted}\n{body}", answer.status))) };
    }
    match body_contains {
        Some(text) if !body.contains(text) => {
            Look { code, ..Look::failed(cut(&format!("the body does not hold `{text}`\n{body}"))) }
        }
        _ => Look::passed(code, format!("status {}", answer.status)),
    }
}

/// The last lines of `text`.
pub(super) fn cut(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim_end).filter(|line| !line.is_empty()).collect();
    let kept = &lines[lines.len().saturating_sub(LINES)..];
    let short: Vec<String> = kept
        .iter()
        .map(|line| match line.char_indices().nth(LINE_BYTES) {
            Some((end, _)) => format!("{}…", &line[..end]),
            None => (*line).to_owned(),
        })
        .collect();
    short.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::probe::http::server::{self, Reply};

    const TIMEOUT: Duration = Duration::from_secs(5);

    fn at(address: std::net::SocketAddr, published: bool) -> Option<Endpoint> {
        Some(Endpoint { address, port: 8000, published })
    }

    fn http(status: Option<u16>, body_contains: Option<&str>) -> Check {
        let body_contains = body_contains.map(str::to_owned);
        Check::Http { path: "/health?x=1".to_owned(), port: 8000, status, body_contains }
    }

    #[tokio::test]
    async fn a_get_is_judged_by_status_and_body() {
        let server = server::start(|request| match request.path() {
            "/health?x=1" => Reply::text(200, "all is well"),
            _ => Reply::text(404, "no"),
        })
        .await;
        let endpoint = at(server.address, false);
        let look = at_network(&http(None, Some("well")), endpoint, TIMEOUT).await;
        assert_eq!((look.passed, look.code, look.output.as_str()), (true, Some(200), "status 200"));
        let look = at_network(&http(Some(204), None), endpoint, TIMEOUT).await;
        assert_eq!((look.passed, look.code), (false, Some(200)));
        assert_eq!(look.output, "status 200, not 204\nall is well");
        let look = at_network(&http(None, Some("ill")), endpoint, TIMEOUT).await;
        assert_eq!(look.output, "the body does not hold `ill`\nall is well");
        assert!(server.requests()[0].head.contains("\r\nhost: localhost:8000\r\n"));
    }

    #[tokio::test]
    async fn nobody_at_the_port_is_a_failed_try() {
        let address = server::nobody().await;
        for check in [http(None, None), Check::Tcp { port: 8000 }] {
            let look = at_network(&check, at(address, false), TIMEOUT).await;
            assert!(!look.passed && look.output.contains("nobody listens at"), "{look:?}");
        }
        let look = at_network(&Check::Tcp { port: 8000 }, None, TIMEOUT).await;
        assert_eq!(look.output, "port 8000 cannot be reached from here: it is not published");
    }

    #[tokio::test]
    async fn a_proxy_that_closes_at_once_is_nobody() {
        let server = server::at_once(b"").await;
        assert!(at_network(&Check::Tcp { port: 8000 }, at(server.address, false), TIMEOUT).await.passed);
        let look = at_network(&Check::Tcp { port: 8000 }, at(server.address, true), TIMEOUT).await;
        assert_eq!((look.passed, look.output.as_str()), (false, "port 8000 is published, and nobody listens inside"));
        let look = at_network(&http(None, None), at(server.address, true), TIMEOUT).await;
        assert!(!look.passed && look.output.contains("the connection"), "{look:?}");
    }

    #[tokio::test]
    async fn a_published_server_that_waits_or_greets_listens() {
        let waits = server::silent().await;
        assert!(at_network(&Check::Tcp { port: 8000 }, at(waits.address, true), TIMEOUT).await.passed);
        let greets = server::at_once(b"5.5.5-MariaDB").await;
        assert!(at_network(&Check::Tcp { port: 8000 }, at(greets.address, true), TIMEOUT).await.passed);
    }

    #[test]
    fn the_last_lines_are_kept_and_long_ones_cut() {
        let text = format!("1\n2\n3\n4\n\n5\r\n{}\n", "é".repeat(500));
        let cut = cut(&text);
        let lines: Vec<&str> = cut.lines().collect();
        assert_eq!(lines[..4], ["2", "3", "4", "5"]);
        assert_eq!(lines[4].chars().count(), LINE_BYTES + 1);
    }
}
