use std::time::Duration;

use super::Look;
use crate::model::Healthcheck;

/// How many tries at least say that a tool is missing before it is believed.
const MISSING: u32 = 3;

/// The longest time that a tool may be missing before it is believed; an entrypoint may install it.
const MISSING_FOR: Duration = Duration::from_secs(10);

/// Weighs one try after the other.
#[derive(Debug, Clone)]
pub struct Judge {
    successes: u32,
    stable: Duration,
    missing_for: Duration,
    passes: u32,
    first_pass: Duration,
    tries: u32,
    all_missing: bool,
}

/// What the tries so far come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Judgement {
    /// It is ready.
    Ready,
    /// It passes, not often or not long enough.
    Passing,
    /// It does not pass.
    NotYet,
    /// The check's tool is not in the image.
    ToolMissing,
}

impl Judge {
    /// As `health` says.
    pub fn new(health: &Healthcheck) -> Self {
        let three = health.interval * MISSING;
        Judge {
            successes: health.successes.max(1),
            stable: health.stable.unwrap_or_default(),
            missing_for: health.start_period + three.min(MISSING_FOR),
            passes: 0,
            first_pass: Duration::ZERO,
            tries: 0,
            all_missing: true,
        }
    }

    /// Takes in a try that ended `at` after the process came up.
    pub fn weigh(&mut self, look: &Look, at: Duration) -> Judgement {
        self.tries += 1;
        self.all_missing &= look.tool_missing;
        if !look.passed {
            self.passes = 0;
            let missing = self.all_missing && self.tries >= MISSING && at >= self.missing_for;
            return if missing { Judgement::ToolMissing } else { Judgement::NotYet };
        }
        if self.passes == 0 {
            self.first_pass = at;
        }
        self.passes += 1;
        if self.passes >= self.successes && at.saturating_sub(self.first_pass) >= self.stable {
            Judgement::Ready
        } else {
            Judgement::Passing
        }
    }

    /// How many tries there were.
    pub fn tries(&self) -> u32 {
        self.tries
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::probe::readiness::check::tests::health;

    const S: fn(u64) -> Duration = Duration::from_secs;

    fn pass() -> Look {
        Look { passed: true, ..Look::default() }
    }

    fn missing() -> Look {
        Look { tool_missing: true, code: Some(127), ..Look::default() }
    }

    #[test]
    fn the_first_pass_opens_the_gate() {
        let mut judge = Judge::new(&health("true", S(1)));
        assert_eq!(judge.weigh(&Look::default(), S(0)), Judgement::NotYet);
        assert_eq!(judge.weigh(&pass(), S(1)), Judgement::Ready);
    }

    #[test]
    fn passes_in_a_row_are_counted_anew_after_a_failure() {
        let mut health = health("true", S(1));
        health.successes = 2;
        let mut judge = Judge::new(&health);
        assert_eq!(judge.weigh(&pass(), S(1)), Judgement::Passing);
        assert_eq!(judge.weigh(&Look::default(), S(2)), Judgement::NotYet);
        assert_eq!(judge.weigh(&pass(), S(3)), Judgement::Passing);
        assert_eq!(judge.weigh(&pass(), S(4)), Judgement::Ready);
    }

    #[test]
    fn passes_must_span_the_stable_time() {
        let mut health = health("true", S(1));
        health.stable = Some(S(2));
        let mut judge = Judge::new(&health);
        assert_eq!(judge.weigh(&pass(), S(1)), Judgement::Passing);
        assert_eq!(judge.weigh(&pass(), S(2)), Judgement::Passing);
        assert_eq!(judge.weigh(&pass(), S(3)), Judgement::Ready);
    }

    #[test]
    fn a_missing_tool_is_believed_when_docker_would_have_failed_three_times() {
        let mut judge = Judge::new(&health("curl x", S(1)));
        assert_eq!(judge.weigh(&missing(), S(0)), Judgement::NotYet);
        assert_eq!(judge.weigh(&missing(), S(1)), Judgement::NotYet);
        assert_eq!(judge.weigh(&missing(), S(2)), Judgement::NotYet);
        assert_eq!(judge.weigh(&missing(), S(3)), Judgement::ToolMissing);
    }

    #[test]
    fn a_tool_that_was_there_once_is_not_missing() {
        let mut judge = Judge::new(&health("curl x", S(1)));
        judge.weigh(&Look::default(), S(0));
        for second in 1..20 {
            assert_eq!(judge.weigh(&missing(), S(second)), Judgement::NotYet);
        }
    }

    #[test]
    fn a_tool_may_be_installed_within_the_start_period() {
        let mut health = health("curl x", S(1));
        health.start_period = S(30);
        let mut judge = Judge::new(&health);
        for second in 0..33 {
            assert_eq!(judge.weigh(&missing(), S(second)), Judgement::NotYet);
        }
        assert_eq!(judge.weigh(&missing(), S(33)), Judgement::ToolMissing);
    }
}
