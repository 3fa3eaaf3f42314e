use super::summary::Failures;
use super::{Course, Tally};
use crate::event::Stamped;
use crate::plan::Plan;

/// What the end of a run is told from, whoever tells it.
#[derive(Debug, Clone)]
pub struct Account {
    /// The figures.
    pub tally: Tally,
    /// What failed.
    pub failures: Failures,
    /// When each step was at work.
    pub course: Course,
}

impl Account {
    /// Of a run that has not begun.
    pub fn new(plan: &Plan) -> Self {
        Account { tally: Tally::default(), failures: Failures::default(), course: Course::new(plan) }
    }

    /// Takes an event.
    pub fn take(&mut self, plan: &Plan, stamped: &Stamped) {
        self.tally.count(plan, &stamped.event);
        self.failures.notice(&stamped.event);
        self.course.take(plan, stamped);
    }
}
