use std::net::SocketAddr;

use bytes::{Bytes, BytesMut};
use http_body_util::{BodyExt, Full};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use url::{Host, Url};

use super::{BODY_LIMIT, ErrorKind, HttpError, Request};

/// One answer, redirects not followed.
pub(super) struct Response {
    pub status: u16,
    pub version: &'static str,
    pub headers: Vec<(String, String)>,
    pub body: Bytes,
}

/// Sends one request over a connection of its own, to `to` instead of the URL's host where it is given.
/// `cookies` is the value of the header, empty for none.
pub(super) async fn exchange(request: &Request, cookies: &str, to: Option<SocketAddr>) -> Result<Response, HttpError> {
    let message = message(request, cookies)?;
    let place = place(&request.url);
    let stream = match to {
        Some(address) => TcpStream::connect(address).await.map_err(|error| HttpError::from_io(&error, &place))?,
        None => connect(&request.url, &place).await?,
    };
    let _ = stream.set_nodelay(true);
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
        .await
        .map_err(|error| HttpError::from_hyper(&error, &place))?;
    let answer = async {
        let response = sender.send_request(message).await.map_err(|error| HttpError::from_hyper(&error, &place))?;
        read(response, &place).await
    };
    tokio::pin!(answer, connection);
    // The connection is driven beside the answer and ends with it: no task is left behind when this future is dropped.
    tokio::select! {
        biased;
        answer = &mut answer => answer,
        Err(error) = &mut connection => match answer.await {
            Ok(answer) => Ok(answer),
            Err(told) if told.kind == ErrorKind::Closed => Err(HttpError::from_hyper(&error, &place)),
            Err(told) => Err(told),
        },
    }
}

/// `host:port`, as in the `Host` header: the port is left out where it is 80.
pub(super) fn place(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}

fn message(request: &Request, cookies: &str) -> Result<hyper::Request<Full<Bytes>>, HttpError> {
    let bad = |message: String| HttpError::new(ErrorKind::BadRequest, message);
    let method = hyper::Method::from_bytes(request.method.as_bytes())
        .map_err(|_| bad(format!("`{}` is not a method", request.method)))?;
    let path = match request.url.query() {
        Some(query) => format!("{}?{query}", request.url.path()),
        None => request.url.path().to_owned(),
    };
    let mut builder = hyper::Request::builder().method(&method).uri(path);
    if !request.has_header("host") {
        builder = builder.header("Host", place(&request.url));
    }
    if !request.has_header("user-agent") {
        builder = builder.header("User-Agent", concat!("pipe/", env!("CARGO_PKG_VERSION")));
    }
    if !request.has_header("accept") {
        builder = builder.header("Accept", "*/*");
    }
    if !cookies.is_empty() && !request.has_header("cookie") {
        builder = builder.header("Cookie", cookies);
    }
    // A body that may be there says its length also where it is empty, as servers of `POST` want it.
    if request.body.is_none() && matches!(method.as_str(), "POST" | "PUT" | "PATCH") {
        builder = builder.header("Content-Length", "0");
    }
    for (name, value) in &request.headers {
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
    for address in addresses {
        match TcpStream::connect(address).await {
            Ok(stream) => return Ok(stream),
            Err(error) => last = HttpError::from_io(&error, place),
        }
    }
    Err(last)
}

async fn read(response: hyper::Response<hyper::body::Incoming>, place: &str) -> Result<Response, HttpError> {
    let (head, mut incoming) = response.into_parts();
    let mut body = BytesMut::new();
    while let Some(frame) = incoming.frame().await {
        let frame = frame.map_err(|error| HttpError::from_hyper(&error, place))?;
        if let Ok(data) = frame.into_data() {
            if body.len() + data.len() > BODY_LIMIT {
                let message = format!("the body of `{place}` is larger than {} MiB", BODY_LIMIT / (1024 * 1024));
                return Err(HttpError::new(ErrorKind::TooLarge, message));
            }
            body.extend_from_slice(&data);
        }
    }
    Ok(Response {
        status: head.status.as_u16(),
        version: if head.version == hyper::Version::HTTP_10 { "1.0" } else { "1.1" },
        headers: head
            .headers
            .iter()
            .map(|(name, value)| (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
            .collect(),
        body: body.freeze(),
    })
}
