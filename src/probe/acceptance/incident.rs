use tokio::time::Instant;

use crate::event::Mishap;
use crate::model::Name;

/// The end of a service's process, as the run saw it.
#[derive(Debug, Clone)]
pub struct Incident {
    /// Whose.
    pub service: Name,
    /// When it was known.
    pub at: Instant,
    /// How it ended.
    pub mishap: Mishap,
    /// It is up again.
    pub is_over: bool,
}
