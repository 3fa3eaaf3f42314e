use std::time::Duration;

use crate::source::Span;

/// `retry 3 on="exit 137" backoff="1s"`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retry {
    /// How many times the stage is run again at most.
    pub times: u32,
    /// After which failures; one of them is enough.
    pub on: Vec<RetryOn>,
    /// The pause before the second attempt.
    pub backoff: Duration,
    /// The node.
    pub span: Span,
}

/// A failure after which a stage is run again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RetryOn {
    /// Any of those below.
    Any,
    /// It exited with this code.
    Exit(i64),
    /// A process of it was killed for want of memory.
    Oom,
    /// It took longer than its `timeout`.
    Timeout,
}

/// The longest pause between two attempts.
const LONGEST: Duration = Duration::from_secs(300);

impl Retry {
    /// Whether it is run again after an exit with `code`.
    pub fn after_exit(&self, code: i64, oom_killed: bool) -> bool {
        self.on.iter().any(|on| match on {
            RetryOn::Any => true,
            RetryOn::Exit(wanted) => *wanted == code,
            RetryOn::Oom => oom_killed,
            RetryOn::Timeout => false,
        })
    }

    /// Whether it is run again after it took too long.
    pub fn after_timeout(&self) -> bool {
        self.on.iter().any(|on| matches!(on, RetryOn::Any | RetryOn::Timeout))
    }

    /// The pause after that attempt, counted from 1: twice as long each time.
    pub fn pause(&self, attempt: u32) -> Duration {
        let doubled = 2_u32.checked_pow(attempt.saturating_sub(1)).unwrap_or(u32::MAX);
        self.backoff.saturating_mul(doubled).min(LONGEST.max(self.backoff))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn retry(on: &[RetryOn]) -> Retry {
        Retry { times: 3, on: on.to_vec(), backoff: Duration::from_secs(1), span: Span::default() }
    }

    #[test]
    fn one_condition_is_enough() {
        let retry = retry(&[RetryOn::Exit(137), RetryOn::Oom]);
        assert!(retry.after_exit(137, false) && retry.after_exit(1, true));
        assert!(!retry.after_exit(1, false) && !retry.after_timeout());
    }

    #[test]
    fn pauses_double_up_to_a_bound() {
        let retry = retry(&[RetryOn::Any]);
        let pauses: Vec<u64> = (1..=4).map(|attempt| retry.pause(attempt).as_secs()).collect();
        assert_eq!(pauses, [1, 2, 4, 8]);
        assert_eq!(retry.pause(100), LONGEST);
    }
}
