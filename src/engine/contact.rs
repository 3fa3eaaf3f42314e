use std::time::Duration;

use tokio::time::Instant;

/// Whether an engine can be reached, and how often it could not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Contact {
    /// How it is now.
    pub standing: Standing,
    /// How often contact was lost so far. What went on meanwhile is known to nobody until it is looked at.
    pub losses: u32,
    /// How often the answer to the making of something was lost: it may be there twice.
    pub doubts: u32,
}

/// How contact with an engine stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Standing {
    /// It answers, as far as is known.
    #[default]
    Held,
    /// It does not answer, and is asked again and again.
    Lost {
        /// Since when.
        since: Instant,
        /// For how long it is asked.
        patience: Duration,
    },
    /// It answers again.
    Regained {
        /// After how long.
        after: Duration,
    },
    /// It has not come back in time. It is still asked by whoever needs it, and no longer waited for.
    GivenUp,
}
