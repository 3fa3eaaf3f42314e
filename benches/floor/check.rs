//! `pipe check` of a whole pipeline, process start included.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::contest::{Contest, Goal, Turn, take_turns};
use crate::{compose, pipe};

pub fn contest(rounds: usize) -> Contest {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("specs/examples/todobackend");
    let start: Turn<'_> = Box::new(|| pipe::run(Path::new("."), &["--version"]));
    let mut turns: Vec<(&str, Turn<'_>)> =
        vec![("pipe", Box::new(|| pipe::run(&example, &["check", "pipeline.kdl"]))), ("pipe --version", start)];
    if compose::is_here() {
        turns.push(("compose config", Box::new(config)));
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
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/compose/compose.yaml");
    let mut command = Command::new("docker");
    command.args(["compose", "--file", file, "config", "--quiet"]).stdout(Stdio::null()).stderr(Stdio::null());
    assert!(command.status().expect("docker").success());
    began.elapsed()
}
