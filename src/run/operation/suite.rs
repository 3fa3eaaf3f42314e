use std::time::Duration;

use tokio::sync::mpsc;

use super::action::Hands;
use super::site::{Ground, lost};
use super::unwell;
use crate::event::{Event, Failure, TestCase};
use crate::model::Acceptance;
use crate::probe::http::{Connections, parse_url};
use crate::probe::{Halt, Halted, Part, Ran, References, Suite, run_suite};
use crate::run::end::{Done, End};
use crate::run::session::Task;

/// How long tests may still take that are under way when a service dies which they need.
const LAST_WORDS: Duration = Duration::from_secs(3);

/// Runs the tests of an acceptance; all of it, where no tests in other tools stand between what is before and after all of them.
pub(super) async fn run(task: &Task, acceptance: &Acceptance) -> Done {
    let part = if acceptance.surrounds_tools() { Part::Tests } else { Part::Whole };
    run_part(task, acceptance, part).await
}

/// Runs what is before all tests.
pub(super) async fn begin(task: &Task, acceptance: &Acceptance) -> Done {
    run_part(task, acceptance, Part::BeforeAll).await
}

/// Runs what is after all tests.
pub(super) async fn end(task: &Task, acceptance: &Acceptance) -> Done {
    run_part(task, acceptance, Part::AfterAll).await
}

async fn run_part(task: &Task, acceptance: &Acceptance, part: Part) -> Done {
    if let Some(target) = acceptance.target.as_ref().filter(|_| part != Part::AfterAll) {
        let name = &target.service.value;
        let address = task.reach(name, target.port).ok_or_else(|| Failure::CannotStart {
            message: format!("port {} of `{name}` cannot be reached from here", target.port),
        })?;
        parse_url(&format!("http://{address}"), None)
            .map_err(|error| Failure::CannotStart { message: format!("`http://{address}` is no URL: {error}") })?;
    }
    let base = || {
        let target = acceptance.target.as_ref()?;
        let address = task.reach(&target.service.value, target.port)?;
        parse_url(&format!("http://{address}"), None).ok()
    };
    let mask = |text: &str| task.teller.masker().text(text);
    let site = Ground::of(task);
    let hands = Hands::of(task);
    let enough = || task.failures.enough();
    if enough().is_some() && part != Part::AfterAll {
        return Err(End::Cancelled);
    }
    let limit = acceptance.timeout;
    let heeding = task.clone();
    let halt = Halt::when(async move {
        let out_of_time = async {
            match limit {
                Some(limit) => {
                    heeding.teller.awake().sleep(limit.value).await;
                    Halted::OutOfTime(limit)
                }
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            _ = heeding.cancel.requested() => {
                // What was asked of a service when it died tells of that best.
                if lost(&heeding).is_some() {
                    tokio::time::sleep(LAST_WORDS).await;
                }
                Halted::BrokenOff
            }
            halted = out_of_time => halted,
        }
    });
    let suite = Suite {
        acceptance,
        base: &base,
        scope: &*task.session,
        directory: &task.options.root,
        enough: &enough,
        references: References::read(acceptance, &task.options.root, task.options.update_snapshots).await,
        connections: Connections::default(),
        mask: &mask,
        site: &site,
        actor: &hands,
        part,
        known: task.facts.captured(task.step().node),
        halt: halt.clone(),
    };

    // Room for all of them: not one is lost, and no test waits for those who listen.
    let (ended, seen) = mpsc::channel(acceptance.cases() + 2);
    let session = task.session.clone();
    let tests = run_suite(suite, move |case| {
        session.noticed(&case);
        let _ = ended.try_send(case);
    });
    let ended = tokio::select! {
        (ran, ()) = async { tokio::join!(tests, tell(task, seen)) } => Ok(ran),
        failure = site.broken() => Err(failure.into()),
        () = task.cancel.killed() => Err(End::Cancelled),
    };
    site.settle().await;
    if task.cancel.is_requested() {
        return Err(End::Cancelled);
    }
    match (halt.so_far(), ended?) {
        (Some(Halted::BrokenOff), _) => Err(End::Cancelled),
        (Some(Halted::OutOfTime(limit)), _) => Err(Failure::TimedOut { limit: limit.value, log: Vec::new() }.into()),
        (None, Ok(Ran { failed: 0, captured })) => {
            task.facts.captures(task.step().node, captured);
            Ok(())
        }
        (None, Ok(Ran { failed, captured })) => {
            task.facts.captures(task.step().node, captured);
            unwell::tell(task).await;
            let target = acceptance.target.as_ref().and_then(|target| task.index.service(&target.service.value));
            let log = target.map(|(node, _)| task.facts.tail(node).lines()).unwrap_or_default();
            let total = if matches!(part, Part::Whole | Part::Tests) { acceptance.cases() } else { failed };
            Err(Failure::TestsFailed { failed, total, log }.into())
        }
        (None, Err(_)) => Err(Failure::NoTests { log: Vec::new() }.into()),
    }
}

async fn tell(task: &Task, mut cases: mpsc::Receiver<TestCase>) {
    while let Some(case) = cases.recv().await {
        task.teller.tell(Event::Tested { node: task.step().node, case }).await;
    }
}
