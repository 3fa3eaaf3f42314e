//! Ports of the host.

use std::net::TcpListener;

use super::harness::{Checkout, Told, stage};
use crate::daemon::{docker, wanted};

/// A service whose port on the host is said by `host`.
fn web(host: &str) -> String {
    let sh = "mkdir /w; echo hi > /w/index.html; exec httpd -f -p 8000 -h /w";
    format!(
        "service web {{\n    image \"busybox:1.35\"\n    sh \"{sh}\"\n    port 8000{host}\n    healthcheck tcp=8000\n}}\n"
    )
}

/// Nothing was made, pulled, built or started before the port was found taken.
#[track_caller]
fn found_before_anything(told: &Told, port: u16, holder: &str) {
    told.says(&["port-taken", &format!("port {port} of this host is in use{holder}"), "created 0, removed 0, left 0"]);
    assert!(!told.out.contains("> build"), "{}", told.out);
}

#[test]
fn a_static_port_must_be_that_port_and_a_dynamic_one_a_free_one() {
    if !wanted() {
        return;
    }
    let free = TcpListener::bind("127.0.0.1:0").expect("a free port").local_addr().expect("its address").port();
    let look = stage("look", "needs web\n    command echo \"{{web.url}}\" \"{{web.port.8000}}\"");
    let told = Checkout::with(&(web(&format!(" host={free}")) + &look)).run(&[], 0);
    told.says(&[&format!("look | http://127.0.0.1:{free} {free}")]);

    let told = Checkout::with(&(web("") + &look)).run(&[], 0);
    let line = told.out.lines().find_map(|line| line.strip_prefix("look | http://127.0.0.1:")).expect("it looked");
    let port: u16 = line.split(' ').next().expect("a word").parse().expect("a port");
    assert!(port > 1024, "{line}");
}

#[test]
fn a_port_that_another_process_holds_must_be_found_before_anything_starts() {
    if !wanted() {
        return;
    }
    let holder = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = holder.local_addr().expect("its address").port();
    let text = "image late { build . }\n".to_owned()
        + &web(&format!(" host={port}"))
        + "stage a {\n    image late\n    needs web\n}\n";
    let checkout = Checkout::with(&text);
    checkout.write("Dockerfile", "FROM busybox:1.35\n");
    found_before_anything(&checkout.run(&[], 1), port, "");
}

#[test]
fn a_container_that_holds_a_port_must_be_named() {
    if !wanted() {
        return;
    }
    let name = format!("pipe-scenario-holder-{}", crate::daemon::process());
    docker(&["run", "--detach", "--rm", "--name", &name, "-p", "127.0.0.1::8000", "busybox:1.35", "sleep", "600"]);
    let address = docker(&["port", &name, "8000"]);
    let port: u16 = address.rsplit(':').next().expect("an address").parse().expect("a port");
    let told = Checkout::with(&(web(&format!(" host={port}")) + &stage("a", "needs web"))).run(&[], 1);
    docker(&["rm", "--force", &name]);
    found_before_anything(&told, port, &format!(" by `{name}`"));
}

#[test]
fn ranges_and_datagrams_must_be_published() {
    if !wanted() {
        return;
    }
    let text = "service echo {\n    image \"busybox:1.35\"\n    port \"7000-7001\"\n    port \"7000/udp\"\n    \
                command sleep \"1000\"\n    healthcheck none\n    keep\n}\n";
    let checkout = Checkout::with(text);
    let told = checkout.pipe(&["up", "echo"]);
    assert_eq!(told.code, 0, "{}\n{}", told.out, told.err);
    told.says(&["udp://127.0.0.1:", "http://127.0.0.1:"]);
    let ports = checkout.pipe(&["ps"]).out;
    for published in ["->7000 ", "->7001 ", "->7000/udp"] {
        assert!(ports.contains(published), "{published}: {ports}");
    }
    checkout.pipe(&["down"]);
}
