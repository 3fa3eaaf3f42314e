use std::net::SocketAddr;

use bytes::{Bytes, BytesMut};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;

use super::compression::{ACCEPTED, decompressed};
use super::connection::{Connection, Lost, Peer, place};
use super::connections::Way;
use super::{BODY_LIMIT, Connections, ErrorKind, HttpError, Request};
use crate::model::HttpVersion;

/// One answer, redirects not followed.
pub(super) struct Response {
    pub status: u16,
    pub version: &'static str,
    pub headers: Vec<(String, String)>,
    pub body: Bytes,
    pub peer: Peer,
}

/// Sends one request over a connection that stands or over a new one, to `to` instead of the URL's host where it is given.
/// `cookies` is the value of the header, empty for none.
///
/// A connection that stood may have been closed in that very moment. So only what changes nothing (RFC 9110, 9.2.1) goes over one, and is
/// sent again over a new one; a `DELETE` that was sent twice would be answered 404.
pub(super) async fn exchange(
    connections: &Connections,
    request: &Request,
    cookies: &str,
    to: Option<SocketAddr>,
) -> Result<Response, HttpError> {
    let way = Way::of(request, to);
    let place = place(&request.url);
    // What cannot be sent is told before anybody is called.
    message(request, cookies, false)?;
    if is_safe(request)
        && let Some(connection) = connections.take(&way)
    {
        match over(connection, request, cookies, &place).await {
            Ok(told) => return Ok(told.kept(connections, way)),
            Err(lost) if lost.unsent || matches!(lost.error.kind, ErrorKind::Closed | ErrorKind::Reset) => {}
            Err(lost) => return Err(lost.error),
        }
    }
    let connection = connections.open(request, &request.url, to).await?;
    let told = over(connection, request, cookies, &place).await.map_err(|lost| lost.error)?;
    Ok(told.kept(connections, way))
}

/// An answer and the connection that it came over.
struct Told {
    response: Response,
    connection: Connection,
}

impl Told {
    fn kept(self, connections: &Connections, way: Way) -> Response {
        connections.keep(way, self.connection);
        self.response
    }
}

async fn over(mut connection: Connection, request: &Request, cookies: &str, place: &str) -> Result<Told, Lost> {
    let message = message(request, cookies, connection.is_http2()).map_err(|error| Lost { error, unsent: true })?;
    let peer = connection.peer.clone();
    let response = connection.exchange(message, place, |response| read(response, request, peer, place)).await?;
    Ok(Told { response, connection })
}

/// Whether a request changes nothing at its server.
fn is_safe(request: &Request) -> bool {
    matches!(request.method.as_str(), "GET" | "HEAD" | "OPTIONS" | "TRACE" | "PROPFIND" | "SEARCH")
}

fn message(request: &Request, cookies: &str, is_http2: bool) -> Result<hyper::Request<Full<Bytes>>, HttpError> {
    let bad = |message: String| HttpError::new(ErrorKind::BadRequest, message);
    let method = hyper::Method::from_bytes(request.method.as_bytes())
        .map_err(|_| bad(format!("`{}` is not a method", request.method)))?;
    let mut path = match request.url.query() {
        Some(query) => format!("{}?{query}", request.url.path()),
        None => request.url.path().to_owned(),
    };
    // HTTP/2 has no header `Host`: it stands in the URL.
    if is_http2 {
        let own = request.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("host"));
        let authority = own.map_or_else(|| place(&request.url), |(_, value)| value.clone());
        path = format!("{}://{authority}{path}", request.url.scheme());
    }
    let mut builder = hyper::Request::builder().method(&method).uri(path);
    if request.version == Some(HttpVersion::Http10) {
        builder = builder.version(hyper::Version::HTTP_10);
    }
    if !is_http2 && !request.has_header("host") {
        builder = builder.header("Host", place(&request.url));
    }
    if !request.has_header("user-agent") {
        builder = builder.header("User-Agent", concat!("pipe/", env!("CARGO_PKG_VERSION")));
    }
    if !request.has_header("accept") {
        builder = builder.header("Accept", "*/*");
    }
    if request.compressed && !request.has_header("accept-encoding") {
        builder = builder.header("Accept-Encoding", ACCEPTED);
    }
    if !cookies.is_empty() && !request.has_header("cookie") {
        builder = builder.header("Cookie", cookies);
    }
    // A body that may be there says its length also where it is empty, as servers of `POST` want it.
    if request.body.is_none() && matches!(method.as_str(), "POST" | "PUT" | "PATCH") {
        builder = builder.header("Content-Length", "0");
    }
    for (name, value) in &request.headers {
        if is_http2 && name.eq_ignore_ascii_case("host") {
            continue;
        }
        let joined =
            (name.eq_ignore_ascii_case("cookie") && !cookies.is_empty()).then(|| format!("{cookies}; {value}"));
        let value = joined.as_ref().unwrap_or(value);
        let name = hyper::header::HeaderName::from_bytes(name.as_bytes())
            .map_err(|_| bad(format!("`{name}` is not the name of a header")))?;
        let value = hyper::header::HeaderValue::from_bytes(value.as_bytes())
            .map_err(|_| bad(format!("the value of header `{name}` has a control character")))?;
        builder = builder.header(name, value);
    }
    let body = Full::new(request.body.clone().unwrap_or_default());
    builder.body(body).map_err(|error| bad(format!("the request cannot be sent: {error}")))
}

async fn read(
    response: hyper::Response<Incoming>,
    request: &Request,
    peer: Peer,
    place: &str,
) -> Result<Response, HttpError> {
    let (head, mut incoming) = response.into_parts();
    let headers: Vec<(String, String)> = head
        .headers
        .iter()
        .map(|(name, value)| (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
        .collect();
    let too_large = || {
        let message = format!("the body of `{place}` is larger than {} MiB", BODY_LIMIT / (1024 * 1024));
        HttpError::new(ErrorKind::TooLarge, message)
    };
    // What says that it is too large is not read at all.
    if hyper::body::Body::size_hint(&incoming).lower() > BODY_LIMIT as u64 {
        return Err(too_large());
    }
    let mut body = BytesMut::new();
    while let Some(frame) = incoming.frame().await {
        let frame = frame.map_err(|error| HttpError::from_hyper(&error, place))?;
        if let Ok(data) = frame.into_data() {
            if body.len() + data.len() > BODY_LIMIT {
                return Err(too_large());
            }
            body.extend_from_slice(&data);
        }
    }
    let mut body = body.freeze();
    if request.compressed {
        let encodings: Vec<&str> = headers
            .iter()
            .filter(|(name, _)| name == "content-encoding")
            .flat_map(|(_, value)| value.split(','))
            .map(str::trim)
            .filter(|encoding| !encoding.is_empty())
            .collect();
        body = decompressed(body, encodings.into_iter(), place)?;
    }
    let version = match head.version {
        hyper::Version::HTTP_10 => "1.0",
        hyper::Version::HTTP_2 => "2",
        _ => "1.1",
    };
    Ok(Response { status: head.status.as_u16(), version, headers, body, peer })
}
