//! The product itself: the binary that cargo built for this benchmark.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

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

/// A directory below target that holds nothing but a pipeline.
pub fn pipeline(name: &str, text: &str) -> PathBuf {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&directory);
    std::fs::create_dir_all(&directory).expect("the target directory is ours");
    std::fs::write(directory.join("pipeline.kdl"), text).expect("the target directory is ours");
    directory
}
