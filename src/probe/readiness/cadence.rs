use std::time::Duration;

use crate::model::Healthcheck;

/// The shortest pause between two tries.
const QUICK: Duration = Duration::from_millis(25);

/// The pause is this part of the time waited so far: being ready is seen at most a tenth late.
const PART: u32 = 10;

/// When the next try is due. The first one is at once.
///
/// A pause is a tenth of the time waited so far, so that tries thin out as waiting grows, and never shorter than the try
/// before took: a try costs the engine's machine what it costs (an exec 50–110 ms of processor), and at most half of one
/// processor goes into looking. The author's `interval` is the longest pause.
#[derive(Debug, Clone)]
pub struct Cadence {
    interval: Duration,
    start_period: Duration,
    start_interval: Option<Duration>,
    stable: Option<Duration>,
}

impl Cadence {
    /// As `health` says.
    pub fn new(health: &Healthcheck) -> Self {
        Cadence {
            interval: health.interval,
            start_period: health.start_period,
            start_interval: health.start_interval,
            stable: health.stable,
        }
    }

    /// The pause after a try that failed: `waited` since the process came up, and `took` for the try.
    pub fn after_failure(&self, waited: Duration, took: Duration) -> Duration {
        self.within(waited / PART, waited, took)
    }

    /// The pause after a try that passed where more passes are wanted: four looks into the time that they must span.
    pub fn after_pass(&self, waited: Duration, took: Duration) -> Duration {
        self.within(self.stable.unwrap_or_default() / 4, waited, took)
    }

    fn within(&self, wanted: Duration, waited: Duration, took: Duration) -> Duration {
        let longest = match self.start_interval {
            Some(start) if waited < self.start_period => start.min(self.interval),
            _ => self.interval,
        };
        wanted.max(QUICK).max(took).min(longest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::probe::readiness::check::tests::health;

    const MS: fn(u64) -> Duration = Duration::from_millis;

    #[test]
    fn tries_are_quick_at_first_and_back_off_to_the_interval() {
        let cadence = Cadence::new(&health("true", MS(3000)));
        assert_eq!(cadence.after_failure(MS(80), MS(5)), MS(25));
        assert_eq!(cadence.after_failure(MS(5_000), MS(5)), MS(500));
        assert_eq!(cadence.after_failure(MS(90_000), MS(5)), MS(3000));
    }

    #[test]
    fn a_dear_try_is_paced_by_its_cost() {
        let cadence = Cadence::new(&health("true", MS(3000)));
        assert_eq!(cadence.after_failure(MS(80), MS(110)), MS(110));
        assert_eq!(cadence.after_failure(MS(80), MS(9_000)), MS(3000));
    }

    #[test]
    fn an_author_who_wants_it_quicker_gets_it_quicker() {
        let cadence = Cadence::new(&health("true", MS(10)));
        assert_eq!(cadence.after_failure(MS(5_000), MS(80)), MS(10));
    }

    #[test]
    fn the_start_interval_holds_within_the_start_period() {
        let mut health = health("true", MS(3000));
        health.start_period = MS(60_000);
        health.start_interval = Some(MS(200));
        let cadence = Cadence::new(&health);
        assert_eq!(cadence.after_failure(MS(50_000), MS(5)), MS(200));
        assert_eq!(cadence.after_failure(MS(70_000), MS(5)), MS(3000));
    }

    #[test]
    fn stability_is_looked_at_four_times() {
        let mut health = health("true", MS(3000));
        health.stable = Some(MS(1000));
        assert_eq!(Cadence::new(&health).after_pass(MS(9_000), MS(5)), MS(250));
    }

    /// What looking costs while a database takes its 6 s: under a quarter of the time, and the gate opens soon after.
    #[test]
    fn six_seconds_of_waiting_cost_few_tries() {
        let cadence = Cadence::new(&health("true", MS(3000)));
        let (mut now, mut tries) = (Duration::ZERO, 0);
        while now < MS(6000) {
            tries += 1;
            now += MS(80);
            now += cadence.after_failure(now, MS(80));
        }
        assert!((10..=22).contains(&tries), "{tries} tries");
        assert!(now < MS(6700), "seen at {now:?}");
    }
}
