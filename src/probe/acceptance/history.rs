use std::time::Duration;

use tokio::time::Instant;

use super::finding::Finding;
use crate::event::Tries;

/// How many stretches of tries are kept from the beginning, and how many from the end.
const KEPT: (usize, usize) = (5, 10);
/// How many characters of what failed are kept of a try.
const SHOWN: usize = 160;

/// What came of each try of a wait; tries in a row that came to the same are one stretch.
pub(super) struct History {
    began: Instant,
    tries: u32,
    stretches: Vec<Tries>,
}

impl History {
    pub fn begin() -> Self {
        History { began: Instant::now(), tries: 0, stretches: Vec::new() }
    }

    /// How long the waiting has gone on.
    pub fn age(&self) -> Duration {
        self.began.elapsed()
    }

    /// One more try, which began at this age: what failed in it.
    pub fn failed(&mut self, at: Duration, findings: &[Finding]) {
        let told = findings.iter().map(|Finding { failure, .. }| format!("{}: {}", failure.subject, failure.actual));
        let told = told.collect::<Vec<_>>().join("; ");
        self.tried(at, told.lines().next().unwrap_or_default().chars().take(SHOWN).collect());
    }

    /// One more try, and what came of it in a line.
    pub fn tried(&mut self, at: Duration, outcome: String) {
        self.tries += 1;
        match self.stretches.last_mut().filter(|last| last.outcome == outcome) {
            Some(last) => last.last = self.tries,
            None => self.stretches.push(Tries { first: self.tries, last: self.tries, at, outcome }),
        }
        if self.stretches.len() > KEPT.0 + KEPT.1 {
            self.stretches.remove(KEPT.0);
        }
    }

    /// All of it.
    pub fn tell(self) -> Vec<Tries> {
        self.stretches
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_again_is_told_once_and_long_stories_lack_their_middle() {
        let mut history = History::begin();
        history.tried(Duration::ZERO, "refused".into());
        history.tried(Duration::from_millis(1), "refused".into());
        for number in 0..100 {
            history.tried(Duration::from_secs(1), format!("status: {number}"));
        }
        let told = history.tell();
        assert_eq!((told[0].first, told[0].last, told[0].outcome.as_str()), (1, 2, "refused"));
        assert_eq!(told.len(), KEPT.0 + KEPT.1);
        assert_eq!((told[KEPT.0].first, told.last().map(|tries| tries.last)), (93, Some(102)));
    }
}
