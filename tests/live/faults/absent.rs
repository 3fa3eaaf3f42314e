//! An engine that cannot be reached is told with the address, the cause and the mend; the exit code is 3.

use std::os::unix::net::UnixListener;

use crate::daemon::wanted;
use crate::scenarios::harness::{Checkout, Told, stage};

fn run(host: &str) -> Told {
    let checkout = Checkout::with(&stage("hello", "command \"true\""));
    let mut command = checkout.command(&["run"]);
    Told::of(command.env("DOCKER_HOST", host).output().expect("the binary of this package can be run"))
}

#[track_caller]
fn assert_told(told: &Told, code: &str, words: &[&str]) {
    assert_eq!(told.code, 3, "{}\n{}", told.out, told.err);
    for word in [&[code, "help"], words].concat() {
        assert!(told.err.contains(word), "“{word}” is not in:\n{}", told.err);
    }
}

#[test]
fn a_socket_that_is_absent_refuses_or_is_none_is_told() {
    if !wanted() {
        return;
    }
    let directory = tempfile::tempdir().expect("a directory");
    let at = |name: &str| format!("unix://{}", directory.path().join(name).display());
    assert_told(&run(&at("none.sock")), "engine-unreachable", &["none.sock", "there is no such socket"]);

    drop(UnixListener::bind(directory.path().join("left.sock")).expect("a socket"));
    assert_told(&run(&at("left.sock")), "engine-unreachable", &["left.sock", "nobody listens there"]);

    std::fs::write(directory.path().join("file"), "").expect("a file");
    assert_told(&run(&at("file")), "engine-unreachable", &["it is there, and it is no socket"]);
}

#[test]
fn who_answers_and_is_no_engine_is_told() {
    if !wanted() {
        return;
    }
    let directory = tempfile::tempdir().expect("a directory");
    let listener = UnixListener::bind(directory.path().join("d.sock")).expect("a socket");
    let other = std::thread::spawn(move || {
        use std::io::{Read, Write};
        let (mut stream, _) = listener.accept().expect("a client");
        let _ = stream.read(&mut [0; 1024]);
        let _ = stream.write_all(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
    });
    let told = run(&format!("unix://{}", directory.path().join("d.sock").display()));
    assert_told(&told, "engine-garbled", &["is no Docker engine: it answers `HTTP/1.1 404 Not Found`"]);
    other.join().expect("it does not panic");
}

#[test]
fn a_wish_for_patience_that_is_none_is_told() {
    if !wanted() {
        return;
    }
    let checkout = Checkout::with(&stage("hello", "command \"true\""));
    let mut command = checkout.command(&["run"]);
    let told = Told::of(command.env("PIPE_ENGINE_PATIENCE", "long").output().expect("the binary can be run"));
    assert_eq!(told.code, 2, "{}\n{}", told.out, told.err);
    assert!(told.err.contains("bad-duration") && told.err.contains("PIPE_ENGINE_PATIENCE=2m"), "{}", told.err);
}
