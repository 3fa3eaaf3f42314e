use std::time::Duration;

use crate::ast::RestartPolicy;

/// How often a service that ends by itself is started again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Restart {
    /// When.
    pub policy: RestartPolicy,
    /// How often at most.
    pub max: u32,
    /// The pause before the first time; it doubles each time.
    pub backoff: Duration,
}

/// The longest pause before a start.
const LONGEST: Duration = Duration::from_secs(60);

impl Restart {
    /// The pause before it is started for the `n`-th time again, from 1, where it ended with `code`; `None`: it is not.
    pub fn pause(&self, n: u32, code: i64) -> Option<Duration> {
        let wanted = match self.policy {
            RestartPolicy::Always => true,
            RestartPolicy::OnFailure => code != 0,
        };
        (wanted && n <= self.max).then(|| {
            let doubled = 2u32.saturating_pow(n.saturating_sub(1).min(30));
            self.backoff.saturating_mul(doubled).min(LONGEST)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_and_have_an_end() {
        let restart = Restart { policy: RestartPolicy::OnFailure, max: 3, backoff: Duration::from_secs(1) };
        let pauses: Vec<_> = (1..=4).map(|n| restart.pause(n, 1).map(|pause| pause.as_secs())).collect();
        assert_eq!(pauses, [Some(1), Some(2), Some(4), None]);
        assert_eq!(restart.pause(1, 0), None, "it ended well");
        let always = Restart { policy: RestartPolicy::Always, max: 1_000, ..restart };
        assert_eq!(always.pause(1, 0), Some(Duration::from_secs(1)));
        assert_eq!(always.pause(999, 0), Some(LONGEST));
    }
}
