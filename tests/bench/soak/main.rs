//! Every moment of a run struck in every way, runs killed again and again, and a very large pipeline, on the daemon of this machine. Prints
//! what came of it as tables in Markdown, and fails where anything is not as it must be.
//!
//! ```text
//! tests/long.sh                     all of it
//! tests/long.sh matrix              the kill matrix alone
//! tests/long.sh soak 1000 7         a thousand kills, by the seed 7
//! tests/long.sh load 500 50         a pipeline of 500 stages and 50 services
//! ```

#[path = "../../live/daemon.rs"]
#[expect(dead_code, reason = "live tests ask more of it")]
mod daemon;
#[path = "../../kill/mod.rs"]
#[expect(unused_imports, reason = "live tests ask more of it")]
mod kill;

#[path = "../../load/mod.rs"]
mod load;
#[path = "../../surroundings/mod.rs"]
mod surroundings;

use std::process::ExitCode;

use kill::{Matrix, soak};

const PIPE: &str = env!("CARGO_BIN_EXE_pipe");
/// How many runs go on at once.
const SIDE_BY_SIDE: usize = 2;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    // `cargo test --all-targets` starts benchmarks too, and means nothing that takes minutes.
    if !arguments.iter().any(|argument| argument == "--bench") {
        eprintln!("soak takes minutes; start it by `tests/long.sh`");
        return ExitCode::SUCCESS;
    }
    let words: Vec<&str> = arguments.iter().map(String::as_str).filter(|word| !word.starts_with("--")).collect();
    let number = |at: usize, otherwise| words.get(at).map_or(otherwise, |word| word.parse().expect("a number"));
    let problems = match words.first().copied() {
        Some("matrix") => matrix(),
        Some("soak") => soaked(number(1, 200), number(2, 1) as u64),
        Some("load") => loaded(number(1, 500), number(2, 50)),
        None => [matrix(), soaked(200, 1), loaded(500, 50)].concat(),
        Some(other) => panic!("`{other}` is neither `matrix` nor `soak` nor `load`"),
    };
    for problem in &problems {
        println!("\n{problem}");
    }
    if problems.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn matrix() -> Vec<String> {
    let matrix = Matrix::of(PIPE, &Matrix::whole(), 1, SIDE_BY_SIDE);
    println!("\n{}", matrix.table());
    matrix.problems()
}

fn loaded(stages: usize, services: usize) -> Vec<String> {
    let loaded = load::load(PIPE, stages, services);
    println!("\n{}", loaded.table());
    loaded.problems
}

fn soaked(count: usize, seed: u64) -> Vec<String> {
    let soaked = soak(PIPE, count, seed, SIDE_BY_SIDE);
    println!("\n{}", soaked.table());
    soaked.problems
}
