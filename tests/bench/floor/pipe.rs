//! The product itself: the binary that cargo built for this benchmark.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::contest::Took;

/// Runs pipe in `directory` and wants it to succeed; how long it took.
pub fn run(directory: &Path, arguments: &[&str]) -> Duration {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pipe"));
    command.args(arguments).current_dir(directory).stdin(Stdio::null());
    let began = Instant::now();
    let output = command.output().expect("pipe was built");
    let took = began.elapsed();
    assert!(
        output.status.success(),
        "pipe {} ended with {}\n{}{}",
        arguments.join(" "),
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    took
}

/// Runs pipe in `directory` as [`run`] does, and takes the time of the last test too.
pub fn run_tests(directory: &Path, arguments: &[&str]) -> Took {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pipe"));
    command.args(arguments).args(["--progress", "json"]).current_dir(directory);
    command.stdin(Stdio::null()).stdout(Stdio::piped());
    let began = Instant::now();
    let mut child = command.spawn().expect("pipe was built");
    let (mut aim, mut said) = (None, String::new());
    for line in BufReader::new(child.stdout.take().expect("a pipe")).lines() {
        let line = line.expect("text");
        let event: Value = serde_json::from_str(&line).expect("an event");
        if event["event"] == "step-settled" && event["operation"] == "test" {
            aim = Some(began.elapsed());
        }
        said.push_str(&line);
        said.push('\n');
    }
    let status = child.wait().expect("an end");
    let whole = began.elapsed();
    assert!(status.success(), "pipe {} ended with {status}\n{said}", arguments.join(" "));
    Took { aim: aim.expect("there are tests"), whole }
}

/// A directory below target that holds nothing but a pipeline.
pub fn pipeline(name: &str, text: &str) -> PathBuf {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&directory);
    std::fs::create_dir_all(&directory).expect("the target directory is ours");
    std::fs::write(directory.join("pipeline.kdl"), text).expect("the target directory is ours");
    directory
}
