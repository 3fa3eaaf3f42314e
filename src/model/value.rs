use indexmap::IndexMap;

use super::{Hole, Name, Scope};

/// The values of params, as far as they are known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Values {
    values: IndexMap<Name, String>,
}

impl Values {
    /// Sets the value of a param.
    pub fn set(&mut self, name: Name, value: impl Into<String>) {
        self.values.insert(name, value.into());
    }

    /// These and those of `other`, which win.
    pub fn with(&self, other: Values) -> Self {
        let mut all = self.clone();
        all.values.extend(other.values);
        all
    }

    /// The value of a param.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }
}

impl Scope for Values {
    fn value(&self, hole: &Hole) -> Option<String> {
        match hole {
            Hole::Param(name) => self.get(name.as_str()).map(str::to_owned),
            _ => None,
        }
    }
}

/// A number of bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ByteSize(pub u64);
