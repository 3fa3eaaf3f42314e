use std::io;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout, timeout_at};

use super::exec::text_of;
use super::line::line;
use super::{Looker, Seen, Unseen, asks};
use crate::event::Exchange;
use crate::model::{Fact, Probe, Query, TcpLook};
use crate::probe::Endpoint;
use crate::probe::judge::{Observed, Shortfall, Subject, milliseconds, unanswered};

/// How long a connection to a published port must stay open to count: the engine's proxy has closed it by then where nobody listens.
const PROXY_CLOSES: Duration = Duration::from_millis(150);
/// The most that is read of what the other side says, in bytes.
const MOST: usize = 64 * 1024;

/// What came of a connection.
#[derive(Debug, Default)]
struct Connection {
    open: bool,
    refused: bool,
    /// Why it is not open.
    why: String,
    banner: Vec<u8>,
    took: Duration,
}

impl Looker<'_> {
    pub(super) async fn tcp(&self, probe: &Probe, look: &TcpLook) -> Result<Seen, Unseen> {
        let name = &look.service.value;
        self.service(name)?;
        let Some(endpoint) = self.site().endpoint(name, look.port) else {
            let why = format!("port {} of `{name}` cannot be reached from here", look.port);
            return Err(Unseen::nothing("a way to the port", why));
        };
        let send = self.fill_any(look.send.as_ref())?;
        let listens = send.is_some() || asks(probe, Fact::Banner);
        let connection = connect(endpoint, send.as_deref(), listens, look.timeout).await;
        let address = endpoint.address;
        let mut request = line(["nc", "-v", &address.ip().to_string(), &address.port().to_string()]);
        if let Some(send) = &send {
            request = format!("{} | {request}", line(["printf", "%s", send]));
        }
        let response = match connection.open {
            true => format!("open\n{}", text_of(&connection.banner)).trim_end().to_owned(),
            false => connection.why.clone(),
        };
        Ok(Seen { found: Box::new(connection), evidence: Exchange { request, response: Some(response) } })
    }
}

async fn connect(endpoint: Endpoint, send: Option<&str>, listens: bool, limit: Duration) -> Connection {
    let began = Instant::now();
    let deadline = began + limit;
    let mut found = Connection::default();
    match timeout_at(deadline, TcpStream::connect(endpoint.address)).await {
        Ok(Ok(stream)) => talk(stream, endpoint, send, listens, deadline, &mut found).await,
        Ok(Err(error)) => {
            found.refused = error.kind() == io::ErrorKind::ConnectionRefused;
            found.why = if found.refused { "nobody listens".to_owned() } else { error.to_string() };
        }
        Err(_) => found.why = format!("no answer within {limit:?}"),
    }
    found.took = began.elapsed();
    found
}

async fn talk(
    mut stream: TcpStream,
    endpoint: Endpoint,
    send: Option<&str>,
    listens: bool,
    deadline: Instant,
    found: &mut Connection,
) {
    let mut piece = [0; 4096];
    if endpoint.published {
        match timeout(PROXY_CLOSES, stream.read(&mut piece)).await {
            Ok(Ok(0) | Err(_)) => {
                found.refused = true;
                found.why = "the port is published, and nobody listens inside".to_owned();
                return;
            }
            Ok(Ok(read)) => found.banner.extend_from_slice(&piece[..read]),
            // It waits for the client to speak.
            Err(_) => {}
        }
    }
    found.open = true;
    if let Some(send) = send {
        found.banner.clear();
        if !matches!(timeout_at(deadline, stream.write_all(send.as_bytes())).await, Ok(Ok(()))) {
            return;
        }
    }
    while listens && !found.banner.contains(&b'\n') && found.banner.len() < MOST {
        match timeout_at(deadline, stream.read(&mut piece)).await {
            Ok(Ok(read)) if read > 0 => found.banner.extend_from_slice(&piece[..read]),
            _ => break,
        }
    }
}

/// The first line of a protocol of lines; all that came of any other.
fn banner(bytes: &[u8]) -> String {
    let first = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let first = first.strip_suffix(b"\r").unwrap_or(first);
    let is_line = first.iter().all(|byte| !byte.is_ascii_control() || *byte == b'\t');
    String::from_utf8_lossy(if is_line { first } else { bytes }).into_owned()
}

impl Subject for Connection {
    fn observe(&self, query: &Query<String>) -> Observed {
        match query {
            Query::Fact(Fact::Open) => Observed::Json(self.open.into()),
            Query::Fact(Fact::Refused) => Observed::Json(self.refused.into()),
            Query::Fact(Fact::Banner) if !self.open => Observed::Broken(self.why.clone()),
            Query::Fact(Fact::Banner) if self.banner.is_empty() => Observed::Absent,
            Query::Fact(Fact::Banner) => Observed::Text(banner(&self.banner)),
            Query::Fact(Fact::Duration) => milliseconds(self.took),
            query => unanswered(query),
        }
    }

    fn shortfall(&self) -> Option<Shortfall> {
        (!self.open).then(|| Shortfall::new("open", "equals #true", &*self.why))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::probe::http::server;

    const LIMIT: Duration = Duration::from_secs(5);

    fn seen(connection: &Connection, fact: Fact) -> Observed {
        connection.observe(&Query::Fact(fact))
    }

    fn at(address: std::net::SocketAddr, published: bool) -> Endpoint {
        Endpoint { address, port: 25, published }
    }

    #[tokio::test]
    async fn a_port_is_open_or_refused() {
        let open = server::at_once(b"220 mail\r\n").await;
        let connection = connect(at(open.address, false), None, true, LIMIT).await;
        assert_eq!(seen(&connection, Fact::Open), Observed::Json(true.into()));
        assert_eq!(seen(&connection, Fact::Banner), Observed::Text("220 mail".into()));
        assert!(connection.shortfall().is_none());

        let connection = connect(at(server::nobody().await, false), None, true, LIMIT).await;
        assert_eq!(seen(&connection, Fact::Refused), Observed::Json(true.into()));
        assert_eq!(seen(&connection, Fact::Banner), Observed::Broken("nobody listens".into()));
        assert!(connection.shortfall().is_some());
    }

    #[tokio::test]
    async fn a_proxy_that_closes_at_once_is_nobody() {
        let proxy = server::at_once(b"").await;
        let connection = connect(at(proxy.address, true), None, false, LIMIT).await;
        assert!(connection.refused && !connection.open, "{connection:?}");
        let greets = server::at_once(b"hello\n").await;
        let connection = connect(at(greets.address, true), None, true, LIMIT).await;
        assert_eq!(seen(&connection, Fact::Banner), Observed::Text("hello".into()));
    }

    #[tokio::test]
    async fn what_is_sent_is_answered() {
        let server = server::start(|_| server::Reply::text(200, "x")).await;
        let request = "GET / HTTP/1.1\r\nhost: a\r\n\r\n";
        let connection = connect(at(server.address, false), Some(request), true, LIMIT).await;
        assert_eq!(seen(&connection, Fact::Banner), Observed::Text("HTTP/1.1 200 Any".into()));
    }

    #[test]
    fn a_protocol_of_no_lines_is_told_as_it_came() {
        assert_eq!(banner(b"d\0\0\0\n5.5.5-MariaDB\0"), "d\0\0\0\n5.5.5-MariaDB\0");
        assert_eq!(banner(b"SSH-2.0-x\r\nmore"), "SSH-2.0-x");
    }
}
