use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, sleep, timeout_at};

use super::{Cadence, Check, Endpoint, Judge, Judgement, Look, look};
use crate::engine::{ContainerId, Engine, EngineError};
use crate::event::Attempt;
use crate::model::Healthcheck;

/// How many of the last tries are kept as evidence.
const KEPT: usize = 5;

/// What is waited for.
pub struct Await<'a> {
    /// Who has the container.
    pub engine: &'a dyn Engine,
    /// The service's container; its process is up.
    pub container: &'a ContainerId,
    /// The timings.
    pub health: &'a Healthcheck,
    /// What is tried; `health`'s test, filled.
    pub check: Check,
    /// Where the check's port is reached, for one of the network side; see [`endpoint`](super::endpoint).
    pub endpoint: Option<Endpoint>,
    /// Ports of which one must take a connection before a passed command counts; see [`to_confirm`](super::to_confirm).
    pub confirm: Vec<Endpoint>,
    /// The first line of the output that matched, once there was one; for a check of the log.
    pub line: Option<watch::Receiver<Option<String>>>,
    /// When the process came up; the budget runs from here.
    pub since: Instant,
}

/// What came of waiting.
#[derive(Debug, Clone)]
pub enum Readiness {
    /// It is ready.
    Ready,
    /// It was not, within [`Healthcheck::budget`].
    TimedOut {
        /// Since the process came up.
        waited: Duration,
        /// How many tries there were.
        tries: u32,
        /// The last of them.
        attempts: Vec<Attempt>,
    },
    /// The check's tool is not in the image.
    ToolMissing {
        /// What was tried.
        command: String,
        /// The last try.
        attempt: Attempt,
    },
    /// The engine is gone, or the container is.
    EngineFailed(EngineError),
}

/// Waits until a service is ready, at most for its budget; `tell` gets each try. Drop it to cancel: nothing is left behind.
///
/// It does not notice that the container ends: the caller knows that from the container's own exit, and races the two.
pub async fn await_ready(wanted: Await<'_>, tell: impl FnMut(&Attempt) + Send) -> Readiness {
    match &wanted.check {
        Check::None => Readiness::Ready,
        Check::Log { pattern } => await_line(wanted.health, pattern, wanted.line, wanted.since, tell).await,
        check => keep_trying(wanted.health, check, wanted.since, |timeout| try_once(&wanted, timeout), tell).await,
    }
}

/// Waits for a line of the output, and then as long as it must stay up. The one try is told when it is over.
async fn await_line(
    health: &Healthcheck,
    pattern: &str,
    line: Option<watch::Receiver<Option<String>>>,
    since: Instant,
    mut tell: impl FnMut(&Attempt) + Send,
) -> Readiness {
    let began = Instant::now();
    let seen = async {
        let mut line = line?;
        line.wait_for(Option::is_some).await.ok().and_then(|line| line.clone())
    };
    let seen = timeout_at(since + health.budget(), async {
        match seen.await {
            Some(line) => line,
            // Nobody reads the output any more: its end is told elsewhere.
            None => std::future::pending().await,
        }
    });
    let seen = seen.await;
    let (passed, output) = match seen {
        Ok(line) => (true, look::cut(&line)),
        Err(_) => (false, format!("no line of the output matched `{pattern}`")),
    };
    let attempt = Attempt { number: 1, at: began - since, took: began.elapsed(), passed, code: None, output };
    tell(&attempt);
    if !passed {
        return Readiness::TimedOut { waited: since.elapsed(), tries: 1, attempts: vec![attempt] };
    }
    sleep(health.stable.unwrap_or_default()).await;
    Readiness::Ready
}

async fn keep_trying<F>(
    health: &Healthcheck,
    check: &Check,
    since: Instant,
    mut look: impl FnMut(Duration) -> F + Send,
    mut tell: impl FnMut(&Attempt) + Send,
) -> Readiness
where
    F: Future<Output = Result<Look, EngineError>> + Send,
{
    let budget = health.budget();
    let cadence = Cadence::new(health);
    let mut judge = Judge::new(health);
    let mut attempts: Vec<Attempt> = Vec::new();
    let mut last = false;
    loop {
        let began = Instant::now();
        let left = budget.saturating_sub(began - since);
        // The first try has its whole time, even where the budget was used up before anybody looked.
        let timeout = if attempts.is_empty() { health.timeout } else { health.timeout.min(left) };
        let seen = match look(timeout).await {
            Ok(seen) => seen,
            Err(error) => return Readiness::EngineFailed(error),
        };
        let (took, waited) = (began.elapsed(), since.elapsed());
        let judgement = judge.weigh(&seen, waited);
        let attempt = Attempt {
            number: judge.tries(),
            at: began - since,
            took,
            passed: seen.passed,
            code: seen.code,
            output: seen.output,
        };
        tell(&attempt);
        if attempts.len() == KEPT {
            attempts.remove(0);
        }
        attempts.push(attempt.clone());
        let pause = match judgement {
            Judgement::Ready => return Readiness::Ready,
            Judgement::ToolMissing => return missing(check, attempt),
            Judgement::Passing => cadence.after_pass(waited, took),
            Judgement::NotYet => cadence.after_failure(waited, took),
        };
        let left = budget.saturating_sub(waited);
        if last || left.is_zero() {
            return if seen.tool_missing {
                missing(check, attempt)
            } else {
                Readiness::TimedOut { waited, tries: judge.tries(), attempts }
            };
        }
        // The last try begins early enough to end within the budget.
        last = left <= pause + took * 2;
        sleep(if last { left.saturating_sub(took * 2) } else { pause }).await;
    }
}

fn missing(check: &Check, attempt: Attempt) -> Readiness {
    Readiness::ToolMissing { command: check.title(), attempt }
}

async fn try_once(wanted: &Await<'_>, timeout: Duration) -> Result<Look, EngineError> {
    let Check::Command(words) = &wanted.check else {
        return Ok(look::at_network(&wanted.check, wanted.endpoint, timeout).await);
    };
    let seen = look::at_command(wanted.engine, wanted.container, words, timeout).await?;
    if !seen.passed || wanted.confirm.is_empty() {
        return Ok(seen);
    }
    for endpoint in &wanted.confirm {
        if look::at_port(*endpoint, timeout).await.passed {
            return Ok(seen);
        }
    }
    let ports: Vec<String> = wanted.confirm.iter().map(|endpoint| endpoint.port.to_string()).collect();
    let output = format!("the check passed, and nobody listens at port {} yet", ports.join(" or "));
    Ok(Look { passed: false, output, ..seen })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::fake::{Fake, Script};
    use crate::engine::{ContainerSpec, ErrorKind, HealthSpec};
    use crate::model::{HealthTest, Text, Values};
    use crate::probe::readiness::check::tests::health;
    use crate::source::Span;

    const MS: fn(u64) -> Duration = Duration::from_millis;

    /// Waits, in virtual time, for a service whose check takes 50 ms and says what `says` says of the time.
    async fn waited(
        health: &Healthcheck,
        says: impl Fn(Duration) -> Look + Send + Sync,
    ) -> (Readiness, Duration, Vec<Attempt>) {
        let since = Instant::now();
        let mut told = Vec::new();
        let says = &says;
        let look = |timeout: Duration| async move {
            let seen = says(since.elapsed());
            tokio::time::sleep(MS(50).min(timeout)).await;
            Ok(seen)
        };
        let check = Check::Command(vec!["ping".to_owned()]);
        let readiness = keep_trying(health, &check, since, look, |attempt| told.push(attempt.clone())).await;
        (readiness, since.elapsed(), told)
    }

    fn from(ready: Duration) -> impl Fn(Duration) -> Look + Send + Sync {
        move |at| Look { passed: at >= ready, code: Some(i64::from(at < ready)), ..Look::default() }
    }

    #[tokio::test(start_paused = true)]
    async fn the_first_try_is_at_once() {
        let (readiness, took, told) = waited(&health("ping", MS(30_000)), from(MS(0))).await;
        assert!(matches!(readiness, Readiness::Ready));
        assert_eq!((took, told.len()), (MS(50), 1));
        assert_eq!((told[0].number, told[0].at, told[0].took, told[0].code), (1, MS(0), MS(50), Some(0)));
    }

    #[tokio::test(start_paused = true)]
    async fn readiness_is_seen_long_before_the_interval() {
        let (readiness, took, told) = waited(&health("ping", MS(30_000)), from(MS(800))).await;
        assert!(matches!(readiness, Readiness::Ready));
        assert!(took < MS(950), "took {took:?}");
        assert!(told.len() < 12, "{} tries", told.len());
    }

    #[tokio::test(start_paused = true)]
    async fn the_budget_is_time_and_ends_with_one_last_try() {
        let mut health = health("ping", MS(1000));
        health.timeout = MS(1000);
        let (readiness, took, told) = waited(&health, |_| Look { code: Some(1), ..Look::default() }).await;
        let Readiness::TimedOut { waited, tries, attempts } = readiness else { panic!("{readiness:?}") };
        assert_eq!(health.budget(), MS(6000));
        assert!(took <= MS(6000) && took >= MS(5800), "took {took:?}");
        assert_eq!((waited, tries as usize), (took, told.len()));
        assert_eq!(attempts, told[told.len() - KEPT..]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_budget_that_is_used_up_allows_one_try() {
        let health = health("ping", MS(1000));
        let since = Instant::now();
        tokio::time::sleep(health.budget() * 2).await;
        let look = |_| async { Ok(Look { passed: true, ..Look::default() }) };
        let readiness = keep_trying(&health, &Check::Command(vec![]), since, look, |_| {}).await;
        assert!(matches!(readiness, Readiness::Ready));
    }

    #[tokio::test(start_paused = true)]
    async fn stability_is_awaited_and_costs_few_tries() {
        let mut health = health("ping", MS(3000));
        health.stable = Some(MS(1000));
        health.successes = 2;
        let (readiness, took, told) = waited(&health, from(MS(0))).await;
        assert!(matches!(readiness, Readiness::Ready));
        assert!(took >= MS(1050) && took < MS(1400), "took {took:?}");
        assert!(told.len() <= 6, "{} tries", told.len());
    }

    #[tokio::test(start_paused = true)]
    async fn a_missing_tool_is_told_soon() {
        let look = |_| Look { code: Some(127), tool_missing: true, ..Look::default() };
        let (readiness, took, _) = waited(&health("ping", MS(1000)), look).await;
        let Readiness::ToolMissing { command, attempt } = readiness else { panic!("{readiness:?}") };
        assert_eq!((command.as_str(), attempt.code), ("ping", Some(127)));
        assert!(took >= MS(3000) && took < MS(3500), "took {took:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn an_engine_that_is_gone_ends_the_wait() {
        let error = || EngineError::new(ErrorKind::Unreachable(Vec::new()), "exec", "connection refused");
        let look = |_| async { Err(error()) };
        let health = health("ping", MS(1000));
        let readiness = keep_trying(&health, &Check::Command(vec![]), Instant::now(), look, |_| {}).await;
        assert!(matches!(readiness, Readiness::EngineFailed(_)));
    }

    async fn service(script: Script) -> (Fake, ContainerId) {
        let fake = Fake::new();
        let image = fake.with_image("db:1");
        fake.on("db", script);
        let spec = ContainerSpec {
            name: "db".to_owned(),
            image,
            entrypoint: None,
            command: None,
            env: vec![],
            workdir: None,
            user: None,
            hostname: None,
            networks: vec![],
            mounts: vec![],
            ports: vec![],
            init: false,
            read_only: false,
            stop_signal: None,
            health: HealthSpec::None,
            labels: vec![],
            ..ContainerSpec::default()
        };
        let container = fake.create_container(spec).await.expect("a container");
        let (output, _) = tokio::sync::mpsc::channel(1);
        fake.start(&container, output).await.expect("a process");
        (fake, container)
    }

    fn wanted<'a>(fake: &'a Fake, container: &'a ContainerId, health: &'a Healthcheck) -> Await<'a> {
        let check = Check::fill(&health.test, &Values::default()).expect("no holes");
        Await {
            engine: fake,
            container,
            health,
            check,
            endpoint: None,
            confirm: vec![],
            line: None,
            since: Instant::now(),
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_command_is_run_in_the_container() {
        let (fake, container) = service(Script::runs().ready_after(MS(3000))).await;
        let health = health("ping", MS(1000));
        let mut told = Vec::new();
        let readiness = await_ready(wanted(&fake, &container, &health), |attempt| told.push(attempt.clone())).await;
        assert!(matches!(readiness, Readiness::Ready));
        assert_eq!((told[0].code, told[0].output.as_str()), (Some(1), "not ready"));
        assert!(told.last().is_some_and(|last| last.passed && last.at >= MS(3000) && last.at < MS(3400)), "{told:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_container_that_ended_is_not_ready_and_no_fault_of_the_engine() {
        let (fake, container) = service(Script::exits(1)).await;
        tokio::time::sleep(MS(1)).await;
        let health = health("ping", MS(100));
        let readiness = await_ready(wanted(&fake, &container, &health), |_| {}).await;
        assert!(matches!(readiness, Readiness::TimedOut { .. }), "{readiness:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_line_of_the_output_is_ready_at_once_or_when_it_was_stable() {
        let mut health = health("", MS(1000));
        health.test = HealthTest::Log { pattern: Text::literal("up", Span::default()) };
        let (fake, container) = service(Script::runs()).await;
        for stable in [None, Some(MS(700))] {
            health.stable = stable;
            let (said, line) = watch::channel(None);
            let wanted = Await { line: Some(line), ..wanted(&fake, &container, &health) };
            let begin = Instant::now();
            let mut told = Vec::new();
            let (readiness, ()) = tokio::join!(await_ready(wanted, |attempt| told.push(attempt.clone())), async {
                tokio::time::sleep(MS(1234)).await;
                said.send_replace(Some("it is up".to_owned()));
            });
            assert!(matches!(readiness, Readiness::Ready));
            assert_eq!(begin.elapsed(), MS(1234) + stable.unwrap_or_default());
            assert_eq!((told[0].passed, told[0].output.as_str()), (true, "it is up"));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_line_that_never_comes_uses_up_the_budget() {
        let mut health = health("", MS(1000));
        health.test = HealthTest::Log { pattern: Text::literal("up", Span::default()) };
        let (fake, container) = service(Script::runs()).await;
        let (_said, line) = watch::channel(None);
        let wanted = Await { line: Some(line), ..wanted(&fake, &container, &health) };
        let readiness = await_ready(wanted, |_| {}).await;
        let Readiness::TimedOut { waited, attempts, .. } = readiness else { panic!("{readiness:?}") };
        assert_eq!((waited, attempts[0].output.as_str()), (health.budget(), "no line of the output matched `up`"));
    }

    #[tokio::test]
    async fn a_command_that_passes_is_confirmed_from_the_network_side() {
        let (fake, container) = service(Script::runs()).await;
        let health = health("ping", MS(100));
        let address = crate::probe::http::server::nobody().await;
        let mut wanted = wanted(&fake, &container, &health);
        wanted.confirm = vec![Endpoint { address, port: 3306, published: false }];
        let (said, mut heard) = tokio::sync::mpsc::unbounded_channel();
        let tell = move |attempt: &Attempt| said.send(attempt.clone()).expect("somebody listens");
        let (readiness, first) = tokio::join!(await_ready(wanted, tell), async {
            let first = heard.recv().await.expect("a try");
            let listener = tokio::net::TcpListener::bind(address).await.expect("still free");
            listener.accept().await.expect("a connection");
            first
        });
        assert!(matches!(readiness, Readiness::Ready));
        let said = "the check passed, and nobody listens at port 3306 yet";
        assert_eq!((first.passed, first.code, first.output.as_str()), (false, Some(0), said));
    }
}
