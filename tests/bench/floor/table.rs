//! What was measured, for people and for programs.

use std::time::Duration;

use serde_json::{Value, json};

use crate::contest::{Contest, Contestant, Took};

/// One row a contestant: the median until the aim was reached and pipe's multiple of it, the same with everything taken back,
/// and the goal at pipe's own.
pub fn print(contests: &[Contest]) {
    println!("| task | who | median | least | most | pipe / it | taken back | pipe / it | goal | met |");
    println!("|---|---|---:|---:|---:|---:|---:|---:|---|---|");
    for contest in contests {
        for (place, contestant) in contest.contestants.iter().enumerate() {
            let ratio = |part: fn(&Took) -> Duration| match contest.ratio(contestant.name, part) {
                Some(ratio) if place > 0 => format!("{ratio:.2}"),
                _ => String::new(),
            };
            let (goal, met) = match (place, contest.verdict()) {
                (0, (goal, Some(met))) => (goal, if met { "yes" } else { "no" }),
                (0, (goal, None)) => (goal, "–"),
                _ => (String::new(), ""),
            };
            let aims = || contestant.turns.iter().map(Took::aim);
            println!(
                "| {} | {} | {} | {} | {} | {} | {} | {} | {goal} | {met} |",
                if place == 0 { contest.name } else { "" },
                contestant.name,
                seconds(contestant.median(Took::aim)),
                seconds(aims().min().unwrap_or_default()),
                seconds(aims().max().unwrap_or_default()),
                ratio(Took::aim),
                seconds(contestant.median(Took::whole)),
                ratio(Took::whole),
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
    let contests: Vec<Value> = contests.iter().map(contest_json).collect();
    serde_json::to_string_pretty(&contests).expect("plain values")
}

fn contest_json(contest: &Contest) -> Value {
    let (goal, met) = contest.verdict();
    let contestants: Vec<Value> = contest.contestants.iter().map(|one| contestant_json(contest, one)).collect();
    json!({ "name": contest.name, "task": contest.task, "goal": goal, "met": met, "contestants": contestants })
}

fn contestant_json(contest: &Contest, contestant: &Contestant) -> Value {
    let part = |part: fn(&Took) -> Duration| {
        let times: Vec<f64> = contestant.turns.iter().map(|turn| part(turn).as_secs_f64()).collect();
        json!({
            "median": contestant.median(part).as_secs_f64(),
            "ratio": contest.ratio(contestant.name, part),
            "times": times,
        })
    };
    json!({ "name": contestant.name, "aim": part(Took::aim), "whole": part(Took::whole) })
}

fn seconds(time: Duration) -> String {
    format!("{:.3} s", time.as_secs_f64())
}
