use std::net::SocketAddr;
use std::time::SystemTime;

use tokio::time::Instant;
use url::Url;

use super::connection::place;
use super::exchange::exchange;
use super::request::parse_url;
use super::{Answer, Connections, Cookies, ErrorKind, HttpError, Request};

/// Sends requests and keeps the cookies of one test.
#[derive(Debug, Default)]
pub struct Client {
    cookies: Cookies,
    connections: Connections,
}

impl Client {
    /// One without cookies, that uses connections which others used before.
    pub fn new(connections: Connections) -> Self {
        Client { cookies: Cookies::default(), connections }
    }

    /// Sends `request` to the host of its URL and waits for the whole answer.
    pub async fn send(&mut self, request: &Request) -> Result<Answer, HttpError> {
        within(request, self.follow(request, None)).await
    }

    /// Sends `request` to `address`, whatever host its URL names.
    pub async fn send_to(&mut self, address: SocketAddr, request: &Request) -> Result<Answer, HttpError> {
        within(request, self.follow(request, Some(address))).await
    }

    async fn follow(&mut self, request: &Request, to: Option<SocketAddr>) -> Result<Answer, HttpError> {
        let started = Instant::now();
        let mut request = request.clone();
        let mut redirects = Vec::new();
        move_user_info(&mut request);
        loop {
            let cookies = self.cookies.header(&request.url, SystemTime::now());
            let response = exchange(&self.connections, &request, &cookies, to).await?;
            let set = response.headers.iter().filter(|(name, _)| name == "set-cookie");
            for (_, line) in set {
                self.cookies.take(&request.url, line, SystemTime::now());
            }
            match location(response.status, &response.headers) {
                Some(next) if request.follow => {
                    if redirects.len() == request.max_redirects {
                        return Err(too_many(&redirects, &request));
                    }
                    redirect(&mut request, response.status, next)?;
                    redirects.push(request.url.to_string());
                }
                _ => {
                    return Ok(Answer {
                        status: response.status,
                        version: response.version,
                        url: request.url.to_string(),
                        redirects,
                        ip: response.peer.ip,
                        certificate: response.peer.certificate,
                        headers: response.headers,
                        body: response.body,
                        took: started.elapsed(),
                    });
                }
            }
        }
    }
}

fn too_many(redirects: &[String], request: &Request) -> HttpError {
    let most = request.max_redirects;
    let last = &request.url;
    let is_loop = redirects.iter().filter(|url| url.as_str() == last.as_str()).count() > 1;
    let which = if is_loop { "a loop, which comes again and again to" } else { "the last one to" };
    HttpError::new(ErrorKind::TooManyRedirects, format!("more than {most} redirects; {which} `{last}`"))
}

async fn within(
    request: &Request,
    answer: impl Future<Output = Result<Answer, HttpError>>,
) -> Result<Answer, HttpError> {
    tokio::time::timeout(request.timeout, answer).await.unwrap_or_else(|_| {
        let message = format!("no whole answer from `{}` within {:?}", place(&request.url), request.timeout);
        Err(HttpError::new(ErrorKind::TimedOut, message))
    })
}

/// `http://user:password@host/` authenticates, and what is shown and compared later is the URL without them.
fn move_user_info(request: &mut Request) {
    if request.url.username().is_empty() && request.url.password().is_none() {
        return;
    }
    let (user, password) = (decoded(request.url.username()), decoded(request.url.password().unwrap_or_default()));
    request.basic_auth(&user, &password);
    let _ = request.url.set_username("");
    let _ = request.url.set_password(None);
}

fn decoded(text: &str) -> String {
    // A form's decoding turns `+` into a space, which user information does not.
    let text = text.replace('+', "%2B");
    url::form_urlencoded::parse(text.as_bytes()).map(|(key, _)| key.into_owned()).next().unwrap_or_default()
}

fn location(status: u16, headers: &[(String, String)]) -> Option<&str> {
    let found = headers.iter().find(|(name, _)| name == "location");
    found.filter(|_| matches!(status, 301 | 302 | 303 | 307 | 308)).map(|(_, value)| value.as_str())
}

/// Makes `request` the one that a redirect asks for (RFC 9110, 15.4): 303 asks with `GET`; 301 and 302 turn a `POST` into `GET`,
/// as browsers and curl do; 307 and 308 change nothing. What authenticates does not go to another host.
fn redirect(request: &mut Request, status: u16, location: &str) -> Result<(), HttpError> {
    let next = parse_url(location, Some(&request.url))?;
    let drop_body = match status {
        303 => request.method != "HEAD",
        301 | 302 => request.method == "POST",
        _ => false,
    };
    if drop_body {
        request.method = "GET".to_owned();
        request.body = None;
        request.headers.retain(|(name, _)| !name.to_ascii_lowercase().starts_with("content-"));
    }
    if origin(&next) != origin(&request.url) {
        request.headers.retain(|(name, _)| {
            !["authorization", "cookie", "host"].iter().any(|private| name.eq_ignore_ascii_case(private))
        });
    }
    request.url = next;
    move_user_info(request);
    Ok(())
}

fn origin(url: &Url) -> (&str, Option<&str>, Option<u16>) {
    (url.scheme(), url.host_str(), url.port_or_known_default())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use bytes::Bytes;

    use super::*;
    use crate::probe::http::server::{self, Reply, Server};

    fn get(server: &Server, path: &str) -> Request {
        Request::new("GET", Url::parse(&server.url(path)).expect("a URL"), Duration::from_secs(5))
    }

    async fn error_of(answer: &'static [u8]) -> ErrorKind {
        let server = server::start(move |_| Reply::raw(answer).then(Duration::ZERO, "")).await;
        let mut request = get(&server, "/");
        request.timeout = Duration::from_millis(200);
        Client::default().send(&request).await.expect_err("no answer").kind
    }

    #[tokio::test]
    async fn an_answer_is_taken_whole() {
        let server = server::start(|_| Reply::with(201, &[("X-A", "1"), ("X-A", "2")], "hello")).await;
        let answer = Client::default().send(&get(&server, "/a?b=c#d")).await.unwrap();
        assert_eq!((answer.status, answer.version, &answer.body[..]), (201, "1.1", &b"hello"[..]));
        assert_eq!(answer.header("x-a").collect::<Vec<_>>(), ["1", "2"]);
        assert_eq!(server.requests()[0].path(), "/a?b=c");
        assert_eq!(server.requests()[0].header("host"), Some(server.address.to_string().as_str()));
    }

    #[tokio::test]
    async fn a_server_is_reached_by_either_version_of_its_address() {
        let four = server::start(|_| Reply::text(200, "four")).await;
        let answer = Client::default().send(&get(&four, "/")).await.unwrap();
        assert_eq!((answer.ip, &answer.body[..]), ("127.0.0.1".parse().ok(), &b"four"[..]));
        // A machine without IPv6 has no server to reach by it.
        let Some(six) = server::start_at("[::1]:0", |_| Reply::text(200, "six")).await else { return };
        let answer = Client::default().send(&get(&six, "/")).await.unwrap();
        assert_eq!((answer.ip, &answer.body[..]), ("::1".parse().ok(), &b"six"[..]));
        assert_eq!(six.requests()[0].header("host"), Some(six.address.to_string().as_str()));
    }

    #[tokio::test]
    async fn chunks_are_put_together() {
        let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nWiki\r\n";
        let server =
            server::start(move |_| Reply::raw(head).then(Duration::from_millis(20), "3\r\npe\n\r\n0\r\n\r\n")).await;
        let answer = Client::default().send(&get(&server, "/")).await.unwrap();
        assert_eq!(&answer.body[..], b"Wikipe\n");
    }

    #[tokio::test]
    async fn a_body_without_a_length_ends_with_the_connection() {
        let server = server::raw(b"HTTP/1.0 200 OK\r\n\r\nold").await;
        let answer = Client::default().send(&get(&server, "/")).await.unwrap();
        assert_eq!((answer.version, &answer.body[..]), ("1.0", &b"old"[..]));
    }

    #[tokio::test]
    async fn head_has_no_body_and_an_interim_answer_is_passed_over() {
        let server = server::start(|request| match request.method() {
            "HEAD" => Reply::raw("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"),
            _ => Reply::raw("HTTP/1.1 103 Early\r\n\r\nHTTP/1.1 204 No\r\n\r\n"),
        })
        .await;
        let mut request = get(&server, "/");
        assert_eq!(Client::default().send(&request).await.unwrap().status, 204);
        request.method = "HEAD".to_owned();
        assert_eq!(Client::default().send(&request).await.unwrap().body.len(), 0);
    }

    #[tokio::test]
    async fn what_goes_wrong_has_a_kind() {
        assert_eq!(error_of(b"garbage\r\n\r\n").await, ErrorKind::NotHttp);
        assert_eq!(error_of(b"").await, ErrorKind::TimedOut);
        assert_eq!(error_of(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf").await, ErrorKind::TimedOut);
        let closes = server::raw(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf").await;
        assert_eq!(Client::default().send(&get(&closes, "/")).await.unwrap_err().kind, ErrorKind::Closed);
        let nothing = server::raw(b"").await;
        let error = Client::default().send(&get(&nothing, "/")).await.unwrap_err();
        assert!(matches!(error.kind, ErrorKind::Closed | ErrorKind::Reset), "{error:?}");
        let address = server::nobody().await;
        let request = Request::new("GET", Url::parse(&format!("http://{address}/")).unwrap(), Duration::from_secs(5));
        let error = Client::default().send(&request).await.unwrap_err();
        assert_eq!((error.kind, error.message), (ErrorKind::Refused, format!("nobody listens at `{address}`")));
        let request = Request::new("GET", Url::parse("http://no-such-host.invalid/").unwrap(), Duration::from_secs(20));
        assert_eq!(Client::default().send(&request).await.unwrap_err().kind, ErrorKind::Dns);
    }

    #[tokio::test]
    async fn a_body_beyond_the_limit_is_refused() {
        let head = "HTTP/1.1 200 OK\r\nContent-Length: 20000000\r\n\r\n";
        let server = server::start(move |_| Reply::raw(head).then(Duration::ZERO, vec![b'a'; 20_000_000])).await;
        let error = Client::default().send(&get(&server, "/")).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::TooLarge);
    }

    #[tokio::test]
    async fn redirects_are_followed_only_where_asked() {
        let server = server::start(|request| match request.path() {
            "/see" => Reply::with(303, &[("Location", "/there")], ""),
            "/keep" => Reply::with(307, &[("Location", "there")], ""),
            "/moved" => Reply::with(301, &[("Location", "/there")], ""),
            "/loop" => Reply::with(302, &[("Location", "/loop")], ""),
            "/ftp" => Reply::with(302, &[("Location", "ftp://127.0.0.1/")], ""),
            path => Reply::text(200, &format!("{} {path} {}", request.method(), request.body.len())),
        })
        .await;
        let send = async |path: &str, follow: bool| {
            let mut request = get(&server, path);
            (request.method, request.body, request.follow) = ("POST".into(), Some(Bytes::from_static(b"abc")), follow);
            Client::default().send(&request).await
        };
        assert_eq!(send("/see", false).await.unwrap().status, 303);
        let followed = send("/see", true).await.unwrap();
        assert_eq!((&followed.body[..], followed.url), (&b"GET /there 0"[..], server.url("/there")));
        assert_eq!(&send("/moved", true).await.unwrap().body[..], b"GET /there 0");
        assert_eq!(&send("/keep", true).await.unwrap().body[..], b"POST /there 3");
        assert_eq!(send("/loop", true).await.unwrap_err().kind, ErrorKind::TooManyRedirects);
        assert_eq!(send("/ftp", true).await.unwrap_err().kind, ErrorKind::Scheme);
    }

    #[tokio::test]
    async fn authorization_does_not_go_to_another_host() {
        let other = server::start(|_| Reply::text(200, "other")).await;
        let target = other.url("/");
        let server = server::start(move |_| Reply::with(302, &[("Location", &target)], "")).await;
        let mut request = get(&server, "/");
        request.follow = true;
        request.basic_auth("me", "secret");
        assert_eq!(&Client::default().send(&request).await.unwrap().body[..], b"other");
        assert_eq!(server.requests()[0].header("authorization"), Some("Basic bWU6c2VjcmV0"));
        assert_eq!(other.requests()[0].header("authorization"), None);
    }

    #[tokio::test]
    async fn cookies_are_kept_by_the_client_and_no_other() {
        let server = server::start(|_| Reply::with(200, &[("Set-Cookie", "s=1; Path=/; HttpOnly")], "")).await;
        let mut client = Client::default();
        assert_eq!(client.send(&get(&server, "/login")).await.unwrap().cookie("s"), Some("1"));
        client.send(&get(&server, "/")).await.unwrap();
        Client::default().send(&get(&server, "/")).await.unwrap();
        let sent: Vec<_> = server.requests().iter().map(|seen| seen.header("cookie").map(str::to_owned)).collect();
        assert_eq!(sent, [None, Some("s=1".to_owned()), None]);
    }

    #[tokio::test]
    async fn user_and_password_of_a_url_authenticate() {
        let server = server::start(|_| Reply::text(200, "")).await;
        let url = format!("http://me:a%20b+c@{}/", server.address);
        let request = Request::new("GET", Url::parse(&url).unwrap(), Duration::from_secs(5));
        assert_eq!(Client::default().send(&request).await.unwrap().url, server.url("/"));
        assert_eq!(server.requests()[0].header("authorization"), Some("Basic bWU6YSBiK2M="));
    }

    #[tokio::test]
    async fn what_cannot_be_sent_is_told_before_anything_is_sent() {
        let server = server::start(|_| Reply::text(200, "")).await;
        let mut request = get(&server, "/");
        request.headers.push(("X-A".into(), "a\r\nX-B: b".into()));
        assert_eq!(Client::default().send(&request).await.unwrap_err().kind, ErrorKind::BadRequest);
        let mut request = get(&server, "/");
        request.method = "GE T".into();
        assert_eq!(Client::default().send(&request).await.unwrap_err().kind, ErrorKind::BadRequest);
        assert!(server.requests().is_empty());
    }
}
