//! Runs side by side do not meet.

use super::harness::{Checkout, Told, stage, unique};
use crate::daemon::{held_by, wanted};

#[test]
fn two_checkouts_of_one_name_must_not_meet() {
    if !wanted() {
        return;
    }
    let text = format!("pipeline same\n{}", stage("a", "sh \"sleep 1; hostname\""));
    let (one, other) = (Checkout::with(&text), Checkout::with(&text));
    let first = one.command(&["run"]).spawn().expect("the binary of this package can be run");
    other.run(&[], 0);
    let first = Told::of(first.wait_with_output().expect("it ends"));
    assert_eq!(first.code, 0, "{}", first.out);
    assert_eq!(one.held(), Vec::<String>::new());
}

/// A service, a stage that needs it, a volume and a network, as eight people at once would run it.
#[test]
fn eight_runs_of_one_file_must_not_meet() {
    if !wanted() {
        return;
    }
    let name = unique("eight");
    let text = format!(
        "pipeline {name}\nvolume data\nservice web {{\n    image \"busybox:1.35\"\n    mount data \"/data\"\n    sh \"hostname > /data/index.html; exec httpd -f -p 8000 -h /data\"\n    healthcheck tcp=8000\n    port 8000\n}}\n"
    ) + &stage(
        "work",
        "needs web\n    mount data \"/data\"\n    sh \"sleep 1; test $(cat /data/index.html) = $(wget -q -O - http://web:8000/)\"",
    );
    let checkout = Checkout::with(&text);
    let runs: Vec<_> = (0..8).map(|_| checkout.command(&["run"]).spawn().expect("it can be run")).collect();
    for run in runs {
        let told = Told::of(run.wait_with_output().expect("it ends"));
        assert_eq!(told.code, 0, "{}\n{}", told.out, told.err);
    }
    assert_eq!(held_by("pipeline", &name), Vec::<String>::new());
}

#[test]
fn taking_one_checkout_down_must_leave_the_other_up() {
    if !wanted() {
        return;
    }
    let text = "pipeline same\nservice web {\n    image \"busybox:1.35\"\n    command httpd -f -p \"8000\"\n    port 8000\n    healthcheck tcp=8000\n}\n";
    let (one, other) = (Checkout::with(text), Checkout::with(text));
    for checkout in [&one, &other] {
        let up = checkout.pipe(&["up"]);
        assert_eq!(up.code, 0, "{}\n{}", up.out, up.err);
    }
    assert_eq!(one.pipe(&["down"]).code, 0);
    assert_eq!(one.pipe(&["clean"]).out, "nothing to remove\n");
    let address = other.pipe(&["port", "web"]).out;
    std::net::TcpStream::connect(address.trim()).expect("it is still up");
    assert_eq!(other.pipe(&["down"]).code, 0);
}
