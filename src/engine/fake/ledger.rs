use std::fmt;

use crate::engine::{Object, ObjectKind};

/// What calls to the fake have made and not removed. What a test put there beforehand, and what was pulled, is not in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ledger {
    /// All of it, in the order in which it was made.
    pub objects: Vec<Object>,
}

impl Ledger {
    /// No container, network or volume is left. Images do not count: a run may leave what it built.
    pub fn is_empty(&self) -> bool {
        self.objects.iter().all(|object| object.kind == ObjectKind::Image)
    }

    /// Names of the objects of this kind.
    pub fn names(&self, kind: ObjectKind) -> Vec<&str> {
        self.objects.iter().filter(|object| object.kind == kind).map(|object| object.name.as_str()).collect()
    }
}

/// `container todo-1-db (running)`, one line an object.
impl fmt::Display for Ledger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for object in &self.objects {
            write!(f, "{} {}", object.kind.as_str(), object.name)?;
            match object.status.as_str() {
                "" => writeln!(f)?,
                status => writeln!(f, " ({status})")?,
            }
        }
        Ok(())
    }
}
