//! An engine of another machine, as far as one machine can show that: it is spoken to over TCP at an address that is no loopback.

use std::io;
use std::net::{Shutdown, TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::thread;

use super::harness::{Checkout, unique};
use crate::daemon::{docker, wanted};

/// Hands on what comes over TCP to the daemon of this machine, and lets it be reached at `ip`.
fn forward(ip: &str) -> String {
    let listener = TcpListener::bind((ip, 0)).expect("the bridge's own address");
    let address = listener.local_addr().expect("it has one").to_string();
    thread::spawn(move || {
        for here in listener.incoming().flatten() {
            let there = UnixStream::connect("/var/run/docker.sock").expect("the daemon of this machine");
            let (here_too, there_too) =
                (here.try_clone().expect("a hand on it"), there.try_clone().expect("a hand on it"));
            thread::spawn(move || hand_on(here, there));
            thread::spawn(move || hand_on_back(there_too, here_too));
        }
    });
    address
}

fn hand_on(mut from: TcpStream, mut to: UnixStream) {
    let _ = io::copy(&mut from, &mut to);
    let _ = to.shutdown(Shutdown::Write);
}

fn hand_on_back(mut from: UnixStream, mut to: TcpStream) {
    let _ = io::copy(&mut from, &mut to);
    let _ = to.shutdown(Shutdown::Write);
}

#[test]
fn an_engine_of_another_machine_must_be_reached_at_that_machine() {
    if !wanted() {
        return;
    }
    let ip = docker(&["network", "inspect", "bridge", "--format", "{{(index .IPAM.Config 0).Gateway}}"]);
    let name = unique("remote");
    let checkout = Checkout::with(&format!(
        r##"
pipeline {name}
image app {{ build . }}
service web {{
    image app
    command httpd "-f" "-p" "8000"
    port 8000
    healthcheck http="/greeting" port=8000
}}
acceptance there {{
    target web port=8000
    test "it answers" {{
        http GET "/greeting" {{ expect body "hello\n" }}
        tcp web 8000 {{ expect open #true }}
    }}
}}
"##
    ));
    checkout.write("Dockerfile", "FROM busybox:1.35\nRUN echo hello > /greeting\nWORKDIR /\n");
    let mut command = checkout.command(&["run", "--keep"]);
    command.env("DOCKER_HOST", format!("tcp://{}", forward(&ip)));
    let told = super::harness::Told::of(command.output().expect("the binary of this package can be run"));
    assert_eq!(told.code, 0, "{}\n{}", told.out, told.err);
    // Its loopback, where the port is published for those of that machine, is not ours.
    told.says(&[&format!("port 8000 is http://{ip}:"), "it answers"]).never_says(&["127.0.0.1"]);
    let bound = told.inspect("web", r#"{{range (index .NetworkSettings.Ports "8000/tcp")}}{{.HostIp}} {{end}}"#);
    assert!(bound.contains("127.0.0.1") && bound.contains("0.0.0.0"), "{bound}");
}
