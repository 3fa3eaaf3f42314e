use std::time::Duration;

use super::Text;
use crate::source::Span;

/// How a service shows that it is ready.
#[derive(Debug, Clone)]
pub struct Healthcheck {
    /// What is tried.
    pub test: HealthTest,
    /// The longest pause between two tries; pipe begins far quicker and backs off to this.
    pub interval: Duration,
    /// How long one try may take.
    pub timeout: Duration,
    /// How many failures Docker would have borne.
    pub retries: u32,
    /// Time to come up in which failures do not count.
    pub start_period: Duration,
    /// The pause between tries within the start period, for engines that know it.
    pub start_interval: Option<Duration>,
    /// How many passes in a row make it ready.
    pub successes: u32,
    /// How long the passes must span.
    pub stable: Option<Duration>,
    /// The whole node.
    pub span: Span,
}

/// What a healthcheck tries.
#[derive(Debug, Clone)]
pub enum HealthTest {
    /// Run by the image's shell, inside the container.
    Shell(Text),
    /// Run without a shell, inside the container.
    Command(Vec<Text>),
    /// A GET from the network side.
    Http {
        /// `/path`.
        path: Text,
        /// The container's port.
        port: u16,
        /// The status wanted; any of 200–399 where there is none.
        status: Option<u16>,
        /// Must be in the body.
        body_contains: Option<Text>,
    },
    /// A connection from the network side.
    Tcp {
        /// The container's port.
        port: u16,
    },
    /// A line of the output, from the process's start on.
    Log {
        /// What one must match: an expression of the `regex` crate.
        pattern: Text,
    },
    /// `healthcheck image`: what the image declares, with these timings instead of its own. What that is the run knows; the
    /// timings beside it mean nothing.
    Image(Timings),
    /// `healthcheck none`: started is ready, and the image's own check is switched off.
    None,
}

/// The timings of a healthcheck that are said.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Timings {
    /// The longest pause between two tries.
    pub interval: Option<Duration>,
    /// How long one try may take.
    pub timeout: Option<Duration>,
    /// How many failures are borne.
    pub retries: Option<u32>,
    /// Time to come up in which failures do not count.
    pub start_period: Option<Duration>,
}

impl Healthcheck {
    /// How long readiness is awaited at most: what Docker would have waited, since the budget is time and not a count.
    pub fn budget(&self) -> Duration {
        self.start_period + (self.interval + self.timeout) * self.retries
    }
}
