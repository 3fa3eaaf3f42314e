//! What was measured, for people and for programs.

use serde_json::json;

use crate::contest::Contest;

/// One row a contestant: median, extremes, pipe's multiple of it; the goal at pipe's own.
pub fn print(contests: &[Contest]) {
    println!("| task | who | median | least | most | pipe / it | goal | met |");
    println!("|---|---|---:|---:|---:|---:|---|---|");
    for contest in contests {
        for (place, contestant) in contest.contestants.iter().enumerate() {
            let seconds = |time: Option<&std::time::Duration>| {
                time.map_or_else(String::new, |time| format!("{:.3} s", time.as_secs_f64()))
            };
            let (goal, met) = match (place, contest.verdict()) {
                (0, (goal, met)) => (goal, met.map_or("–", |met| if met { "yes" } else { "NO" })),
                _ => (String::new(), ""),
            };
            let ratio = contest.ratio(contestant.name).filter(|_| place > 0);
            println!(
                "| {} | {} | {} | {} | {} | {} | {goal} | {met} |",
                if place == 0 { contest.name } else { "" },
                contestant.name,
                seconds(Some(&contestant.median())),
                seconds(contestant.times.iter().min()),
                seconds(contestant.times.iter().max()),
                ratio.map_or_else(String::new, |ratio| format!("{ratio:.2}")),
            );
        }
    }
    println!();
    for contest in contests {
        println!("{}: {}", contest.name, contest.task);
    }
}

/// The same with every single time, in seconds.
pub fn json(contests: &[Contest]) -> String {
    let contests: Vec<_> = contests
        .iter()
        .map(|contest| {
            let (goal, met) = contest.verdict();
            let contestants: Vec<_> = contest
                .contestants
                .iter()
                .map(|contestant| {
                    let times: Vec<f64> = contestant.times.iter().map(std::time::Duration::as_secs_f64).collect();
                    json!({
                        "name": contestant.name,
                        "median": contestant.median().as_secs_f64(),
                        "ratio": contest.ratio(contestant.name),
                        "times": times,
                    })
                })
                .collect();
            json!({ "name": contest.name, "goal": goal, "met": met, "contestants": contestants })
        })
        .collect();
    serde_json::to_string_pretty(&contests).expect("plain values")
}
