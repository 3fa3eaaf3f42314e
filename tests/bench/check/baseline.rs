//! The committed measurements that a run is compared with.

use std::collections::BTreeMap;

use crate::measure::Finding;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/bench/check-baseline.json");

/// How many times its baseline a ratio may be before that is told: medians on a busy machine differ by so much.
const TOLERANCE: f64 = 1.5;

/// The ratio of each finding by its name.
pub type Baseline = BTreeMap<String, f64>;

pub fn read() -> Baseline {
    let text = std::fs::read_to_string(FILE).unwrap_or_else(|_| "{}".to_owned());
    serde_json::from_str(&text).expect("the baseline maps names to ratios")
}

/// Writes what was found over what the baseline says of it; what was not measured this time stays.
pub fn write(findings: &[Finding], baseline: &Baseline) {
    let mut baseline = baseline.clone();
    for finding in findings {
        baseline.insert(finding.name.clone(), (finding.ratio * 10_000.0).round() / 10_000.0);
    }
    let text = serde_json::to_string_pretty(&baseline).expect("names and numbers");
    std::fs::write(FILE, text + "\n").expect("the baseline is a file of this repository");
}

pub fn is_worse(finding: &Finding, baseline: &Baseline) -> bool {
    baseline.get(&finding.name).is_some_and(|known| finding.ratio > known * TOLERANCE)
}
