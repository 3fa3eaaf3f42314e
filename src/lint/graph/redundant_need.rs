use std::collections::{HashMap, HashSet};

use crate::diagnostic::codes::graph::REDUNDANT_NEED;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lint::{Rule, Subject};
use crate::model::{Gate, Name, Need, NeedKind, Runnable};

/// A need that another need of the same runnable has already.
pub(super) const RULE: Rule = Rule::meant(REDUNDANT_NEED, check);

/// How many edges are walked at most, all runnables together: enough for any pipeline that a person reads.
const BUDGET: usize = 200_000;

fn check(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let runnables = subject.pipeline.runnables();
    let mut budget = BUDGET;
    for runnable in runnables.values() {
        let written: Vec<&Need> = runnable.needs().iter().filter(|need| need.kind == NeedKind::Needs).collect();
        if written.len() < 2 {
            continue;
        }
        let wanted: HashSet<&Name> = written.iter().map(|need| &need.on).collect();
        // What each of them leads to, walked once for all.
        let mut implied: HashMap<&Name, &Name> = HashMap::new();
        let mut seen: HashSet<&Name> = HashSet::new();
        let mut open: Vec<(&Name, &Name)> = written.iter().map(|need| (&need.on, &need.on)).collect();
        while let Some((name, by)) = open.pop() {
            let Some(next) = runnables.get(name).filter(|_| seen.insert(name)) else { continue };
            for need in next.needs().iter().filter(|need| need.kind == NeedKind::Needs && keeps(need)) {
                if budget == 0 {
                    return;
                }
                budget -= 1;
                if wanted.contains(&need.on) {
                    implied.entry(&need.on).or_insert(by);
                }
                open.push((&need.on, by));
            }
        }
        for need in written {
            // A service is held up for whoever names it, so a need of it is never idle.
            let is_service = matches!(runnables.get(&need.on), Some(Runnable::Service(_)));
            let Some(by) = implied.get(&need.on).filter(|by| **by != &need.on && !is_service && keeps(need)) else {
                continue;
            };
            let name = &need.on;
            diagnostics.push(
                Diagnostic::new(REDUNDANT_NEED, format!("`{by}` needs `{name}` already"))
                    .label(need.span, "needed anyway")
                    .help(format!("take `{name}` away, if it is not written for the reader")),
            );
        }
    }
}

/// Whether what is needed has succeeded: other gates say less than the need itself.
fn keeps(need: &Need) -> bool {
    matches!(need.gate, Gate::Succeeded | Gate::Healthy)
}
