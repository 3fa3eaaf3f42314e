//! The same chain, checked by `docker compose config`, where the machine has it.

use std::process::{Command, Stdio};

use crate::measure::{Finding, check, directory, medians, milliseconds, quotient, run};
use crate::shapes;

/// What the time of pipe may be of that of docker compose.
const MOST: f64 = 0.03;

pub fn measure(rounds: usize) -> Vec<Finding> {
    let version =
        Command::new("docker").args(["compose", "version"]).stdout(Stdio::null()).stderr(Stdio::null()).status();
    if !version.is_ok_and(|status| status.success()) {
        eprintln!("  docker compose is not here");
        return Vec::new();
    }
    let sizes = [10, 100, 1000];
    sizes
        .into_iter()
        .map(|size| {
            let pipeline = directory(&format!("chain {size}"), &shapes::chain(size));
            let compose = directory(&format!("compose {size}"), &[("compose.yaml".to_owned(), shapes::compose(size))]);
            let config = ["docker", "compose", "config", "--quiet"];
            let times = medians(rounds, vec![Box::new(|| check(&pipeline, 0)), Box::new(|| run(&config, &compose, 0))]);
            Finding {
                name: format!("chain of {size} / docker compose"),
                ratio: quotient(times[0], times[1]),
                shown: format!("{} of {}", milliseconds(times[0]), milliseconds(times[1])),
                most: (size == 1000).then_some(MOST),
            }
        })
        .collect()
}
