use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use bollard::errors::Error as ApiError;
use bollard::{BollardRequest, body_full};
use bytes::{Bytes, BytesMut};
use futures_util::Stream;
use http_body_util::{BodyExt, Either, Full, StreamBody};
use hyper::body::{Frame, Incoming};
use hyper::header::{CONNECTION, UPGRADE};
use hyper::upgrade::Upgraded;
use hyper::{Method, Request, Response, StatusCode, Uri};
use hyper_util::client::legacy::Client;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use serde::de::DeserializeOwned;
use tokio::io::AsyncReadExt;
use tokio::sync::Semaphore;
use tower::service_fn;
use tower::util::BoxCloneSyncService;

use super::dialer::{ApiVersion, DialedStream, Dialer};
use super::error::{Understood, garbled, refused};
use crate::engine::{EngineError, ErrorKind, Result};

/// Requests that may wait for the head of their answer at one time; more would run a process out of file descriptors.
const IN_FLIGHT: usize = 64;
/// Connections kept for the next request.
const KEPT: usize = 16;
/// How long they are kept.
const KEPT_FOR: Duration = Duration::from_secs(30);
/// The longest line of a stream of JSON that is believed.
const LINE: usize = 16 * 1024 * 1024;

/// How much is read of a raw stream at a time, in bytes.
const PIECE: usize = 32 * 1024;

type Connector = BoxCloneSyncService<Uri, TokioIo<DialedStream>, std::io::Error>;
/// The body of bollard's requests, whose name it keeps to itself.
type Body = Either<Full<Bytes>, StreamBody<Pin<Box<dyn Stream<Item = std::io::Result<Frame<Bytes>>> + Send>>>>;

/// The road to the daemon: a pool of connections from our dialer, for bollard's calls and for those that bollard does not make well.
#[derive(Clone)]
pub(super) struct Transport {
    client: Client<Connector, Body>,
    slots: Arc<Semaphore>,
    version: ApiVersion,
}

impl Transport {
    /// A road through `dialer`, speaking `version`.
    pub(super) fn new(dialer: Dialer, version: ApiVersion) -> Self {
        let connect = service_fn(move |_: Uri| {
            let dialer = dialer.clone();
            async move { dialer.dial().await.map(TokioIo::new) }
        });
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(KEPT_FOR)
            .pool_max_idle_per_host(KEPT)
            .build(BoxCloneSyncService::new(connect));
        Transport { client, slots: Arc::new(Semaphore::new(IN_FLIGHT)), version }
    }

    /// bollard over this road, which adds the version of the API that bollard leaves out.
    pub(super) fn api(&self) -> std::result::Result<bollard::Docker, ApiError> {
        let road = self.clone();
        let transport = move |request: BollardRequest| {
            let road = road.clone();
            let answer: Pin<Box<dyn Future<Output = _> + Send>> = Box::pin(async move { road.send(request).await });
            answer
        };
        // The deadlines are ours, one a call: bollard's would cut a long stop short.
        let no_deadline = 365 * 86_400;
        bollard::Docker::connect_with_custom_transport(
            transport,
            Some("http://docker"),
            no_deadline,
            bollard::API_DEFAULT_VERSION,
        )
    }

    async fn send(&self, mut request: BollardRequest) -> std::result::Result<Response<Incoming>, ApiError> {
        if let Some(path) = request.uri().path_and_query() {
            *request.uri_mut() = format!("http://docker/v{}{path}", self.version).parse()?;
        }
        // Never closed, so the permit is always there in the end.
        let _slot = self.slots.acquire().await;
        Ok(self.client.request(request).await?)
    }

    /// A call of our own. Answers once the head of the answer is here, which for a wait or a stream is long before its end.
    ///
    /// # Errors
    /// What the daemon refuses, told in our words.
    pub(super) async fn call(
        &self,
        operation: &str,
        method: Method,
        path: &str,
        query: &[(&str, &str)],
    ) -> Result<Lines> {
        let request = Request::builder().method(method).uri(uri(path, query)).body(body_full(Bytes::new()));
        self.call_with(operation, request).await
    }

    /// The same with a request that has headers and a body; its address comes from [`uri`].
    pub(super) async fn call_with(
        &self,
        operation: &str,
        request: std::result::Result<BollardRequest, hyper::http::Error>,
    ) -> Result<Lines> {
        let response = self.answer(operation, request).await?;
        Ok(Lines { operation: operation.to_owned(), body: response.into_body(), buffer: Vec::new() })
    }

    /// A stream of bytes that the daemon sends in an answer.
    pub(super) async fn body(&self, operation: &str, path: &str, query: &[(&str, &str)]) -> Result<Bytestream> {
        let request = Request::builder().method(Method::GET).uri(uri(path, query)).body(body_full(Bytes::new()));
        Ok(Bytestream::Body(self.answer(operation, request).await?.into_body()))
    }

    /// A connection that the daemon gives out of its hands.
    pub(super) async fn hijack(&self, operation: &str, path: &str, query: &[(&str, &str)]) -> Result<Bytestream> {
        let request = Request::builder()
            .method(Method::POST)
            .uri(uri(path, query))
            .header(CONNECTION, "Upgrade")
            .header(UPGRADE, "tcp")
            .body(body_full(Bytes::new()));
        let answer = self.answer(operation, request).await?;
        if answer.status() != StatusCode::SWITCHING_PROTOCOLS {
            return Err(garbled(operation, &format!("{} instead of a stream", answer.status()), b""));
        }
        let upgraded = hyper::upgrade::on(answer).await.map_err(|error| error.understood(operation))?;
        Ok(Bytestream::Raw(Box::new(TokioIo::new(upgraded))))
    }

    /// The answer to a request, once its head is here.
    async fn answer(
        &self,
        operation: &str,
        request: std::result::Result<BollardRequest, hyper::http::Error>,
    ) -> Result<Response<Incoming>> {
        let request = request.map_err(|error| EngineError::new(ErrorKind::Protocol, operation, error.to_string()))?;
        let response = self.send(request).await.map_err(|error| error.understood(operation))?;
        let status = response.status();
        if status.is_success() || status == StatusCode::SWITCHING_PROTOCOLS {
            return Ok(response);
        }
        let lines = Lines { operation: operation.to_owned(), body: response.into_body(), buffer: Vec::new() };
        let text = lines.rest().await?;
        let message = serde_json::from_slice::<serde_json::Value>(&text).ok();
        let message = message.as_ref().and_then(|value| value.get("message")?.as_str().map(str::to_owned));
        let message = message.unwrap_or_else(|| String::from_utf8_lossy(&text).into_owned());
        Err(refused(operation, status.as_u16(), &message))
    }
}

/// The address of a call.
pub(super) fn uri(path: &str, query: &[(&str, &str)]) -> String {
    let pairs: Vec<String> = query.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect();
    match pairs.is_empty() {
        true => format!("http://docker{path}"),
        false => format!("http://docker{path}?{}", pairs.join("&")),
    }
}

/// Percent-encodes all that is not unreserved.
fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => encoded.push(char::from(byte)),
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}

/// The body of an answer, read as one JSON value a line, as it comes.
pub(super) struct Lines {
    operation: String,
    body: Incoming,
    buffer: Vec<u8>,
}

impl Lines {
    /// The next value; `None` at the end.
    pub(super) async fn next<T: DeserializeOwned>(&mut self) -> Result<Option<T>> {
        loop {
            let end = self.buffer.iter().position(|byte| *byte == b'\n');
            let line = match end {
                Some(end) => self.buffer.drain(..=end).collect::<Vec<_>>(),
                None => match self.read().await? {
                    true => continue,
                    false if self.buffer.is_empty() => return Ok(None),
                    false => std::mem::take(&mut self.buffer),
                },
            };
            if line.iter().any(|byte| !byte.is_ascii_whitespace()) {
                let value = serde_json::from_slice(&line);
                return value.map(Some).map_err(|error| garbled(&self.operation, &error.to_string(), &line));
            }
        }
    }

    /// Reads more; `false` at the end.
    async fn read(&mut self) -> Result<bool> {
        match self.body.frame().await {
            None => Ok(false),
            Some(Err(error)) => Err(error.understood(&self.operation)),
            Some(Ok(frame)) => {
                self.buffer.extend_from_slice(frame.data_ref().map_or(&[], |data| data));
                match self.buffer.len() > LINE {
                    true => Err(garbled(&self.operation, "a line without an end", &self.buffer)),
                    false => Ok(true),
                }
            }
        }
    }

    async fn rest(mut self) -> Result<Vec<u8>> {
        while self.read().await? {}
        Ok(self.buffer)
    }
}

/// Bytes as they come.
pub(super) enum Bytestream {
    /// The body of an answer, which says where it ends.
    Body(Incoming),
    /// A connection that the daemon gave out of its hands; its end is its close, whoever closed it.
    Raw(Box<TokioIo<Upgraded>>),
}

impl Bytestream {
    /// What comes next; `None` at the end.
    pub(super) async fn next(&mut self) -> std::io::Result<Option<Bytes>> {
        match self {
            Bytestream::Body(body) => loop {
                match body.frame().await {
                    None => return Ok(None),
                    Some(frame) => match frame.map_err(std::io::Error::other)?.into_data() {
                        Ok(data) if !data.is_empty() => return Ok(Some(data)),
                        // Trailers, of which the daemon sends none.
                        _ => {}
                    },
                }
            },
            Bytestream::Raw(stream) => {
                let mut piece = BytesMut::with_capacity(PIECE);
                Ok((stream.read_buf(&mut piece).await? > 0).then(|| piece.freeze()))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::uri;

    #[test]
    fn what_stands_in_a_query_is_encoded() {
        assert_eq!(uri("/x", &[]), "http://docker/x");
        assert_eq!(uri("/x", &[("a", "b c&d"), ("e", "ü")]), "http://docker/x?a=b%20c%26d&e=%C3%BC");
    }
}
