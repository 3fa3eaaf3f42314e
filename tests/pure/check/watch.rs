//! `--watch`.

use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdout, Stdio};

use rustix::process::{Pid, Signal, kill_process};

use super::{BROKEN, Bench, CLEAN};

/// A watching check, and what it writes.
struct Watching {
    child: Child,
    out: BufReader<ChildStdout>,
}

impl Watching {
    fn of(bench: &Bench, arguments: &[&str]) -> Self {
        let mut command = bench.command(&[&["--watch"], arguments].concat());
        let mut child = command.stdout(Stdio::piped()).spawn().expect("it can be run");
        let out = BufReader::new(child.stdout.take().expect("it is piped"));
        Watching { child, out }
    }

    /// All up to the line that tells that it waits.
    fn round(&mut self) -> String {
        let mut text = String::new();
        while !text.contains("watching ") || !text.ends_with('\n') {
            assert_ne!(self.out.read_line(&mut text).expect("it writes text"), 0, "it ended: {text}");
        }
        text
    }

    fn end(&mut self, signal: Signal) -> Option<i32> {
        kill_process(Pid::from_child(&self.child), signal).expect("it is there");
        self.child.wait().expect("it ends").code()
    }
}

impl Drop for Watching {
    /// A test that fails leaves nothing behind.
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_change_is_checked_at_once_and_ctrl_c_ends_it() {
    let bench = Bench::new([("pipeline.kdl", BROKEN)]);
    let mut watching = Watching::of(&bench, &[]);
    let first = watching.round();
    assert!(first.contains("error[unquoted-value]") && first.contains(" UTC] watching "), "{first}");
    assert!(!first.contains('\u{1b}'), "no terminal, nothing cleared: {first}");
    bench.write("pipeline.kdl", CLEAN.as_bytes());
    let second = watching.round();
    assert!(second.contains("pipeline.kdl: no findings") && second.contains("pipeline.kdl changed; "), "{second}");
    assert_eq!(watching.end(Signal::INT), Some(130));
}

#[test]
fn all_that_was_looked_at_is_watched_there_or_not() {
    let text = format!("image x {{ build . }}\n{}", CLEAN.replace("\"busybox:1.35\"", "x"));
    let bench = Bench::new([("pipeline.kdl", text.as_str())]);
    let mut watching = Watching::of(&bench, &["--format", "concise"]);
    assert!(watching.round().contains("[missing-dockerfile]"));
    bench.write("Dockerfile", b"FROM busybox:1.35\n");
    let second = watching.round();
    assert!(!second.contains("[missing-dockerfile]") && second.contains("Dockerfile changed; "), "{second}");
    assert_eq!(watching.end(Signal::TERM), Some(143));
}

#[test]
fn a_pipeline_that_is_not_there_yet_is_waited_for() {
    let bench = Bench::new([("shop/x", "")]);
    let mut watching = Watching::of(&bench, &["later.kdl", "shop"]);
    assert!(watching.round().contains("2 errors in 2 of 2 pipelines"));
    bench.write("shop/pipeline.kdl", CLEAN.as_bytes());
    assert!(watching.round().contains("1 error in 1 of 2 pipelines"));
    bench.write("later.kdl", CLEAN.as_bytes());
    assert!(watching.round().contains("2 pipelines: no findings"));
    assert_eq!(watching.end(Signal::HUP), Some(129));
}

#[test]
fn standard_input_cannot_be_watched() {
    let said = Bench::new([]).check(&["--watch", "-"]);
    assert!(said.err.contains("standard input does not"), "{}", said.err);
    assert_eq!(said.code, 2);
}
