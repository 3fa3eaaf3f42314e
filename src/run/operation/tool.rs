use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::stage::to_its_end;
use crate::engine::Exit;
use crate::event::{Event, Failure, TestCase};
use crate::model::{BatsFile, Container, ForeignTests};
use crate::probe::tap::{Tap, TapProblem, TapVerdict};
use crate::run::end::{Done, End};
use crate::run::output::Pump;
use crate::run::session::Task;

/// Starts the container of a bats file and tells each test as it ends.
pub(super) async fn run_bats(task: &Task, file: &BatsFile) -> Done {
    let limit = file.container.timeout.as_ref().map(|limit| limit.value);
    let (exit, verdict) = hear(task, &file.container, limit).await?;
    judge(task, exit, verdict, false)
}

/// Starts the container of tests in another tool and tells each test as it ends. One that writes no TAP is believed by its exit code,
/// where its reports are collected.
pub(super) async fn run(task: &Task, tests: &ForeignTests) -> Done {
    let limit = tests.container.timeout.as_ref().map(|limit| limit.value);
    let (exit, verdict) = hear(task, &tests.container, limit).await?;
    let reports = tests.artifacts.iter().any(|artifact| artifact.report.is_some());
    judge(task, exit, verdict, reports)?;
    task.facts.passes(task.step().node);
    Ok(())
}

/// Runs the container to its end; how that was, and what its standard output came to as TAP.
async fn hear(task: &Task, container: &Container, limit: Option<Duration>) -> Done<(Exit, TapVerdict)> {
    let node = task.step().node;
    let tap = Arc::new(Mutex::new(Some(Tap::new(Some(task.node().name.clone())))));
    let reading = tap.clone();
    let session = task.session.clone();
    let told = move |cases: Vec<TestCase>| -> Vec<Event> {
        cases.iter().for_each(|case| session.noticed(case));
        cases.into_iter().map(|case| Event::Tested { node, case }).collect()
    };
    let tell = told.clone();
    let read = move |line: &str| {
        let mut tap = reading.lock().unwrap_or_else(PoisonError::into_inner);
        tell(tap.as_mut().map(|tap| tap.line(line)).unwrap_or_default())
    };
    let (output, pump) = Pump::with_reader(task, read);
    let ended = to_its_end(task, output, pump, &container.stop, limit, task.failures.are_enough()).await;

    let whole = tap.lock().unwrap_or_else(PoisonError::into_inner).take();
    let (rest, verdict) = whole.map(Tap::finish).unwrap_or_default();
    for event in told(rest) {
        task.teller.tell(event).await;
    }
    match ended {
        // Enough tests have failed; where they were of this tool, that is what it came to.
        Err(End::Cancelled) if !task.cancel.is_requested() && verdict.failed > 0 => {
            Ok((Exit { code: 0, oom_killed: false }, verdict))
        }
        ended => Ok((ended?, verdict)),
    }
}

/// Both the tool's exit code and what it told must say that all is well.
fn judge(task: &Task, exit: Exit, verdict: TapVerdict, reports: bool) -> Done {
    let mut log = task.facts.tail(task.step().node).lines();
    let TapVerdict { total, failed, .. } = verdict;
    let Exit { code, oom_killed } = exit;
    if failed > 0 {
        return Err(Failure::TestsFailed { failed, total, log }.into());
    }
    if code != 0 {
        return Err(Failure::StageFailed { code, oom_killed, log, dead: Vec::new(), unwell: Vec::new() }.into());
    }
    // A worker may be gone with its tests, and nobody else would tell.
    if oom_killed {
        return Err(Failure::OutOfMemory { code, log }.into());
    }
    match verdict.problem {
        None => Ok(()),
        Some(TapProblem::NoTests(_)) if reports => Ok(()),
        Some(TapProblem::NoTests(_)) => Err(Failure::NoTests { log }.into()),
        Some(problem) => {
            log.push(problem.to_string());
            Err(Failure::TestsFailed { failed: 0, total, log }.into())
        }
    }
}
