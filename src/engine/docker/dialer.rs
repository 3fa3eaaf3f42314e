use std::fmt;
use std::io;
use std::net::{IpAddr, Ipv4Addr};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use hyper_util::client::legacy::connect::{Connected, Connection};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::net::{TcpStream, UnixStream, lookup_host};
use tokio::sync::OnceCell;
use tokio::time::{Instant, sleep, timeout};
use tokio_rustls::client::TlsStream;

use super::address::{Address, Environment, resolve};
use super::tls::Credentials;
use crate::engine::{EngineError, ErrorKind, Result};

/// The newest API version whose answers pipe knows; a newer engine is spoken to in this one.
const NEWEST: ApiVersion = ApiVersion { major: 1, minor: 51 };
/// How the greeting of an engine begins.
const HTTP: &str = "HTTP/";
/// How long a connection may take to come up.
const CONNECT: Duration = Duration::from_secs(10);
/// How long the engine may take to say which version it speaks.
const GREETING: Duration = Duration::from_secs(10);

/// Opens connections to the daemon, and knows which version of its API to speak. Cheap to clone; all clones share what was found.
#[derive(Debug, Clone)]
pub struct Dialer {
    found: Arc<Found>,
}

#[derive(Debug)]
struct Found {
    candidates: Vec<Address>,
    address: OnceCell<Address>,
    version: OnceCell<ApiVersion>,
    credentials: OnceCell<Credentials>,
}

impl Dialer {
    /// A dialer for the daemon that `environment` names. Opens nothing yet.
    ///
    /// # Errors
    /// `Unreachable` where the environment names something that pipe cannot dial.
    pub fn new(environment: &Environment) -> Result<Self> {
        let found = Found {
            candidates: resolve(environment)?,
            address: OnceCell::new(),
            version: OnceCell::new(),
            credentials: OnceCell::new(),
        };
        Ok(Dialer { found: Arc::new(found) })
    }

    /// A new connection. The first one decides which of the candidates is spoken to from then on.
    ///
    /// # Errors
    /// An `io::Error` that carries a [`DialError`].
    pub async fn dial(&self) -> io::Result<DialedStream> {
        if let Some(address) = self.found.address.get() {
            return self.connect(address).await.map_err(|error| DialError::of([(address, error)]));
        }
        let mut failures = Vec::new();
        for candidate in &self.found.candidates {
            match self.connect(candidate).await {
                Ok(stream) => {
                    self.found.address.get_or_init(|| async { candidate.clone() }).await;
                    return Ok(stream);
                }
                Err(error) => failures.push((candidate, error)),
            }
        }
        Err(DialError::of(failures))
    }

    async fn connect(&self, address: &Address) -> io::Result<DialedStream> {
        match address {
            Address::Unix(path) if path.exists() && !is_socket(path) => {
                Err(io::Error::new(io::ErrorKind::InvalidInput, "it is there, and it is no socket"))
            }
            Address::Unix(path) => {
                // A listener whose queue is full refuses at once instead of letting wait; many containers started together meet that.
                let begin = Instant::now();
                loop {
                    match UnixStream::connect(path).await {
                        Err(error) if error.kind() == io::ErrorKind::WouldBlock && begin.elapsed() < CONNECT => {
                            sleep(Duration::from_millis(5)).await;
                        }
                        result => return result.map(DialedStream::Unix),
                    }
                }
            }
            Address::Tcp(authority) => connect_tcp(authority).await.map(DialedStream::Tcp),
            Address::Tls { authority, certificates } => {
                let credentials =
                    self.found.credentials.get_or_try_init(|| async { Credentials::of(certificates) }).await?;
                let stream = connect_tcp(authority).await?;
                let stream = timeout(CONNECT, credentials.secure(stream, authority)).await??;
                Ok(DialedStream::Tls(Box::new(stream)))
            }
        }
    }

    /// Where the daemon is; the first candidate as long as none has answered.
    pub fn address(&self) -> &Address {
        self.found.address.get().unwrap_or(&self.found.candidates[0])
    }

    /// Where ports are reached that the daemon publishes at every address of its machine: loopback where that is this one.
    ///
    /// # Errors
    /// `Unreachable` where the name of its machine is not known any more.
    pub async fn host(&self) -> Result<IpAddr> {
        let (Address::Tcp(authority) | Address::Tls { authority, .. }) = self.address() else {
            return Ok(Ipv4Addr::LOCALHOST.into());
        };
        let lost = |reason: String| {
            EngineError::new(ErrorKind::Unreachable(vec![reason.clone()]), format!("look up `{authority}`"), reason)
        };
        let mut found = lookup_host(authority).await.map_err(|error| lost(error.to_string()))?;
        let ip = found.next().ok_or_else(|| lost("it has no address".to_owned()))?.ip();
        Ok(if ip.is_loopback() { Ipv4Addr::LOCALHOST.into() } else { ip })
    }

    /// The version of the API to speak: the engine's, or the newest that pipe knows. Asked once, through `/_ping`.
    ///
    /// # Errors
    /// An `io::Error`, which carries a [`DialError`] where nobody answers.
    pub async fn api_version(&self) -> io::Result<ApiVersion> {
        self.api_version_within(GREETING).await
    }

    /// The same, for an engine that may take `limit` to answer.
    pub(super) async fn api_version_within(&self, limit: Duration) -> io::Result<ApiVersion> {
        let greeted = async {
            let Ok(answer) = timeout(limit, self.greet()).await else {
                let message = format!("{} took the connection and said nothing within {limit:?}", self.address());
                return Err(io::Error::new(io::ErrorKind::TimedOut, message));
            };
            answer
        };
        self.found.version.get_or_try_init(|| greeted).await.copied()
    }

    /// Greets the daemon on a new connection: it is there if it answers, and with which version of its API.
    ///
    /// # Errors
    /// As [`Dialer::api_version`].
    pub(super) async fn greet(&self) -> io::Result<ApiVersion> {
        let answer = self.ask_who_is_there().await.map_err(|error| self.untrusted(error))?;
        if !answer.contains("\r\n\r\n") && (answer.starts_with(HTTP) || HTTP.starts_with(&answer)) {
            let message = format!("{} broke the connection in the middle of its greeting", self.address());
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, message));
        }
        let version = answer
            .lines()
            .take_while(|line| !line.is_empty())
            .filter_map(|line| line.split_once(':'))
            .find(|(name, _)| name.eq_ignore_ascii_case("api-version"))
            .and_then(|(_, value)| ApiVersion::parse(value.trim()));
        match version {
            Some(version) => Ok(version.min(NEWEST)),
            None => Err(io::Error::new(io::ErrorKind::InvalidData, self.no_engine(&answer))),
        }
    }

    /// An engine that trusts nobody says so only when it is asked something.
    fn untrusted(&self, error: io::Error) -> io::Error {
        match error.get_ref().is_some_and(|inner| inner.is::<tokio_rustls::rustls::Error>()) {
            true => DialError::of([(self.address(), error)]),
            false => error,
        }
    }

    /// What to say of somebody else's answer: its first line, as far as it is text.
    fn no_engine(&self, answer: &str) -> String {
        let first: String = answer.lines().next().unwrap_or_default().chars().take(80).collect();
        let first = first.trim();
        if first.is_empty() || first.contains(|c: char| c.is_control() || c == char::REPLACEMENT_CHARACTER) {
            format!("{} is no Docker engine", self.address())
        } else {
            format!("{} is no Docker engine: it answers `{first}`", self.address())
        }
    }

    /// The head of the answer to a ping.
    async fn ask_who_is_there(&self) -> io::Result<String> {
        let mut stream = self.dial().await?;
        stream.write_all(b"GET /_ping HTTP/1.1\r\nHost: docker\r\nConnection: close\r\n\r\n").await?;
        let mut head = Vec::new();
        let mut buffer = [0; 4096];
        while head.len() < 64 * 1024 && !head.windows(4).any(|end| end == b"\r\n\r\n") {
            match stream.read(&mut buffer).await? {
                0 => break,
                read => head.extend_from_slice(&buffer[..read]),
            }
        }
        Ok(String::from_utf8_lossy(&head).into_owned())
    }
}

/// A version of Docker's API: `1.41`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ApiVersion {
    /// Before the point.
    pub major: u16,
    /// Behind it.
    pub minor: u16,
}

impl ApiVersion {
    fn parse(text: &str) -> Option<Self> {
        let (major, minor) = text.split_once('.')?;
        Some(ApiVersion { major: major.parse().ok()?, minor: minor.parse().ok()? })
    }
}

impl fmt::Display for ApiVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

/// Nobody answered: each address that was tried, and why it failed.
#[derive(Debug)]
pub struct DialError {
    /// `unix:///var/run/docker.sock: no such file or directory`, one an address.
    pub tried: Vec<String>,
    /// A socket is there, and this user may not open it.
    pub denied: bool,
}

impl DialError {
    fn of<'a>(failures: impl IntoIterator<Item = (&'a Address, io::Error)>) -> io::Error {
        let mut this = DialError { tried: Vec::new(), denied: false };
        let mut kind = io::ErrorKind::NotConnected;
        for (address, error) in failures {
            this.denied |= error.kind() == io::ErrorKind::PermissionDenied;
            this.tried.push(format!("{address}: {}", cause(&error)));
            kind = error.kind();
        }
        io::Error::new(if this.denied { io::ErrorKind::PermissionDenied } else { kind }, this)
    }
}

impl fmt::Display for DialError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.tried.join("; "))
    }
}

impl std::error::Error for DialError {}

/// The system's words without their number and their capital.
fn cause(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such socket".into(),
        io::ErrorKind::ConnectionRefused => "nobody listens there".into(),
        io::ErrorKind::PermissionDenied => "this user may not open it".into(),
        io::ErrorKind::TimedOut => format!("no connection within {} s", CONNECT.as_secs()),
        _ => error.to_string(),
    }
}

fn is_socket(path: &std::path::Path) -> bool {
    std::fs::metadata(path).is_ok_and(|metadata| std::os::unix::fs::FileTypeExt::is_socket(&metadata.file_type()))
}

async fn connect_tcp(authority: &str) -> io::Result<TcpStream> {
    let stream = timeout(CONNECT, TcpStream::connect(authority)).await??;
    stream.set_nodelay(true)?;
    Ok(stream)
}

/// A connection to the daemon.
#[derive(Debug)]
pub enum DialedStream {
    /// Over a socket file.
    Unix(UnixStream),
    /// Over plain TCP.
    Tcp(TcpStream),
    /// Over TLS.
    Tls(Box<TlsStream<TcpStream>>),
}

impl AsyncRead for DialedStream {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            DialedStream::Unix(stream) => Pin::new(stream).poll_read(context, buffer),
            DialedStream::Tcp(stream) => Pin::new(stream).poll_read(context, buffer),
            DialedStream::Tls(stream) => Pin::new(stream).poll_read(context, buffer),
        }
    }
}

impl AsyncWrite for DialedStream {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, data: &[u8]) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            DialedStream::Unix(stream) => Pin::new(stream).poll_write(context, data),
            DialedStream::Tcp(stream) => Pin::new(stream).poll_write(context, data),
            DialedStream::Tls(stream) => Pin::new(stream).poll_write(context, data),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            DialedStream::Unix(stream) => Pin::new(stream).poll_flush(context),
            DialedStream::Tcp(stream) => Pin::new(stream).poll_flush(context),
            DialedStream::Tls(stream) => Pin::new(stream).poll_flush(context),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            DialedStream::Unix(stream) => Pin::new(stream).poll_shutdown(context),
            DialedStream::Tcp(stream) => Pin::new(stream).poll_shutdown(context),
            DialedStream::Tls(stream) => Pin::new(stream).poll_shutdown(context),
        }
    }
}

/// For the pooled HTTP client.
impl Connection for DialedStream {
    fn connected(&self) -> Connected {
        Connected::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::net::UnixListener;

    fn dialer(host: &str) -> Dialer {
        let environment = Environment { docker_host: Some(host.to_owned()), ..Environment::default() };
        Dialer::new(&environment).expect("a dialer")
    }

    /// A daemon that answers one greeting with `answer`.
    fn greeter(directory: &tempfile::TempDir, answer: &'static str) -> Dialer {
        let path = directory.path().join("d.sock");
        let listener = UnixListener::bind(&path).expect("a socket");
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.expect("a client");
            let mut request = [0; 256];
            let _ = stream.read(&mut request).await;
            let _ = stream.write_all(answer.as_bytes()).await;
        });
        dialer(&format!("unix://{}", path.display()))
    }

    #[tokio::test]
    async fn the_older_of_the_two_versions_is_spoken() {
        for (answer, expected) in [
            ("HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\n\r\nOK", "1.41"),
            ("HTTP/1.1 200 OK\r\nAPI-VERSION: 1.99\r\n\r\nOK", "1.51"),
        ] {
            let directory = tempfile::tempdir().expect("a directory");
            let version = greeter(&directory, answer).api_version().await.expect("a version");
            assert_eq!(version.to_string(), expected);
        }
    }

    #[tokio::test]
    async fn who_is_no_engine_is_told_apart() {
        let directory = tempfile::tempdir().expect("a directory");
        let error = greeter(&directory, "SSH-2.0-OpenSSH_9\r\n").api_version().await.expect_err("no engine");
        assert_eq!(error.kind(), io::ErrorKind::InvalidData);
    }

    #[tokio::test]
    async fn every_address_tried_is_named_with_its_cause() {
        let directory = tempfile::tempdir().expect("a directory");
        let error = dialer(&format!("unix://{}/none.sock", directory.path().display())).dial().await.expect_err("none");
        let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<DialError>()).expect("a DialError");
        assert_eq!(inner.tried.len(), 1);
        assert!(inner.tried[0].ends_with("none.sock: there is no such socket"), "{inner}");
        assert!(!inner.denied);
    }
}
