//! What an `http` test costs: over its request, and beside Hurl. 1,000 tests with five expectations each against a service on
//! this machine, the same requests by the bare client of hyper, and the same tests by Hurl where it is on the path. Contestants take
//! turns within one run; medians count.
//!
//! ```text
//! cargo bench --bench http
//! cargo bench --bench http -- --rounds 9
//! cargo bench --bench http -- --strict     ends with 1 where a goal is missed
//! ```

mod bare;
mod nowhere;
mod process;
mod service;
mod suite;
mod todos;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use process::{BESIDE, Texts, hurl_version};
use todos::{TESTS, pipeline};

/// What our time may be of that of Hurl.
const MOST_OF_HURL: f64 = 1.2;
/// What a test may cost over its request.
const MOST_OVERHEAD: f64 = 1.0;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let Some((word, rest)) = arguments.split_first()
        && word == suite::WORD
    {
        return suite::perform(rest);
    }
    let has = |word: &str| arguments.iter().any(|argument| argument == word);
    // `cargo test --all-targets` starts benchmarks too, and means no measurement.
    if !has("--bench") {
        eprintln!("http measures; start it by `cargo bench --bench http`");
        return ExitCode::SUCCESS;
    }
    let rounds = arguments.iter().skip_while(|argument| *argument != "--rounds").nth(1);
    let rounds = rounds.map_or(5, |rounds| rounds.parse().expect("`--rounds` takes a number"));
    let met = measure(rounds);
    if has("--strict") && !met { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// Measures and tells; whether all goals are met.
fn measure(rounds: usize) -> bool {
    let runtime = suite::runtime();
    let port = service::start();
    let texts = Texts::write(port);
    let acceptance = suite::acceptance(&pipeline(1));
    let version = hurl_version();
    let beside = format!("{BESIDE} beside each other");
    let mut contestants: Vec<(String, Box<dyn Fn() + '_>)> = vec![
        ("requests by the bare client".to_owned(), Box::new(|| runtime.block_on(bare::requests(port)))),
        ("tests in this process".to_owned(), Box::new(|| runtime.block_on(suite::run(&acceptance, port)))),
        ("tests, start and check included".to_owned(), Box::new(|| texts.one_by_one())),
        (format!("the same, {beside}"), Box::new(|| texts.beside())),
    ];
    match &version {
        Some(version) => {
            contestants.push((format!("Hurl {version}"), Box::new(|| texts.hurl())));
            contestants
                .push((format!("Hurl {version}, {BESIDE} files beside each other"), Box::new(|| texts.hurl_beside())));
        }
        None => eprintln!("hurl is not on the path: pipe is compared with the bare client alone"),
    }
    let mut took = vec![Vec::new(); contestants.len()];
    for round in 0..=rounds {
        for ((_, work), took) in contestants.iter().zip(&mut took) {
            let began = Instant::now();
            work();
            // The first turn warms, and does not count.
            if round > 0 {
                took.push(began.elapsed());
            }
        }
    }
    let took: Vec<Duration> = took.into_iter().map(median).collect();
    println!("| {TESTS} of them | median of {rounds} | each |");
    println!("|---|---:|---:|");
    for ((name, _), took) in contestants.iter().zip(&took) {
        println!("| {name} | {:.0} ms | {:.3} ms |", took.as_secs_f64() * 1000.0, each(*took));
    }
    println!();
    let mut goals = vec![("what a test costs over its request, in ms", each(took[1]) - each(took[0]), MOST_OVERHEAD)];
    goals.push(("beside each other / one after the other", quotient(took[3], took[2]), 1.0));
    if version.is_some() {
        goals.push(("one after the other / Hurl", quotient(took[2], took[4]), MOST_OF_HURL));
    }
    println!("| what | measured | must be | met |");
    println!("|---|---:|---:|---|");
    for (what, measured, most) in &goals {
        println!("| {what} | {measured:.3} | < {most} | {} |", if measured < most { "yes" } else { "no" });
    }
    goals.iter().all(|(_, measured, most)| measured < most)
}

fn each(whole: Duration) -> f64 {
    whole.as_secs_f64() * 1000.0 / TESTS as f64
}

fn quotient(part: Duration, whole: Duration) -> f64 {
    part.as_secs_f64() / whole.as_secs_f64()
}

fn median(mut took: Vec<Duration>) -> Duration {
    took.sort();
    took[took.len() / 2]
}
