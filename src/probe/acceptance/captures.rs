use std::collections::HashMap;

use crate::model::{Hole, Scope};

/// What the probes of one test have captured and the cells of its row, before all that the run knows.
#[derive(Clone)]
pub(super) struct Captures<'a> {
    run: &'a (dyn Scope + Sync),
    kept: HashMap<String, String>,
    row: HashMap<String, String>,
}

impl<'a> Captures<'a> {
    /// Before all that the run knows, what has been captured already.
    pub fn knowing(run: &'a (dyn Scope + Sync), kept: HashMap<String, String>) -> Self {
        Captures { run, kept, row: HashMap::new() }
    }

    /// What has been captured.
    pub fn kept(&self) -> &HashMap<String, String> {
        &self.kept
    }

    pub fn keep(&mut self, name: &str, value: String) {
        self.kept.insert(name.to_owned(), value);
    }

    /// All that is captured, and the cells of the row.
    pub fn all(&self) -> HashMap<Hole, String> {
        let kept = self.kept.iter().map(|(name, value)| (Hole::Capture(name.clone()), value.clone()));
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
            Hole::Capture(name) => self.kept.get(name).cloned(),
            Hole::Row(column) => self.row.get(column).cloned(),
            other => self.run.value(other),
        }
    }
}
