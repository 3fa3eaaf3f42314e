//! How near pipe comes to the floor: the same work done by a hand-written sequence of raw API calls in a perfect order, and by
//! docker compose and bats where the machine has them. Contestants take turns within one run, so that a noisy machine disturbs
//! all of them; medians and their ratio count, not seconds.
//!
//! ```text
//! cargo bench --bench floor                     everything
//! cargo bench --bench floor -- check chain      some of: check, stage, chain, release
//! cargo bench --bench floor -- --rounds 9       more turns of each
//! ```

mod chain;
mod check;
mod compose;
mod contest;
mod daemon;
mod pipe;
mod raw;
mod release;
mod stage;
mod table;

use contest::Contest;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    // `cargo test --all-targets` starts benchmarks too, and means no measurement.
    if !arguments.iter().any(|argument| argument == "--bench") {
        eprintln!("floor measures; start it by `cargo bench --bench floor`");
        return;
    }
    let rounds = arguments.iter().skip_while(|argument| *argument != "--rounds").nth(1);
    let rounds = rounds.map(|rounds| rounds.parse().expect("`--rounds` takes a number"));
    let known = ["check", "stage", "chain", "release"];
    let asked: Vec<&str> = known.into_iter().filter(|name| arguments.iter().any(|asked| asked == name)).collect();
    let contests: Vec<Contest> = (if asked.is_empty() { known.to_vec() } else { asked })
        .into_iter()
        .map(|name| {
            eprintln!("{name}");
            match name {
                "check" => check::contest(rounds.unwrap_or(50)),
                "stage" => stage::contest(rounds.unwrap_or(7)),
                "chain" => chain::contest(rounds.unwrap_or(3)),
                _ => release::contest(rounds.unwrap_or(3)),
            }
        })
        .collect();
    table::print(&contests);
    let file = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("floor.json");
    std::fs::write(&file, table::json(&contests)).expect("the target directory is ours");
    println!("\n{}", file.display());
}
