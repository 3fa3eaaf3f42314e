use super::TestSelection;
use crate::model::{Name, Values};

/// What the user wants.
#[derive(Debug, Clone, Default)]
pub struct Goal {
    /// Runnables by name; empty: the pipeline's default, or all stages and acceptances.
    pub targets: Vec<Name>,
    /// What stays when the run has ended.
    pub keep: Keep,
    /// Values of params that decide whether stages are wanted, as far as they were looked up.
    pub values: Values,
    /// Images (by name) to be pushed under their tags when everything passed.
    pub push: Vec<Name>,
    /// Which tests of the wanted acceptances are run. One that narrows them wants the acceptances that hold a test of it, and of
    /// what is wanted by default nothing else; an acceptance that something else needs is run whole.
    pub tests: TestSelection,
}

/// What stays when a run has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Keep {
    /// Nothing.
    #[default]
    Nothing,
    /// Services, volumes and networks, where everything passed (`pipe up`).
    Services,
    /// Everything (`--keep`).
    Everything,
    /// Everything, where something failed (`--keep=on-failure`).
    OnFailure,
}
