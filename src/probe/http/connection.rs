use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::{Fuse, FusedFuture};
use futures_util::stream::FuturesUnordered;
use futures_util::{FutureExt, StreamExt};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::client::conn::{http1, http2};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::ClientConfig;
use tokio_rustls::rustls::pki_types::ServerName;
use url::{Host, Url};

use super::{Certificate, ErrorKind, HttpError};
use crate::model::HttpVersion;

/// A connection that requests can be sent over, one after the other.
pub(super) struct Connection {
    sender: Sender,
    /// What moves bytes; it has to be driven beside each exchange, and ends with this value.
    driver: Fuse<Driver>,
    /// Whom it leads to.
    pub peer: Peer,
}

/// Whom a connection leads to.
#[derive(Debug, Clone)]
pub(super) struct Peer {
    /// Its address.
    pub ip: Option<IpAddr>,
    /// Its certificate, in DER; none where no TLS is spoken.
    pub certificate: Option<Result<Certificate, String>>,
}

enum Sender {
    Http1(http1::SendRequest<Full<Bytes>>),
    Http2(http2::SendRequest<Full<Bytes>>),
}

type Driver = Pin<Box<dyn Future<Output = hyper::Result<()>> + Send>>;

/// A message that was lost.
pub(super) struct Lost {
    /// Why.
    pub error: HttpError,
    /// Whether nothing of it was sent.
    pub unsent: bool,
}

impl Connection {
    /// Connects to the host of `url`, or to `to` where it is given, within `within`; with TLS where `tls` is given.
    pub async fn open(
        url: &Url,
        to: Option<SocketAddr>,
        version: Option<HttpVersion>,
        tls: Option<Arc<ClientConfig>>,
        within: Duration,
    ) -> Result<Self, HttpError> {
        let opening = async {
            let place = place(url);
            let stream = match to {
                Some(address) => {
                    TcpStream::connect(address).await.map_err(|error| HttpError::from_io(&error, &place))?
                }
                None => connect(url, &place).await?,
            };
            let _ = stream.set_nodelay(true);
            let ip = stream.peer_addr().ok().map(|address| address.ip());
            let Some(config) = tls else {
                let peer = Peer { ip, certificate: None };
                return Self::speak(stream, version == Some(HttpVersion::Http2), peer, &place).await;
            };
            let name = url.host_str().unwrap_or_default().trim_start_matches('[').trim_end_matches(']').to_owned();
            let name = ServerName::try_from(name)
                .map_err(|error| HttpError::new(ErrorKind::Tls, format!("`{place}` has no certificate: {error}")))?;
            let stream = TlsConnector::from(config).connect(name, stream).await;
            let stream = stream.map_err(|error| HttpError::from_tls(&error, &place))?;
            let session = stream.get_ref().1;
            let certificate = session.peer_certificates().and_then(|chain| chain.first());
            let is_http2 = session.alpn_protocol() == Some(b"h2");
            if version == Some(HttpVersion::Http2) && !is_http2 {
                return Err(HttpError::new(ErrorKind::Tls, format!("`{place}` does not speak HTTP/2")));
            }
            let peer = Peer { ip, certificate: certificate.map(|der| Certificate::read(der)) };
            Self::speak(stream, is_http2, peer, &place).await
        };
        tokio::time::timeout(within, opening).await.unwrap_or_else(|_| {
            let message = format!("no connection to `{}` within {within:?}", place(url));
            Err(HttpError::new(ErrorKind::TimedOut, message))
        })
    }

    async fn speak(
        stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
        is_http2: bool,
        peer: Peer,
        place: &str,
    ) -> Result<Self, HttpError> {
        let stream = TokioIo::new(stream);
        let (sender, driver): (Sender, Driver) = if is_http2 {
            let (sender, connection) = http2::handshake(TokioExecutor::new(), stream)
                .await
                .map_err(|error| HttpError::from_hyper(&error, place))?;
            (Sender::Http2(sender), Box::pin(connection))
        } else {
            let (sender, connection) =
                http1::handshake(stream).await.map_err(|error| HttpError::from_hyper(&error, place))?;
            (Sender::Http1(sender), Box::pin(connection))
        };
        Ok(Connection { sender, driver: driver.fuse(), peer })
    }

    /// Whether HTTP/2 is spoken.
    pub fn is_http2(&self) -> bool {
        matches!(self.sender, Sender::Http2(_))
    }

    /// Whether the next message can be sent right now: nobody closed it, and nothing of the last answer is left.
    pub fn is_ready(&mut self) -> bool {
        if self.driver.is_terminated() || (&mut self.driver).now_or_never().is_some() {
            return false;
        }
        match &self.sender {
            Sender::Http1(sender) => sender.is_ready(),
            Sender::Http2(sender) => sender.is_ready(),
        }
    }

    /// Sends a message and reads its answer with `read`.
    pub async fn exchange<T, F>(
        &mut self,
        message: hyper::Request<Full<Bytes>>,
        place: &str,
        read: impl FnOnce(hyper::Response<Incoming>) -> F,
    ) -> Result<T, Lost>
    where
        F: Future<Output = Result<T, HttpError>>,
    {
        let sender = &mut self.sender;
        let lost = |error: &hyper::Error, unsent| Lost { error: HttpError::from_hyper(error, place), unsent };
        let answer = async {
            let response = match sender {
                Sender::Http1(sender) => sender.try_send_request(message).await.map_err(|mut error| {
                    let unsent = error.take_message().is_some();
                    lost(&error.into_error(), unsent)
                }),
                Sender::Http2(sender) => sender.try_send_request(message).await.map_err(|mut error| {
                    let unsent = error.take_message().is_some();
                    lost(&error.into_error(), unsent)
                }),
            }?;
            read(response).await.map_err(|error| Lost { error, unsent: false })
        };
        tokio::pin!(answer);
        // The connection is driven beside the answer and ends with it: no task is left behind when this future is dropped.
        tokio::select! {
            biased;
            answer = &mut answer => answer,
            Err(error) = &mut self.driver => match answer.await {
                Ok(answer) => Ok(answer),
                Err(told) if told.error.kind == ErrorKind::Closed => {
                    Err(Lost { error: HttpError::from_hyper(&error, place), unsent: told.unsent })
                }
                Err(told) => Err(told),
            },
        }
    }
}

/// `host:port`, as in the `Host` header: the port is left out where it is that of the scheme.
pub(super) fn place(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}

/// How long one address is tried alone before the next one is tried beside it (RFC 8305).
const HEAD_START: Duration = Duration::from_millis(250);

async fn connect(url: &Url, place: &str) -> Result<TcpStream, HttpError> {
    let port = url.port_or_known_default().unwrap_or(80);
    let addresses: Vec<SocketAddr> = match url.host() {
        Some(Host::Ipv4(ip)) => vec![(ip, port).into()],
        Some(Host::Ipv6(ip)) => vec![(ip, port).into()],
        Some(Host::Domain(name)) => tokio::net::lookup_host((name, port))
            .await
            .map_err(|error| HttpError::new(ErrorKind::Dns, format!("the host `{name}` is not known: {error}")))?
            .collect(),
        None => Vec::new(),
    };
    let mut last = HttpError::new(ErrorKind::Dns, format!("the host of `{url}` has no address"));
    let mut ahead = addresses.into_iter();
    let mut trying = FuturesUnordered::new();
    trying.extend(ahead.next().map(TcpStream::connect));
    while !trying.is_empty() {
        match tokio::time::timeout(HEAD_START, trying.next()).await {
            Ok(Some(Ok(stream))) => return Ok(stream),
            Ok(Some(Err(error))) => last = HttpError::from_io(&error, place),
            // It takes its time: the next one is tried beside it.
            Ok(None) | Err(_) => {}
        }
        trying.extend(ahead.next().map(TcpStream::connect));
    }
    Err(last)
}
