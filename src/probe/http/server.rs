//! A server for tests, on loopback, that speaks HTTP/1.1 by hand: what it sends is exactly what a test wrote.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// A running server; it ends with this value.
pub struct Server {
    pub address: SocketAddr,
    seen: Arc<Mutex<Vec<Seen>>>,
    connections: Arc<AtomicUsize>,
    sent: Arc<AtomicUsize>,
    task: JoinHandle<()>,
}

/// A request as it came.
#[derive(Debug, Clone)]
pub struct Seen {
    /// The request line and headers, each ended by CRLF.
    pub head: String,
    pub body: Vec<u8>,
}

/// The bytes of an answer, in parts with pauses between them.
pub struct Reply {
    parts: Vec<(Duration, Vec<u8>)>,
    then: Then,
}

/// What follows an answer.
enum Then {
    /// The next request.
    Listen,
    /// The end of the connection.
    Close,
    /// These bytes, again and again, until nobody takes them any more.
    Repeat(Vec<u8>),
}

impl Server {
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// How many connections were taken.
    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    /// How many bytes of answers it could send, or into the buffers of the system.
    pub fn sent(&self) -> usize {
        self.sent.load(Ordering::SeqCst)
    }

    pub fn requests(&self) -> Vec<Seen> {
        self.seen.lock().expect("no panic").clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Seen {
    pub fn method(&self) -> &str {
        self.head.split(' ').next().unwrap_or_default()
    }

    pub fn path(&self) -> &str {
        self.head.split(' ').nth(1).unwrap_or_default()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.into_iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }
}

impl Reply {
    pub fn raw(bytes: impl Into<Vec<u8>>) -> Self {
        Reply { parts: vec![(Duration::ZERO, bytes.into())], then: Then::Listen }
    }

    pub fn text(status: u16, body: &str) -> Self {
        Self::with(status, &[("Content-Type", "text/plain")], body)
    }

    pub fn with(status: u16, headers: &[(&str, &str)], body: &str) -> Self {
        let mut out = format!("HTTP/1.1 {status} Any\r\nContent-Length: {}\r\n", body.len());
        for (name, value) in headers {
            out.push_str(&format!("{name}: {value}\r\n"));
        }
        Self::raw(format!("{out}\r\n{body}"))
    }

    /// With more bytes after a pause.
    pub fn then(mut self, pause: Duration, bytes: impl Into<Vec<u8>>) -> Self {
        self.parts.push((pause, bytes.into()));
        self
    }

    /// After which the connection is closed.
    pub fn and_close(mut self) -> Self {
        self.then = Then::Close;
        self
    }

    /// With these bytes behind it, without end.
    pub fn for_ever(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.then = Then::Repeat(bytes.into());
        self
    }
}

/// A server that answers each request as `answer` says and keeps the connection.
pub async fn start(answer: impl Fn(&Seen) -> Reply + Send + Sync + 'static) -> Server {
    start_at("127.0.0.1:0", answer).await.expect("a free port")
}

/// The same at an address; none where this machine does not have it.
pub async fn start_at(at: &str, answer: impl Fn(&Seen) -> Reply + Send + Sync + 'static) -> Option<Server> {
    let listener = TcpListener::bind(at).await.ok()?;
    let seen = Arc::new(Mutex::new(Vec::new()));
    let (answer, log, sent) = (Arc::new(answer), seen.clone(), Arc::<AtomicUsize>::default());
    let counted = sent.clone();
    let mut server = serve_at(listener, seen, move |stream| {
        let (answer, log, sent) = (answer.clone(), log.clone(), counted.clone());
        async move { talk(stream, &*answer, &log, &sent).await.unwrap_or_default() }
    });
    server.sent = sent;
    Some(server)
}

/// A server that takes a request, sends these bytes and closes.
pub async fn raw(bytes: &'static [u8]) -> Server {
    serve(Arc::default(), move |mut stream| async move {
        let _ = stream.read(&mut [0; 4096]).await;
        let _ = stream.write_all(bytes).await;
    })
    .await
}

/// A server that sends these bytes to whoever connects, and closes.
pub async fn at_once(bytes: &'static [u8]) -> Server {
    serve(Arc::default(), move |mut stream| async move {
        let _ = stream.write_all(bytes).await;
    })
    .await
}

/// A server that takes connections and says nothing.
pub async fn silent() -> Server {
    serve(Arc::default(), |stream| async move {
        let _stream = stream;
        std::future::pending::<()>().await;
    })
    .await
}

/// An address where nobody listens.
pub async fn nobody() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    listener.local_addr().expect("an address")
}

async fn serve<F>(seen: Arc<Mutex<Vec<Seen>>>, handle: impl Fn(TcpStream) -> F + Send + 'static) -> Server
where
    F: Future<Output = ()> + Send + 'static,
{
    serve_at(TcpListener::bind("127.0.0.1:0").await.expect("a free port"), seen, handle)
}

fn serve_at<F>(
    listener: TcpListener,
    seen: Arc<Mutex<Vec<Seen>>>,
    handle: impl Fn(TcpStream) -> F + Send + 'static,
) -> Server
where
    F: Future<Output = ()> + Send + 'static,
{
    let address = listener.local_addr().expect("an address");
    let taken = Arc::new(AtomicUsize::new(0));
    let counted = taken.clone();
    let task = tokio::spawn(async move {
        let mut connections = tokio::task::JoinSet::new();
        while let Ok((stream, _)) = listener.accept().await {
            counted.fetch_add(1, Ordering::SeqCst);
            connections.spawn(handle(stream));
        }
    });
    Server { address, seen, connections: taken, sent: Arc::default(), task }
}

async fn talk(
    mut stream: TcpStream,
    answer: &(dyn Fn(&Seen) -> Reply + Send + Sync),
    log: &Mutex<Vec<Seen>>,
    sent: &AtomicUsize,
) -> std::io::Result<()> {
    let mut bytes = Vec::new();
    loop {
        let head = loop {
            if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
                let rest = bytes.split_off(end + 4);
                break std::mem::replace(&mut bytes, rest);
            }
            if stream.read_buf(&mut bytes).await? == 0 {
                return Ok(());
            }
        };
        let mut seen = Seen { head: String::from_utf8_lossy(&head).into_owned(), body: Vec::new() };
        let length = seen.header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
        while bytes.len() < length {
            if stream.read_buf(&mut bytes).await? == 0 {
                return Ok(());
            }
        }
        let rest = bytes.split_off(length);
        seen.body = std::mem::replace(&mut bytes, rest);
        log.lock().expect("no panic").push(seen.clone());
        let Reply { parts, then } = answer(&seen);
        for (pause, part) in parts {
            tokio::time::sleep(pause).await;
            stream.write_all(&part).await?;
            sent.fetch_add(part.len(), Ordering::SeqCst);
        }
        match then {
            Then::Listen => {}
            Then::Close => return Ok(()),
            Then::Repeat(bytes) => loop {
                stream.write_all(&bytes).await?;
                sent.fetch_add(bytes.len(), Ordering::SeqCst);
            },
        }
    }
}
