use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use indexmap::IndexMap;

use super::Identity;
use crate::model::Name;
use crate::store::RunDirectory;

/// How a plan is run: all that comes from outside of it.
#[derive(Clone)]
pub struct Options {
    /// Whose run it is.
    pub identity: Identity,
    /// How many builds, pulls, stages and suites at once; `None`: as many as the engine has processors.
    pub jobs: Option<usize>,
    /// The values of secrets.
    pub secrets: IndexMap<Name, String>,
    /// What relative paths of the pipeline are relative to: its directory; absolute.
    pub root: PathBuf,
    /// Goes on with what does not depend on what failed.
    pub keep_going: bool,
    /// How many tests may fail before no more of them is begun; `None`: any number.
    pub max_failures: Option<usize>,
    /// Makes the snapshots of tests anew instead of comparing with them.
    pub update_snapshots: bool,
    /// How long the run may take, waiting for its turn counted and tear-down not.
    pub timeout: Option<Duration>,
    /// Whether the owner of an object, by its label, is no more for certain.
    pub is_dead: fn(&str) -> bool,
    /// Where what is to outlive the run is kept; `None` where this machine has no place for that, which keeps no run from its work.
    pub directory: Option<Arc<RunDirectory>>,
}

/// Never shows a secret's value.
impl std::fmt::Debug for Options {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Options")
            .field("identity", &self.identity)
            .field("jobs", &self.jobs)
            .field("secrets", &self.secrets.keys().collect::<Vec<_>>())
            .field("root", &self.root)
            .field("keep_going", &self.keep_going)
            .field("max_failures", &self.max_failures)
            .field("update_snapshots", &self.update_snapshots)
            .field("timeout", &self.timeout)
            .field("directory", &self.directory.as_ref().map(|directory| directory.path()))
            .finish()
    }
}
