//! `pipe check` of a whole pipeline, process start included.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::contest::{Contest, Goal, Took, Turn, take_turns};
use crate::{compose, pipe};

pub fn contest(rounds: usize) -> Contest {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("specs/examples/todobackend");
    let mut turns: Vec<(&str, Turn<'_>)> = vec![
        ("pipe", Box::new(|| Took::all(pipe::run(&example, &["check", "pipeline.kdl"])))),
        ("pipe --version", Box::new(|| Took::all(pipe::run(&example, &["--version"])))),
    ];
    if compose::is_here() {
        turns.push(("compose config", Box::new(|| Took::all(config()))));
    }
    Contest {
        name: "check",
        task: "todobackend's pipeline is checked, from the start of the process to its end",
        contestants: take_turns(rounds, turns),
        goal: Goal::Within(Duration::from_millis(10)),
    }
}

fn config() -> Duration {
    let began = Instant::now();
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/bench/compose/compose.yaml");
    let mut command = Command::new("docker");
    command.args(["compose", "--file", file, "config", "--quiet"]).stdout(Stdio::null()).stderr(Stdio::null());
    assert!(command.status().expect("docker").success());
    began.elapsed()
}
