use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep};

/// How often it is noticed that time passes.
const TICK: Duration = Duration::from_secs(1);
/// A pause between two such moments that no busy machine makes: this process was stopped, and its time did not pass.
const JUMP: Duration = Duration::from_secs(5);

/// The time in which this process worked. What is stopped by Ctrl-Z, or with its whole machine, cannot see how its containers fare: limits
/// of time do not run on meanwhile.
#[derive(Debug)]
pub(super) struct Awake {
    seen: Mutex<Seen>,
}

#[derive(Debug)]
struct Seen {
    /// The last moment at which this process was known to work.
    last: Instant,
    /// How long it has not worked, in all.
    asleep: Duration,
}

impl Awake {
    /// Pays attention from now on, until it is dropped.
    pub(super) fn begin() -> Arc<Self> {
        let awake = Arc::new(Awake { seen: Mutex::new(Seen { last: Instant::now(), asleep: Duration::ZERO }) });
        let noticing = Arc::downgrade(&awake);
        tokio::spawn(async move {
            while let Some(awake) = noticing.upgrade() {
                awake.asleep();
                drop(awake);
                sleep(TICK).await;
            }
        });
        awake
    }

    /// How long this process did not work, in all. Whoever asks first after a pause notices it, so that nobody takes it for time that passed.
    pub(super) fn asleep(&self) -> Duration {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        let pause = now.saturating_duration_since(seen.last);
        if pause > JUMP {
            seen.asleep += pause - TICK;
        }
        seen.last = now;
        seen.asleep
    }

    /// Sleeps until this process has worked for so long.
    pub(super) async fn sleep(&self, limit: Duration) {
        let (begun, before) = (Instant::now(), self.asleep());
        let mut rest = limit;
        while !rest.is_zero() {
            sleep(rest).await;
            let worked = begun.elapsed().saturating_sub(self.asleep() - before);
            rest = limit.saturating_sub(worked);
        }
    }

    /// As [`sleep`](Awake::sleep), for ever where there is no limit.
    pub(super) async fn until(&self, limit: Option<Duration>) {
        match limit {
            Some(limit) => self.sleep(limit).await,
            None => std::future::pending().await,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const S: fn(u64) -> Duration = Duration::from_secs;

    #[tokio::test(start_paused = true)]
    async fn time_passes_as_long_as_the_process_works() {
        let (awake, begun) = (Awake::begin(), Instant::now());
        awake.sleep(S(90)).await;
        assert_eq!((begun.elapsed(), awake.asleep()), (S(90), Duration::ZERO));
    }

    #[tokio::test(start_paused = true)]
    async fn a_process_that_is_stopped_has_as_much_time_afterwards_as_before() {
        for stopped in [S(6), S(100), S(86_400)] {
            let awake = Awake::begin();
            let begun = Instant::now();
            let sleeper = async {
                awake.sleep(S(60)).await;
                begun.elapsed()
            };
            let stop = async {
                sleep(S(20)).await;
                tokio::time::advance(stopped).await;
            };
            let (took, ()) = tokio::join!(sleeper, stop);
            assert!(took >= S(60) + stopped - TICK * 2 && took <= S(60) + stopped, "{stopped:?}: {took:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_machine_that_is_busy_is_no_process_that_is_stopped() {
        let (awake, begun) = (Awake::begin(), Instant::now());
        let busy = async {
            for _ in 0..20 {
                sleep(S(1)).await;
                tokio::time::advance(S(2)).await;
            }
        };
        let ((), ()) = tokio::join!(awake.sleep(S(60)), busy);
        assert_eq!(begun.elapsed(), S(60));
    }
}
