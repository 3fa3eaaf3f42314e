//! Commands on this host that a pipeline asks for its values: whoever ends pipe ends them too, with all that they started.

use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process, test_kill_process};

const PATIENCE: Duration = Duration::from_secs(60);

/// A pipeline whose parameter comes from a command that starts another one, ignores being asked to end, and takes an hour.
const TEXT: &str = r#"
param version {
    command "sh" "-c" "trap '' TERM INT HUP; sleep 3600 & echo $$ $! > pids.new; mv pids.new pids; wait; sleep 3600" timeout="1h"
}
stage a {
    image "busybox:1.35"
    command "echo" "{{version}}"
}
"#;

#[test]
fn a_signal_ends_the_command_that_is_waited_for() {
    for (signal, number) in [(Signal::INT, 2), (Signal::TERM, 15), (Signal::HUP, 1), (Signal::QUIT, 3)] {
        let home = tempfile::tempdir().expect("a place");
        std::fs::write(home.path().join("pipeline.kdl"), TEXT).expect("a file in it");
        // By `env`, so that a hang-up is heard also where these tests were started by `nohup`.
        let mut pipe = Command::new("env")
            .args(["--default-signal=HUP", env!("CARGO_BIN_EXE_pipe"), "run"])
            .current_dir(home.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the binary of this package can be run");
        let pids = until(|| std::fs::read_to_string(home.path().join("pids")).ok());
        kill_process(Pid::from_child(&pipe), signal).expect("it runs");
        let status = until(|| pipe.try_wait().expect("it can be asked"));
        assert_eq!((status.code(), status.signal()), (Some(128 + number), None));
        for pid in pids.split_whitespace() {
            until(|| is_gone(pid).then_some(()));
        }
    }
}

/// What comes to be, within a time that no machine takes.
fn until<T>(mut look: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(seen) = look() {
            return seen;
        }
        assert!(begun.elapsed() < PATIENCE, "it never came");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// One that has ended and waits for its parent to notice is no process any more.
fn is_gone(pid: &str) -> bool {
    let number = pid.parse().ok().and_then(Pid::from_raw).expect("a number");
    let status = std::fs::read_to_string(Path::new("/proc").join(pid).join("status")).unwrap_or_default();
    test_kill_process(number).is_err() || status.lines().any(|line| line.starts_with("State:\tZ"))
}
