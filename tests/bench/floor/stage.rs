//! One short stage on a fresh network, from nothing to nothing.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::contest::{Contest, Goal, Took, Turn, take_turns};
use crate::{pipe, raw};

const PIPELINE: &str = r#"
pipeline bench-stage { default short }
stage short {
    image "busybox:1.35"
    command "true"
}
"#;

pub fn contest(rounds: usize) -> Contest {
    raw::sweep();
    let directory = pipe::pipeline("stage", PIPELINE);
    let turns: Vec<(&str, Turn<'_>)> = vec![
        ("pipe", Box::new(|| Took::all(pipe::run(&directory, &["run", "--progress", "quiet"])))),
        ("raw API", Box::new(|| Took::all(by_hand()))),
    ];
    Contest {
        name: "stage",
        task: "a network, one container that ends at once, and both removed",
        contestants: take_turns(rounds, turns),
        goal: Goal::Times(1.4, "raw API"),
    }
}

fn by_hand() -> Duration {
    let began = Instant::now();
    let ground = raw::Ground::new("stage");
    let spec = json!({ "Image": "busybox:1.35", "Cmd": ["true"], "HostConfig": { "Init": true } });
    let container = ground.create("short", spec);
    raw::run(&container);
    raw::remove(&container);
    raw::remove_network(&ground.network);
    let took = began.elapsed();
    drop(ground);
    took
}
