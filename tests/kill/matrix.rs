use std::fmt::Write;
use std::sync::Mutex;

use super::{Blow, Phase, Trial, Verdict};

/// Moments and blows, and what came of each.
pub struct Matrix {
    cells: Vec<Cell>,
}

struct Cell {
    /// The moment, by its place.
    at: usize,
    blow: Blow,
    verdict: Verdict,
}

impl Matrix {
    /// Every moment and every blow.
    pub fn whole() -> Vec<(usize, Blow)> {
        (0..Phase::all().len()).flat_map(|at| Blow::ALL.map(|blow| (at, blow))).collect()
    }

    /// Tries cells, `side_by_side` at once; in `leniency` times the time that is promised.
    pub fn of(pipe: &str, cells: &[(usize, Blow)], leniency: u32, side_by_side: usize) -> Self {
        let (next, tried) = (Mutex::new(cells.iter()), Mutex::new(Vec::new()));
        std::thread::scope(|scope| {
            for _ in 0..side_by_side {
                scope.spawn(|| {
                    loop {
                        let cell = next.lock().expect("nobody panicked").next();
                        let Some(&(at, blow)) = cell else { return };
                        let phase = Phase::all().swap_remove(at);
                        let title = title(&phase, blow);
                        let verdict = Trial { phase, blow, leniency }.hold(pipe);
                        eprintln!("{title}: {}", shown(&verdict));
                        tried.lock().expect("nobody panicked").push(Cell { at, blow, verdict });
                    }
                });
            }
        });
        Matrix { cells: tried.into_inner().expect("nobody panicked") }
    }

    /// As a table in Markdown: exit code, time to the end, time until the daemon held nothing any more.
    pub fn table(&self) -> String {
        let mut table = format!("| struck at | {} |\n", Blow::ALL.map(Blow::name).join(" | "));
        writeln!(table, "|---|{}", "---|".repeat(Blow::ALL.len())).expect("a string can be written to");
        for (at, phase) in Phase::all().iter().enumerate() {
            let cell = |blow| self.cells.iter().find(|cell| (cell.at, cell.blow) == (at, blow));
            let cells = Blow::ALL.map(|blow| cell(blow).map_or(String::new(), |cell| shown(&cell.verdict)));
            writeln!(table, "| {} | {} |", phase.name, cells.join(" | ")).expect("a string can be written to");
        }
        table
            + "\nexit code · seconds until the process had ended · seconds from there until the daemon held nothing of it\n"
    }

    /// What is not as it must be, each with all that its run said.
    pub fn problems(&self) -> Vec<String> {
        let failed = self.cells.iter().filter(|cell| !cell.verdict.problems.is_empty());
        failed
            .map(|Cell { at, blow, verdict }| {
                let title = title(&Phase::all()[*at], *blow);
                format!("{title}: {}\n{}", verdict.problems.join(", "), verdict.said)
            })
            .collect()
    }
}

fn title(phase: &Phase, blow: Blow) -> String {
    format!("{} at {}", blow.name(), phase.name)
}

fn shown(verdict: &Verdict) -> String {
    let mark = if verdict.problems.is_empty() { "" } else { " **!**" };
    format!("{} · {:.2} · {:.2}{mark}", verdict.code, verdict.took.as_secs_f32(), verdict.emptied.as_secs_f32())
}
