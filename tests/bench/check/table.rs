//! What was found, for people.

use crate::baseline::{Baseline, is_worse};
use crate::measure::Finding;

pub fn print(findings: &[Finding], baseline: &Baseline) {
    println!("| what | ratio | must be | met | baseline | | measured |");
    println!("|---|---:|---:|---|---:|---|---|");
    for finding in findings {
        let most = finding.most.map_or_else(String::new, |most| format!("≤ {most}"));
        let met = match finding.most {
            None => "",
            Some(_) if finding.is_met() => "yes",
            Some(_) => "no",
        };
        let known = baseline.get(&finding.name).map_or_else(|| "none".to_owned(), |known| format!("{known:.3}"));
        let worse = if is_worse(finding, baseline) { "worse" } else { "" };
        let Finding { name, ratio, shown, .. } = finding;
        println!("| {name} | {ratio:.3} | {most} | {met} | {known} | {worse} | {shown} |");
    }
}
