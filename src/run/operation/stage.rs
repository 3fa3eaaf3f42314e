use std::time::Duration;

use super::ending::{bring_to_end, cannot_start, last_breath};
use super::told_tests::ToldTests;
use super::{create, input, remove, unwell};
use crate::engine::{ContainerStatus, Exit};
use crate::event::{Event, Failure};
use crate::model::{Oom, OutputReport, Retry, Stage, Stop};
use crate::plan::NodeId;
use crate::probe::tap::{TapProblem, TapVerdict};
use crate::run::end::{Done, End};
use crate::run::output::Pump;
use crate::run::scheduler::CancelHow;
use crate::run::session::Task;

/// How long the news of a service's end may take, once the engine says that it has ended.
const NEWS: Duration = Duration::from_secs(2);

/// Runs a stage to its end; its exit code decides. Where its author asks for that, it is run again after a failure.
pub(super) async fn run(task: &Task, stage: &Stage) -> Done {
    let node = task.step().node;
    let mut attempt = 1;
    loop {
        let retry = stage.retry.as_ref().filter(|retry| attempt <= retry.times);
        let tests = stage.report.map(|OutputReport::Tap| ToldTests::of(task, retry.is_some()));
        let mut exit = None;
        let ended = once(task, stage, tests.as_ref(), &mut exit).await;
        let retry = match &ended {
            Err(End::Failed(failure)) => retry.filter(|retry| again(retry, failure, exit)),
            _ => None,
        };
        let (failure, retry) = match (ended, retry) {
            (Err(End::Failed(failure)), Some(retry)) => (failure, retry),
            (ended, _) => {
                if let Some(tests) = tests {
                    tests.count().await;
                }
                return ended;
            }
        };
        let (of, pause) = (retry.times + 1, retry.pause(attempt));
        task.teller.tell(Event::Retrying { node, attempt, of, failure, pause }).await;
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            _ = task.cancel.requested() => return Err(End::Cancelled),
        }
        // Nothing of the attempt that failed is left for the next one but what it wrote into volumes.
        remove::container(task).await?;
        task.facts.container_is_gone(node);
        task.facts.tail(node).clear();
        create::stage(task, stage).await?;
        attempt += 1;
    }
}

/// Whether a stage is run again after a failure. One that lost a service that it needs would lose it again.
fn again(retry: &Retry, failure: &Failure, exit: Option<Exit>) -> bool {
    match failure {
        Failure::TestsFailed { .. } | Failure::NoTests { .. } => {
            exit.is_some_and(|exit| retry.after_exit(exit.code, exit.oom_killed))
        }
        Failure::StageFailed { code, oom_killed, dead, .. } => dead.is_empty() && retry.after_exit(*code, *oom_killed),
        Failure::OutOfMemory { code, .. } => retry.after_exit(*code, true),
        Failure::TimedOut { .. } => retry.after_timeout(),
        _ => false,
    }
}

/// One attempt: starts the stage's container and waits for its end, how that was and what came of its tests.
async fn once(task: &Task, stage: &Stage, tests: Option<&ToldTests>, ended: &mut Option<Exit>) -> Done {
    let Some(container) = &stage.container else { return Ok(()) };
    input::copy_in(task, stage).await?;
    let limit = container.timeout.as_ref().map(|limit| limit.value);
    let node = task.step().node;
    let (output, pump) = match tests {
        Some(tests) => Pump::with_reader(task, tests.reader()),
        None => Pump::new(task),
    };
    let enough = async {
        match tests {
            Some(_) => task.failures.are_enough().await,
            None => std::future::pending().await,
        }
    };
    let end = to_its_end(task, output, pump, &container.stop, limit, enough).await;
    let verdict = match tests {
        Some(tests) => Some(tests.finish().await),
        None => None,
    };
    *ended = end.as_ref().ok().copied();
    let tests_count = match &end {
        Ok(_) => true,
        // Enough tests have failed; where they were of this stage, that is what it came to.
        Err(End::Cancelled) => !task.cancel.is_requested(),
        Err(_) => false,
    };
    if let Some(TapVerdict { total, failed: failed @ 1.., .. }) = verdict.as_ref().filter(|_| tests_count) {
        unwell::tell(task).await;
        let log = task.facts.tail(node).lines();
        return Err(Failure::TestsFailed { failed: *failed, total: *total, log }.into());
    }
    let exit = end?;
    if !stage.expect_exit.contains(&exit.code) {
        let dead = dead_services(task).await;
        let unwell = if dead.is_empty() { unwell::services(task).await } else { Vec::new() };
        let log = task.facts.tail(node).lines();
        return Err(Failure::StageFailed { code: exit.code, oom_killed: exit.oom_killed, log, dead, unwell }.into());
    }
    if exit.oom_killed && stage.oom == Oom::Fail {
        return Err(Failure::OutOfMemory { code: exit.code, log: task.facts.tail(node).lines() }.into());
    }
    if let Some(TapVerdict { total, problem: Some(problem), .. }) = verdict {
        return Err(not_whole(problem, total, task.facts.tail(node).lines()).into());
    }
    task.facts.passes(node);
    if exit.oom_killed {
        let message = format!(
            "a process of `{}` was killed for want of memory, though it exited {}",
            stage.name.value, exit.code
        );
        task.warn(message).await;
    }
    Ok(())
}

/// Why a report of tests that tells of no failure passes nothing all the same.
pub(super) fn not_whole(problem: TapProblem, total: usize, mut log: Vec<String>) -> Failure {
    match problem {
        TapProblem::NoTests(_) => Failure::NoTests { log },
        problem => {
            log.push(problem.to_string());
            Failure::TestsFailed { failed: 0, total, log }
        }
    }
}

/// Runs the node's container to its end, unless it is told to break off, runs out of time, or there is `enough` of it.
pub(super) async fn to_its_end(
    task: &Task,
    output: tokio::sync::mpsc::Sender<crate::engine::Chunk>,
    pump: Pump,
    stop: &Stop,
    limit: Option<Duration>,
    enough: impl Future<Output = ()>,
) -> Done<Exit> {
    if task.cancel.is_requested() {
        return Err(End::Cancelled);
    }
    let container = task.container()?;
    let through = task.to_begin().await?;
    let running = task.engine.start(&container, output).await.map_err(cannot_start)?;
    drop(through);
    let mut exit = running.exit;
    let (end, how) = tokio::select! {
        exit = &mut exit => {
            pump.drained().await;
            return Ok(exit?);
        }
        how = task.cancel.requested() => (None, how),
        () = task.teller.awake().until(limit) => (limit, CancelHow::Gracefully),
        () = enough => (None, CancelHow::Gracefully),
    };
    bring_to_end(task, &container, stop, how).await?;
    last_breath(task, exit, pump).await;
    match end {
        Some(limit) => Err(Failure::TimedOut { limit, log: task.facts.tail(task.step().node).lines() }.into()),
        None => Err(End::Cancelled),
    }
}

/// Services that the step needs and that have ended: the likely cause of its failure, told with it.
async fn dead_services(task: &Task) -> Vec<(String, i64, Vec<String>)> {
    let mut dead = Vec::new();
    for &service in &task.step().uses {
        if let Some(code) = exit_code(task, service).await {
            let name = task.plan.node(service).name.clone();
            dead.push((name, code, task.facts.tail(service).lines()));
        }
    }
    dead
}

async fn exit_code(task: &Task, service: NodeId) -> Option<i64> {
    let container = task.facts.container(service)?;
    let state = task.engine.inspect(&container).await.ok()?;
    if !matches!(state.status, ContainerStatus::Exited | ContainerStatus::Dead) {
        return None;
    }
    // The service is the cause: its end is to be known before this step's.
    if let Some(up) = task.facts.service(service) {
        let _ = tokio::time::timeout(NEWS, up.ended()).await;
    }
    Some(state.exit_code)
}
