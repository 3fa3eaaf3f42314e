use crate::model::Name;

/// What the user wants.
#[derive(Debug, Clone, Default)]
pub struct Goal {
    /// Runnables by name; empty: the pipeline's default, or all stages and acceptances.
    pub targets: Vec<Name>,
    /// What stays when the run has ended.
    pub keep: Keep,
    /// Images (by name) to be pushed under their tags when everything passed.
    pub push: Vec<Name>,
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
