use super::{Acceptance, Service, Stage};
use crate::source::Spanned;

/// What a run can be asked for. Its kinds share one namespace.
#[derive(Debug, Clone, PartialEq)]
pub enum Runnable {
    /// `service NAME { … }`.
    Service(Service),
    /// `stage NAME { … }`.
    Stage(Stage),
    /// `acceptance NAME { … }`.
    Acceptance(Acceptance),
}

impl Runnable {
    /// Its name, where it is declared.
    pub fn name(&self) -> &Spanned<String> {
        match self {
            Runnable::Service(service) => &service.name,
            Runnable::Stage(stage) => &stage.name,
            Runnable::Acceptance(acceptance) => &acceptance.name,
        }
    }

    /// The word of its kind.
    pub fn kind(&self) -> &'static str {
        match self {
            Runnable::Service(_) => "service",
            Runnable::Stage(_) => "stage",
            Runnable::Acceptance(_) => "acceptance",
        }
    }
}
