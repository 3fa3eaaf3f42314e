use std::collections::HashMap;

use serde_json::Value;

use crate::model::{Hole, Scope};
use crate::probe::judge::Observed;

/// What the probes of one test have captured and the cells of its row, before all that the run knows.
#[derive(Clone)]
pub(super) struct Captures<'a> {
    run: &'a (dyn Scope + Sync),
    kept: HashMap<String, Captured>,
    row: HashMap<String, String>,
}

/// A value that a test has captured.
#[derive(Debug, Clone, PartialEq)]
pub struct Captured {
    /// As it stands in a text.
    pub text: String,
    /// With its type, as it is compared where it stands alone.
    pub value: Value,
}

impl Captured {
    /// What was observed, where that is something.
    pub(super) fn of(observed: &Observed) -> Option<Self> {
        Some(Captured { text: observed.captured()?, value: observed.captured_value() })
    }
}

impl<'a> Captures<'a> {
    /// Before all that the run knows, what has been captured already.
    pub fn knowing(run: &'a (dyn Scope + Sync), kept: HashMap<String, Captured>) -> Self {
        Captures { run, kept, row: HashMap::new() }
    }

    /// What has been captured.
    pub fn kept(&self) -> &HashMap<String, Captured> {
        &self.kept
    }

    pub fn keep(&mut self, name: &str, captured: Captured) {
        self.kept.insert(name.to_owned(), captured);
    }

    /// All that is captured, and the cells of the row.
    pub fn all(&self) -> HashMap<Hole, String> {
        let kept = self.kept.iter().map(|(name, captured)| (Hole::Capture(name.clone()), captured.text.clone()));
        kept.chain(self.row.iter().map(|(column, value)| (Hole::Row(column.clone()), value.clone()))).collect()
    }

    /// Sets a cell of the row that the test is run for.
    pub fn cell(&mut self, column: &str, value: String) {
        self.row.insert(column.to_owned(), value);
    }
}

impl Scope for Captures<'_> {
    fn value(&self, hole: &Hole) -> Option<String> {
        match hole {
            Hole::Capture(name) => self.kept.get(name).map(|captured| captured.text.clone()),
            Hole::Row(column) => self.row.get(column).cloned(),
            other => self.run.value(other),
        }
    }

    fn typed(&self, hole: &Hole) -> Option<Value> {
        match hole {
            Hole::Capture(name) => self.kept.get(name).map(|captured| captured.value.clone()),
            _ => None,
        }
    }
}
