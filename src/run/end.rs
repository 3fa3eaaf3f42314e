use crate::engine::{EngineError, ErrorKind};
use crate::event::{EngineTrouble, Failure, StepOutcome};

/// How an operation ended where it did not succeed.
#[derive(Debug)]
pub(super) enum End {
    /// It failed.
    Failed(Box<Failure>),
    /// It was told to break off, and did.
    Cancelled,
    /// There was nothing to do.
    NotNeeded,
}

/// What an operation answers.
pub(super) type Done<T = ()> = Result<T, End>;

impl From<Failure> for End {
    fn from(failure: Failure) -> Self {
        End::Failed(Box::new(failure))
    }
}

/// What the engine could not do, where no operation knows better.
impl From<EngineError> for End {
    fn from(error: EngineError) -> Self {
        engine_failure(error).into()
    }
}

impl From<End> for StepOutcome {
    fn from(end: End) -> Self {
        match end {
            End::Failed(failure) => StepOutcome::Failed(failure),
            End::Cancelled => StepOutcome::Cancelled,
            End::NotNeeded => StepOutcome::NotNeeded,
        }
    }
}

/// An error of the engine as the failure of a step.
pub(super) fn engine_failure(error: EngineError) -> Failure {
    let trouble = engine_trouble(&error.kind);
    Failure::Engine { operation: error.operation, message: error.message, trouble }
}

/// What the matter is with an engine that answers so.
pub fn engine_trouble(kind: &ErrorKind) -> EngineTrouble {
    match kind {
        ErrorKind::Unreachable(_) => EngineTrouble::Unreachable,
        ErrorKind::Forbidden => EngineTrouble::Forbidden,
        ErrorKind::Lost | ErrorKind::Broken => EngineTrouble::Lost,
        ErrorKind::TimedOut => EngineTrouble::Silent,
        ErrorKind::Garbled => EngineTrouble::Garbled,
        _ => EngineTrouble::Refused,
    }
}
