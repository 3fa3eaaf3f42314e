//! A signal takes everything back.

use super::harness::{Checkout, Told, stage};
use crate::daemon::wanted;

/// Sends a signal once the run has said `word`, and answers how it ended.
fn interrupted(checkout: &Checkout, word: &str, signal: rustix::process::Signal) -> Told {
    use std::io::{BufRead, BufReader};
    let mut child = checkout.command(&["run"]).spawn().expect("the binary of this package can be run");
    let pid = rustix::process::Pid::from_child(&child);
    let mut lines = BufReader::new(child.stdout.take().expect("it is piped")).lines();
    let mut out = String::new();
    let mut sent = false;
    for line in lines.by_ref() {
        let line = line.expect("its output is text");
        out.push_str(&line);
        out.push('\n');
        if !sent && line.contains(word) {
            rustix::process::kill_process(pid, signal).expect("it runs");
            sent = true;
        }
    }
    assert!(sent, "it never said “{word}”:\n{out}");
    let output = child.wait_with_output().expect("it ends");
    Told { out, ..Told::of(output) }
}

#[test]
fn an_interrupt_must_take_everything_back() {
    if !wanted() {
        return;
    }
    let service = "service db {\n    image \"busybox:1.35\"\n    sh \"echo up; exec sleep 600\"\n    init\n    healthcheck \"exit 1\" retries=100\n}\n";
    let waits = service.to_owned() + &stage("a", "needs db\n    command echo never");
    let works = stage("a", "sh \"echo working; sleep 600\"");
    for (text, word) in [(waits.as_str(), "db | up"), (works.as_str(), "a | working")] {
        for (signal, code) in [
            (rustix::process::Signal::INT, 130),
            (rustix::process::Signal::TERM, 143),
            (rustix::process::Signal::HUP, 129),
        ] {
            let checkout = Checkout::with(text);
            let told = interrupted(&checkout, word, signal);
            assert_eq!(told.code, code, "{}\n{}", told.out, told.err);
            assert_eq!(checkout.held(), Vec::<String>::new(), "{}", told.out);
            told.says(&["interrupted by SIG", ", left 0"]);
        }
    }
}
