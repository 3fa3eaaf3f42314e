//! A chain of services, each of which needs the one before to be healthy.

use std::fmt::Write as _;
use std::time::Instant;

use serde_json::json;

use crate::contest::{Contest, Goal, Took, Turn, take_turns};
use crate::{compose, pipe, raw};

/// How many services.
const LENGTH: usize = 10;

pub fn contest(rounds: usize) -> Contest {
    raw::sweep();
    let directory = pipe::pipeline("chain", &pipeline());
    let compose_file = directory.join("compose.yaml");
    std::fs::write(&compose_file, compose_yaml()).expect("the target directory is ours");
    let last = format!("s{LENGTH}");
    let up = || {
        let aim = pipe::run(&directory, &["up", "pipeline.kdl", &last, "--progress", "quiet"]);
        Took { aim, whole: aim + pipe::run(&directory, &["down", "pipeline.kdl"]) }
    };
    let mut turns: Vec<(&str, Turn<'_>)> = vec![("pipe", Box::new(up)), ("raw API", Box::new(by_hand))];
    if compose::is_here() {
        turns.push(("compose", Box::new(|| compose::up(&compose_file))));
    }
    Contest {
        name: "chain",
        task: "ten services are up, each started when the one before is healthy; the check passes at once, interval 1 s",
        contestants: take_turns(rounds, turns),
        goal: Goal::Times(1.5, "raw API"),
    }
}

/// The calls that cannot be left out, one after the other, with a check by exec as soon as a container runs.
fn by_hand() -> Took {
    let began = Instant::now();
    let ground = raw::Ground::new("chain");
    for number in 1..=LENGTH {
        let spec = json!({ "Image": "busybox:1.35", "Cmd": ["sleep", "600"] });
        let container = ground.create(&format!("s{number}"), spec);
        raw::start(&container);
        while !raw::exec(&container, &["/bin/sh", "-c", "true"]) {}
    }
    let aim = began.elapsed();
    drop(ground);
    Took { aim, whole: began.elapsed() }
}

fn pipeline() -> String {
    let mut text = "pipeline bench-chain\n".to_owned();
    for number in 1..=LENGTH {
        let needs = if number > 1 { format!("    needs s{}\n", number - 1) } else { String::new() };
        let _ = write!(
            text,
            "service s{number} {{\n    image \"busybox:1.35\"\n    command sleep \"600\"\n{needs}    \
             healthcheck \"true\" interval=\"1s\"\n    stop signal=SIGKILL\n}}\n"
        );
    }
    text
}

fn compose_yaml() -> String {
    let mut text = "name: pipe-bench-chain\nservices:\n".to_owned();
    for number in 1..=LENGTH {
        let _ = write!(
            text,
            "  s{number}:\n    image: busybox:1.35\n    command: [sleep, '600']\n    stop_grace_period: 1s\n    \
             healthcheck: {{ test: 'true', interval: 1s }}\n"
        );
        if number > 1 {
            let _ = writeln!(text, "    depends_on: {{ s{}: {{ condition: service_healthy }} }}", number - 1);
        }
    }
    text
}
