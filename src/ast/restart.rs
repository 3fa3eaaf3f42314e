use std::time::Duration;

use super::reader::{Reader, words};
use crate::source::Spanned;

/// `restart on-failure max=3 backoff="1s"`.
#[derive(Debug, Clone, PartialEq)]
pub struct Restart {
    /// When it is started again.
    pub policy: Spanned<RestartPolicy>,
    /// How often at most.
    pub max: Option<Spanned<u32>>,
    /// The pause before the first time.
    pub backoff: Option<Spanned<Duration>>,
}

/// When a service that ended by itself is started again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RestartPolicy {
    /// When it ended with another code than 0.
    OnFailure,
    /// With whatever code it ended.
    Always,
}

words!(RestartPolicy:
    "on-failure" => RestartPolicy::OnFailure,
    "always" => RestartPolicy::Always,
);

impl Restart {
    pub(super) fn decode(node: Reader<'_>) -> Option<Self> {
        Some(Restart { policy: node.argument(0)?, max: node.property("max"), backoff: node.property("backoff") })
    }
}
