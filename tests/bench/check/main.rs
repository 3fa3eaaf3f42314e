//! What `pipe check` costs: against `docker compose config`, as a pipeline grows, in memory, after an edited line, and drawn.
//! Contestants and sizes take turns within one run, so that a busy machine disturbs all of them; medians and their ratios count.
//!
//! ```text
//! cargo bench --bench check                      everything
//! cargo bench --bench check -- growth memory     some of: compose, growth, memory, again, drawing, hostile
//! cargo bench --bench check -- --rounds 15       more turns of each
//! cargo bench --bench check -- --save            makes what was measured the baseline
//! cargo bench --bench check -- --strict          ends with 1 where a goal is missed, or the baseline by much
//! ```

mod again;
mod baseline;
mod compose;
mod drawing;
mod growth;
mod hostile;
mod measure;
mod memory;
mod shapes;
mod table;

use std::process::ExitCode;

use measure::Finding;

fn main() -> ExitCode {
    if memory::is_asked_for() {
        return memory::perform();
    }
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let has = |word: &str| arguments.iter().any(|argument| argument == word);
    // `cargo test --all-targets` starts benchmarks too, and means no measurement.
    if !has("--bench") {
        eprintln!("check measures; start it by `cargo bench --bench check`");
        return ExitCode::SUCCESS;
    }
    let rounds = arguments.iter().skip_while(|argument| *argument != "--rounds").nth(1);
    let rounds = rounds.map_or(9, |rounds| rounds.parse().expect("`--rounds` takes a number"));
    type Part = fn(usize) -> Vec<Finding>;
    let parts: [(&str, Part); 6] = [
        ("compose", compose::measure),
        ("growth", growth::measure),
        ("memory", memory::measure),
        ("again", again::measure),
        ("drawing", drawing::measure),
        ("hostile", hostile::measure),
    ];
    let all = !parts.iter().any(|(name, _)| has(name));
    let mut findings = Vec::new();
    for (name, measure) in parts.into_iter().filter(|(name, _)| all || has(name)) {
        eprintln!("{name}");
        findings.extend(measure(rounds));
    }
    let baseline = baseline::read();
    table::print(&findings, &baseline);
    if has("--save") {
        baseline::write(&findings, &baseline);
    }
    let fails = findings.iter().any(|finding| !finding.is_met() || baseline::is_worse(finding, &baseline));
    if has("--strict") && fails { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
