//! Servers that mean harm, or are broken: each costs bounded memory and time, and one clear failure.

use std::io::Write as _;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use tokio::time::Instant;

use super::server::{self, Reply, Server};
use super::{BODY_LIMIT, Client, ErrorKind, Request, Url};

fn get(server: &Server, path: &str) -> Request {
    Request::new("GET", Url::parse(&server.url(path)).expect("a URL"), Duration::from_secs(30))
}

#[tokio::test]
async fn a_gigabyte_is_refused_before_it_is_read() {
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", 1 << 30);
    // Nothing of it ever comes: what waited for it would run out of time.
    let server = server::start(move |_| Reply::raw(head.clone())).await;
    let error = Client::default().send(&get(&server, "/")).await.expect_err("too much");
    assert_eq!(
        (error.kind, error.message),
        (ErrorKind::TooLarge, format!("the body of `{}` is larger than 16 MiB", server.address))
    );
}

#[tokio::test]
async fn a_stream_without_end_is_cut() {
    let chunk = format!("100000\r\n{}\r\n", "x".repeat(0x10_0000));
    let server = server::start(move |_| {
        let head = Reply::raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        (0..64).fold(head, |reply, _| reply.then(Duration::ZERO, chunk.clone()))
    })
    .await;
    let error = Client::default().send(&get(&server, "/")).await.expect_err("too much");
    assert_eq!(error.kind, ErrorKind::TooLarge, "{error}");
}

#[tokio::test]
async fn a_bomb_is_not_blown_up() {
    let mut bomb = GzEncoder::new(Vec::new(), Compression::fast());
    bomb.write_all(&vec![0; 4 * BODY_LIMIT]).expect("memory takes all");
    let bomb = bomb.finish().expect("memory takes all");
    let server = server::start(move |seen| {
        assert_eq!(seen.header("accept-encoding"), Some("gzip, deflate, br"));
        let mut reply =
            format!("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\n\r\n", bomb.len()).into_bytes();
        reply.extend_from_slice(&bomb);
        Reply::raw(reply)
    })
    .await;
    let mut request = get(&server, "/");
    request.compressed = true;
    let error = Client::default().send(&request).await.expect_err("too much");
    assert_eq!(error.kind, ErrorKind::TooLarge, "{error}");
}

#[tokio::test]
async fn an_answer_that_drips_ends_with_its_time() {
    let server = server::start(|_| {
        let head = Reply::raw("HTTP/1.1 200 OK\r\n");
        (0..10_000).fold(head, |reply, number| reply.then(Duration::from_millis(10), format!("X-{number}: a\r\n")))
    })
    .await;
    let mut request = get(&server, "/");
    request.timeout = Duration::from_millis(300);
    let error = Client::default().send(&request).await.expect_err("no answer");
    assert_eq!(error.kind, ErrorKind::TimedOut, "{error}");
}

#[tokio::test]
async fn a_connection_that_is_not_taken_ends_with_the_time_for_it() {
    let server = server::silent().await;
    let mut request = get(&server, "/");
    // TLS waits for a greeting that never comes.
    request.url = Url::parse(&server.url("/").replace("http:", "https:")).expect("a URL");
    (request.trust, request.connect_timeout) = (super::Trust::Anyone, Some(Duration::from_millis(100)));
    let began = Instant::now();
    let error = Client::default().send(&request).await.expect_err("no connection");
    assert_eq!(
        (error.kind, error.message),
        (ErrorKind::TimedOut, format!("no connection to `{}` within 100ms", server.address))
    );
    assert!(began.elapsed() < Duration::from_secs(20), "the whole time-out was waited for");
}

#[tokio::test]
async fn headers_without_end_are_no_answer() {
    let server = server::start(|_| {
        let many = "X-A: a\r\n".repeat(100_000);
        Reply::raw(format!("HTTP/1.1 200 OK\r\n{many}\r\n"))
    })
    .await;
    let error = Client::default().send(&get(&server, "/")).await.expect_err("too many");
    assert!(matches!(error.kind, ErrorKind::NotHttp | ErrorKind::Reset | ErrorKind::Closed), "{error:?}");
}

#[tokio::test]
async fn a_loop_of_redirects_is_called_one() {
    let server = server::start(|_| Reply::with(302, &[("Location", "/again")], "")).await;
    let mut request = get(&server, "/");
    (request.follow, request.max_redirects) = (true, 4);
    let error = Client::default().send(&request).await.expect_err("a loop");
    assert_eq!(error.kind, ErrorKind::TooManyRedirects);
    assert_eq!(
        error.message,
        format!("more than 4 redirects; a loop, which comes again and again to `{}`", server.url("/again"))
    );
    assert_eq!(server.requests().len(), 5);
}

#[tokio::test]
async fn two_lengths_that_differ_are_no_answer() {
    let server = server::raw(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab").await;
    let error = Client::default().send(&get(&server, "/")).await.expect_err("which one?");
    assert_eq!(error.kind, ErrorKind::NotHttp, "{error}");
}

#[tokio::test]
async fn more_than_was_announced_is_not_read_and_not_taken_for_the_next_answer() {
    let server =
        server::start(|_| Reply::raw("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 500 Not\r\n\r\n")).await;
    let mut client = Client::default();
    for _ in 0..3 {
        let answer = client.send(&get(&server, "/")).await.expect("an answer");
        assert_eq!((answer.status, &answer.body[..]), (200, &b"ok"[..]));
    }
}

#[tokio::test]
async fn a_connection_is_used_again_while_it_stands() {
    let server = server::start(|_| Reply::text(200, "")).await;
    let mut client = Client::default();
    for _ in 0..5 {
        client.send(&get(&server, "/")).await.expect("an answer");
    }
    assert_eq!((server.connections(), server.requests().len()), (1, 5));
    let closes = server::start(|_| Reply::with(200, &[("Connection", "close")], "")).await;
    let mut request = get(&closes, "/");
    request.method = "POST".to_owned();
    for _ in 0..5 {
        client.send(&request).await.expect("an answer");
    }
    assert_eq!((closes.connections(), closes.requests().len()), (5, 5));
}

#[tokio::test]
async fn a_connection_that_was_closed_meanwhile_is_replaced() {
    // Each is closed without a word once it answered.
    let server = server::raw(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").await;
    let mut client = Client::default();
    for method in ["GET", "POST", "DELETE", "GET", "PATCH", "GET", "PUT", "POST"] {
        let mut request = get(&server, "/");
        request.method = method.to_owned();
        // A closed connection may not be seen as such at once: what may not be sent twice goes over a new one.
        assert_eq!(client.send(&request).await.expect("an answer").status, 200, "{method}");
    }
}
