//! TLS and HTTP/2, against a server of hyper's with a certificate of its own.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use rcgen::{CertifiedKey, generate_simple_self_signed};
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

use super::server::{self, Reply};
use super::{Client, ErrorKind, Request, Trust, Url};
use crate::model::HttpVersion;

/// A server that tells the authority, the version and the authorization of what it was asked; it ends with this value.
struct Secure {
    port: u16,
    /// Its certificate, in PEM.
    pem: Bytes,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for Secure {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn secure(alpn: &[&str]) -> Secure {
    let CertifiedKey { cert, signing_key } = generate_simple_self_signed(["localhost".to_owned()]).expect("a name");
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(signing_key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("the provider knows them")
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key);
    let mut config = config.expect("the key is the certificate's");
    config.alpn_protocols = alpn.iter().map(|name| name.as_bytes().to_vec()).collect();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let port = listener.local_addr().expect("an address").port();
    let task = tokio::spawn(async move {
        let mut connections = tokio::task::JoinSet::new();
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            connections.spawn(async move {
                if let Ok(stream) = acceptor.accept(stream).await {
                    let is_http2 = stream.get_ref().1.alpn_protocol() == Some(b"h2");
                    serve(stream, is_http2).await;
                }
            });
        }
    });
    Secure { port, pem: Bytes::from(cert.pem()), task }
}

async fn serve(stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static, is_http2: bool) {
    let service = service_fn(|request: hyper::Request<hyper::body::Incoming>| async move {
        let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or("none");
        let authority = request.uri().authority().map(ToString::to_string);
        let authority = authority.unwrap_or_else(|| header("host").to_owned());
        let text = format!("{authority} {:?} {} {}", request.version(), request.uri().path(), header("authorization"));
        let mut response = hyper::Response::new(Full::new(Bytes::from(text)));
        if request.uri().path() == "/to" {
            *response.status_mut() = hyper::StatusCode::FOUND;
            let place = header("x-to").parse().expect("a header");
            response.headers_mut().insert("location", place);
        }
        Ok::<_, std::convert::Infallible>(response)
    });
    let stream = TokioIo::new(stream);
    if is_http2 {
        let _ = hyper::server::conn::http2::Builder::new(TokioExecutor::new()).serve_connection(stream, service).await;
    } else {
        let _ = hyper::server::conn::http1::Builder::new().serve_connection(stream, service).await;
    }
}

fn get(url: &str, trust: Trust) -> Request {
    let mut request = Request::new("GET", Url::parse(url).expect("a URL"), Duration::from_secs(10));
    request.trust = trust;
    request
}

#[tokio::test]
async fn an_authority_of_ones_own_is_trusted_and_http2_agreed_upon() {
    let server = secure(&["h2", "http/1.1"]).await;
    let url = format!("https://localhost:{}/a", server.port);
    let trust = Trust::Authorities(server.pem.clone());
    let answer = Client::default().send(&get(&url, trust.clone())).await.expect("an answer");
    assert_eq!((answer.version, answer.ip), ("2", Some([127, 0, 0, 1].into())));
    assert_eq!(&answer.body[..], format!("localhost:{} HTTP/2.0 /a none", server.port).as_bytes());
    let certificate = answer.certificate.expect("TLS was spoken").expect("it reads");
    assert_eq!(certificate.names, ["localhost"]);
    assert!(certificate.subject.starts_with("CN=") && certificate.subject == certificate.issuer);
    assert!(certificate.start < certificate.end);
    let given = String::from_utf8_lossy(&server.pem).replace("\r\n", "\n");
    assert_eq!(certificate.pem, given);
    let mut older = get(&url, trust);
    older.version = Some(HttpVersion::Http11);
    let mut client = Client::default();
    for _ in 0..2 {
        let answer = client.send(&older).await.expect("an answer");
        assert_eq!((answer.version, answer.status), ("1.1", 200));
    }
}

#[tokio::test]
async fn strangers_are_not_trusted_unless_anybody_is() {
    let server = secure(&["http/1.1"]).await;
    let url = format!("https://localhost:{}/", server.port);
    let other = secure(&[]).await;
    let error =
        Client::default().send(&get(&url, Trust::Authorities(other.pem.clone()))).await.expect_err("a stranger");
    assert_eq!(error.kind, ErrorKind::Tls, "{error}");
    assert!(
        error.message.contains(&format!("the certificate of `localhost:{}` is not trusted", server.port)),
        "{error}"
    );
    // It is for another name.
    let by_number = format!("https://127.0.0.1:{}/", server.port);
    let error =
        Client::default().send(&get(&by_number, Trust::Authorities(server.pem.clone()))).await.expect_err("a name");
    assert_eq!(error.kind, ErrorKind::Tls, "{error}");
    let answer = Client::default().send(&get(&by_number, Trust::Anyone)).await.expect("an answer");
    assert_eq!(answer.status, 200);
    let mut newer = get(&url, Trust::Anyone);
    newer.version = Some(HttpVersion::Http2);
    let error = Client::default().send(&newer).await.expect_err("HTTP/1.1 alone is spoken");
    assert_eq!(error.kind, ErrorKind::Tls, "{error}");
}

#[tokio::test]
async fn what_is_no_authority_and_no_tls_is_told() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("https://{}/", listener.local_addr().expect("an address"));
    let task = tokio::spawn(async move {
        let mut held = Vec::new();
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
            held.push(stream);
        }
    });
    let error = Client::default().send(&get(&url, Trust::Anyone)).await.expect_err("no TLS");
    assert_eq!(error.kind, ErrorKind::Tls, "{error}");
    let error =
        Client::default().send(&get(&url, Trust::Authorities(Bytes::from_static(b"x")))).await.expect_err("no PEM");
    assert_eq!(
        (error.kind, error.message.as_str()),
        (ErrorKind::BadRequest, "the file of `ca` has no certificate in PEM")
    );
    task.abort();
}

#[tokio::test]
async fn http2_is_spoken_at_once_where_it_is_asked_for() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    let task = tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream, true));
        }
    });
    let mut request = get(&format!("http://{address}/x"), Trust::System);
    request.version = Some(HttpVersion::Http2);
    request.headers.push(("Host".to_owned(), "example.test".to_owned()));
    let mut client = Client::default();
    for _ in 0..2 {
        let answer = client.send(&request).await.expect("an answer");
        assert_eq!((answer.version, &answer.body[..]), ("2", &b"example.test HTTP/2.0 /x none"[..]));
        assert!(answer.certificate.is_none());
    }
    task.abort();
}

#[tokio::test]
async fn authorization_is_not_carried_from_https_to_http() {
    let server = secure(&["http/1.1"]).await;
    let plain = server::start(|_| Reply::text(200, "plain")).await;
    let mut request = get(&format!("https://localhost:{}/to", server.port), Trust::Anyone);
    request.follow = true;
    request.headers.push(("X-To".to_owned(), plain.url("/there")));
    request.basic_auth("me", "secret");
    let answer = Client::default().send(&request).await.expect("an answer");
    assert_eq!((answer.url, answer.redirects), (plain.url("/there"), vec![plain.url("/there")]));
    assert_eq!(plain.requests()[0].header("authorization"), None);
}
