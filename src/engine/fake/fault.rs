use std::time::Duration;

use super::Operation;
use crate::engine::{EngineError, ErrorKind};

/// Something that goes wrong with the engine itself, beside what the scripts say.
///
/// ```
/// use pipe::engine::ErrorKind;
/// use pipe::engine::fake::{Fake, Fault, Operation};
///
/// let fake = Fake::new();
/// fake.inject(Fault::on(Operation::CreateContainer).nth(2).fails(ErrorKind::NoSpace, "no space left on device"));
/// fake.inject(Fault::on(Operation::Start).of("db").after_effect().fails(ErrorKind::Protocol, "connection reset"));
/// ```
#[derive(Debug, Clone)]
pub struct Fault {
    operation: Operation,
    object: Option<String>,
    nth: Option<usize>,
    seen: usize,
    pub(super) after_effect: bool,
    pub(super) symptom: Symptom,
}

/// What the caller sees.
#[derive(Debug, Clone)]
pub(super) enum Symptom {
    Error(ErrorKind, String),
    Silence,
    Delay(Duration),
}

impl Fault {
    /// A fault of every call of `operation`, that looks like silence until it is told otherwise.
    pub fn on(operation: Operation) -> Self {
        Fault { operation, object: None, nth: None, seen: 0, after_effect: false, symptom: Symptom::Silence }
    }

    /// Only of calls about this object: a node, a name, a reference.
    pub fn of(mut self, object: impl Into<String>) -> Self {
        self.object = Some(object.into());
        self
    }

    /// Only of the `nth` such call, from 1.
    pub fn nth(mut self, nth: usize) -> Self {
        self.nth = Some(nth);
        self
    }

    /// The engine has done what it was asked before it fails to say so.
    pub fn after_effect(mut self) -> Self {
        self.after_effect = true;
        self
    }

    /// The call is answered with an error.
    pub fn fails(mut self, kind: ErrorKind, message: impl Into<String>) -> Self {
        self.symptom = Symptom::Error(kind, message.into());
        self
    }

    /// The call is never answered.
    pub fn hangs(mut self) -> Self {
        self.symptom = Symptom::Silence;
        self
    }

    /// The call takes this much longer.
    pub fn delays(mut self, by: Duration) -> Self {
        self.symptom = Symptom::Delay(by);
        self
    }

    /// Counts the call if it is meant, and tells whether this is the one.
    pub(super) fn strikes(&mut self, operation: Operation, object: &str) -> bool {
        if self.operation != operation || self.object.as_deref().is_some_and(|wanted| wanted != object) {
            return false;
        }
        self.seen += 1;
        self.nth.is_none_or(|nth| nth == self.seen)
    }
}

impl Symptom {
    pub(super) fn error(&self, operation: Operation, object: &str) -> Option<EngineError> {
        match self {
            Symptom::Error(kind, message) => {
                Some(EngineError::new(kind.clone(), format!("{operation} `{object}`"), message))
            }
            Symptom::Silence | Symptom::Delay(_) => None,
        }
    }
}
