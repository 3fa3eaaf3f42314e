use std::fmt;

/// What a whole TAP stream came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TapVerdict {
    /// Tests that ended, skipped ones included.
    pub total: usize,
    /// Tests that failed.
    pub failed: usize,
    /// Tests that were skipped or are still to do.
    pub skipped: usize,
    /// What is wrong with the stream itself; fails the suite whatever its tests say.
    pub problem: Option<TapProblem>,
}

/// What is wrong with a TAP stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TapProblem {
    /// It bailed out, and why.
    BailedOut(String),
    /// There was no test at all; the reason that the plan gives.
    NoTests(String),
    /// Fewer or more tests than planned.
    Planned {
        /// By the plan.
        planned: u64,
        /// That ended.
        ran: u64,
    },
    /// Tests, but no plan: nobody knows whether all of them ran.
    NoPlan,
    /// More tests than are told one by one, and how many are.
    TooMany(usize),
}

impl TapVerdict {
    /// Whether all tests that were planned ran, at least one did, and none failed.
    pub fn passed(&self) -> bool {
        self.failed == 0 && self.problem.is_none()
    }
}

impl fmt::Display for TapProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TapProblem::BailedOut(why) if why.is_empty() => f.write_str("the suite bailed out"),
            TapProblem::BailedOut(why) => write!(f, "the suite bailed out: {why}"),
            TapProblem::NoTests(why) if why.is_empty() => f.write_str("there was no test"),
            TapProblem::NoTests(why) => write!(f, "there was no test: {why}"),
            TapProblem::Planned { planned, ran } => write!(f, "{planned} tests were planned, {ran} ran"),
            TapProblem::TooMany(most) => write!(f, "there are more than {most} tests; those behind them are not told"),
            TapProblem::NoPlan => f.write_str("the tests have no plan (`1..N`), so that some may be missing"),
        }
    }
}
