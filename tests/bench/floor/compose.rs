//! docker compose, where the machine has its second version.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::contest::Took;

/// Whether `docker compose` answers.
pub fn is_here() -> bool {
    let mut command = Command::new("docker");
    command.args(["compose", "version"]).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// How long `up --wait` takes, and `down` after it.
pub fn up(file: &Path) -> Took {
    let compose = |arguments: &[&str]| {
        let mut command = Command::new("docker");
        command.args(["compose", "--file"]).arg(file).args(arguments);
        let output = command.output().expect("docker");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    let began = Instant::now();
    compose(&["up", "--detach", "--wait"]);
    let aim = began.elapsed();
    compose(&["down", "--timeout", "0", "--volumes", "--remove-orphans"]);
    Took { aim, whole: began.elapsed() }
}

/// How long the release part of todobackend takes until it is accepted, and with its clean-up.
pub fn release() -> Took {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/bench/compose/release.sh");
    let output = Command::new("bash").arg(script).output().expect("bash");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let seconds = |what: &str| {
        let line = said.lines().find_map(|line| line.strip_prefix(what)).expect("release.sh tells its times");
        Duration::from_secs_f64(line.trim().parse().expect("seconds"))
    };
    let aim = seconds("accepted");
    Took { aim, whole: aim + seconds("clean") }
}
