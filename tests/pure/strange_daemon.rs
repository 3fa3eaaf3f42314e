//! What Docker's adapter makes of a daemon that answers nonsense: errors, never a panic, never an answer that was not given.

use std::path::Path;
use std::time::Duration;

use pipe::engine::docker::{Docker, Environment};
use pipe::engine::{ContainerId, Engine, ErrorKind, ExecRequest};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixListener;
use tokio::sync::mpsc;
use tokio::time::timeout;

/// Answers greetings as a daemon does, and all else with these bytes, after which it hangs up.
async fn daemon(socket: &Path, answer: &'static [u8]) -> Docker {
    let listener = UnixListener::bind(socket).expect("a socket");
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = [0; 64 * 1024];
            let read = stream.read(&mut request).await.unwrap_or(0);
            let greeting = request[..read].starts_with(b"GET /_ping");
            let hello = b"HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nContent-Length: 2\r\n\r\nOK";
            let _ = stream.write_all(if greeting { hello } else { answer }).await;
        }
    });
    let docker_host = Some(format!("unix://{}", socket.display()));
    Docker::connect(Environment { docker_host, ..Environment::default() }).await.expect("a greeting")
}

const ANSWERS: [&[u8]; 8] = [
    b"",
    b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n{\"Id\":\"abc\",\"Sta",
    b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nnull",
    b"HTTP/1.1 200 OK\r\nContent-Length: 14\r\n\r\n{\"error\": 1234",
    b"HTTP/1.1 500 Oops\r\nContent-Length: 11\r\n\r\n<h1>no</h1>",
    b"HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n\x01\x00\x00\x00\x00\xff",
    b"SSH-2.0-OpenSSH_9.2\r\n",
];

#[tokio::test]
async fn nonsense_is_an_error_of_every_question() {
    for (number, answer) in ANSWERS.into_iter().enumerate() {
        let directory = tempfile::tempdir().expect("a directory");
        let docker = daemon(&directory.path().join("d.sock"), answer).await;
        let id = ContainerId("abc".into());
        let tests = async {
            docker.inspect(&id).await.map(|_| ()).expect_err("inspect");
            docker.list("a", None).await.map(|_| ()).expect_err("list");
            docker.published_ports().await.map(|_| ()).expect_err("ports");
            docker.network("n").await.map(|_| ()).expect_err("network");
            docker.pull("pipe.test/x:1", None, mpsc::channel(1).0).await.map(|_| ()).expect_err("pull");
            docker.push("pipe.test/x:1", mpsc::channel(1).0).await.map(|_| ()).expect_err("push");
            let exec =
                ExecRequest { command: vec!["true".into()], timeout: Duration::from_secs(5), ..ExecRequest::default() };
            docker.exec(&id, exec).await.map(|_| ()).expect_err("exec");
            docker.start(&id, mpsc::channel(1).0).await.map(|_| ()).expect_err("start");
        };
        timeout(Duration::from_secs(60), tests).await.unwrap_or_else(|_| panic!("answer {number}: no end"));
    }
}

#[tokio::test]
async fn a_refusal_is_told_in_the_words_of_the_daemon() {
    let directory = tempfile::tempdir().expect("a directory");
    let answer = b"HTTP/1.1 404 Not Found\r\nContent-Length: 23\r\n\r\n{\"message\":\"no such x\"}";
    let docker = daemon(&directory.path().join("d.sock"), answer).await;
    let error = docker.inspect(&ContainerId("abc".into())).await.expect_err("nothing there");
    assert!(matches!(error.kind, ErrorKind::NotFound));
    assert_eq!(error.to_string(), "inspect container `abc`: no such x");
    assert!(docker.image("x").await.expect("an answer").is_none());
    docker.remove_container(&ContainerId("abc".into())).await.expect("nothing to do");
}

#[tokio::test]
async fn the_absence_of_a_daemon_is_told_with_the_address() {
    let environment = Environment { docker_host: Some("unix:///no/such/socket".into()), ..Environment::default() };
    let error = Docker::connect(environment).await.expect_err("nobody there");
    let ErrorKind::Unreachable(tried) = &error.kind else { panic!("{:?}", error.kind) };
    assert_eq!(tried.as_slice(), ["unix:///no/such/socket: there is no such socket"]);
}

#[tokio::test]
async fn what_is_there_and_no_engine_is_told_with_what_it_is() {
    let directory = tempfile::tempdir().expect("a directory");
    let (file, socket) = (directory.path().join("file"), directory.path().join("d.sock"));
    std::fs::write(&file, "").expect("it can be written");
    let connect = async |path: &std::path::Path| {
        let docker_host = Some(format!("unix://{}", path.display()));
        Docker::connect(Environment { docker_host, ..Environment::default() }).await.expect_err("no engine")
    };
    let error = connect(&file).await;
    let ErrorKind::Unreachable(tried) = &error.kind else { panic!("{:?}", error.kind) };
    assert!(tried[0].ends_with("it is there, and it is no socket"), "{tried:?}");
    let listener = tokio::net::UnixListener::bind(&socket).expect("a socket");
    let other = tokio::spawn(async move {
        use tokio::io::AsyncWriteExt;
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.write_all(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n").await;
        }
    });
    let error = connect(&socket).await;
    assert!(error.message.ends_with("is no Docker engine: it answers `HTTP/1.1 404 Not Found`"), "{error}");
    other.abort();
}
