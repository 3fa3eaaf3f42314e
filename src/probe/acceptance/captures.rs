use std::collections::HashMap;

use crate::model::{Hole, Scope};

/// What the probes of one test have captured, before all that the run knows.
pub(super) struct Captures<'a> {
    run: &'a (dyn Scope + Sync),
    kept: HashMap<String, String>,
}

impl<'a> Captures<'a> {
    pub fn new(run: &'a (dyn Scope + Sync)) -> Self {
        Captures { run, kept: HashMap::new() }
    }

    pub fn keep(&mut self, name: &str, value: String) {
        self.kept.insert(name.to_owned(), value);
    }
}

impl Scope for Captures<'_> {
    fn value(&self, hole: &Hole) -> Option<String> {
        match hole {
            Hole::Capture(name) => self.kept.get(name).cloned(),
            other => self.run.value(other),
        }
    }
}
