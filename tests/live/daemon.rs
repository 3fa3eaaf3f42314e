//! Whether there is a daemon to test with, and its own command line as the second witness.

use std::process::Command;
use std::time::{Duration, Instant};

use crate::surroundings::without_wishes;

/// Whether live tests are wanted. Where they are, the lack of a daemon is a failure, not a reason to skip.
pub fn wanted() -> bool {
    let wanted = std::env::var_os("PIPE_TEST_DOCKER").is_some();
    if !wanted {
        eprintln!("skipped: PIPE_TEST_DOCKER is not set; tests/run.sh sets the daemon up and sets it");
    }
    wanted
}

/// What `docker …` answers.
pub fn docker(arguments: &[&str]) -> String {
    let output = Command::new("docker").args(arguments).output().expect("docker's own command line");
    assert!(output.status.success(), "docker {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

/// Takes the reference away from the daemon, and the image with its last one. Two tests may at one moment let go of images of
/// the same content, and the daemon then tells one of them that the image is gone already: what counts is that the reference is.
pub fn forget(reference: &str) {
    let removed =
        Command::new("docker").args(["image", "rm", "--force", reference]).output().expect("docker's own command line");
    let known =
        Command::new("docker").args(["image", "inspect", reference]).output().expect("docker's own command line");
    let words = String::from_utf8_lossy(&removed.stderr);
    assert!(!known.status.success(), "the daemon keeps {reference}: {words}");
}

/// What the daemon holds of a run, `kind id` a line.
pub fn held_of(run: &str) -> Vec<String> {
    held_by("run", run)
}

/// What the daemon holds that our label `label` says `value` of, `kind id` a line.
pub fn held_by(label: &str, value: &str) -> Vec<String> {
    let filter = format!("label=dev.pipe.{label}={value}");
    let listings = [
        ("container", vec!["ps", "--all", "--quiet", "--no-trunc"]),
        ("network", vec!["network", "ls", "--quiet", "--no-trunc"]),
        ("volume", vec!["volume", "ls", "--quiet"]),
    ];
    let mut held = Vec::new();
    for (kind, listing) in listings {
        let ids = docker(&[&listing[..], &["--filter", &filter]].concat());
        held.extend(ids.lines().map(|id| format!("{kind} {id}")));
    }
    held
}

/// Waits until the daemon holds nothing of a run any more.
#[track_caller]
pub fn left_empty(run: &str, limit: Duration) {
    let begun = Instant::now();
    loop {
        let held = held_of(run);
        if held.is_empty() {
            return;
        }
        assert!(begun.elapsed() < limit, "after {limit:?} run {run} still has {held:?}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// A command without wishes of the surroundings, that hears when its terminal is closed, also where this process was started by `nohup`.
pub fn heeding(program: &str) -> Command {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0);
    if ignored & 1 == 0 {
        let mut command = Command::new(program);
        without_wishes(&mut command);
        return command;
    }
    let mut command = Command::new("env");
    without_wishes(&mut command).args(["--default-signal=HUP", program]);
    command
}

/// Digits of this process alone. Its number is not enough: numbers come again, and the daemon's build cache and the registries
/// remember what an earlier process of the same number did.
pub fn process() -> &'static str {
    static WORD: std::sync::OnceLock<String> = std::sync::OnceLock::new();
    WORD.get_or_init(|| {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("it is past 1970");
        format!("{}{}", std::process::id(), since.as_nanos())
    })
}
