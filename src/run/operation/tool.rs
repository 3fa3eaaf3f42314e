use std::time::Duration;

use super::bats_text::BatsText;
use super::stage::{not_whole, to_its_end};
use super::told_tests::ToldTests;
use crate::engine::Exit;
use crate::event::Failure;
use crate::model::{BatsFile, Container, ForeignTests};
use crate::probe::tap::{TapProblem, TapVerdict};
use crate::run::end::{Done, End};
use crate::run::output::Pump;
use crate::run::session::Task;

/// Starts the container of a bats file and tells each test as it ends.
pub(super) async fn run_bats(task: &Task, file: &BatsFile) -> Done {
    let limit = file.container.timeout.as_ref().map(|limit| limit.value);
    let name = &file.file.value;
    let tests = ToldTests::of(task, false).showing(BatsText::read(name, &task.path(name)));
    let (exit, verdict) = hear(task, tests, &file.container, limit).await?;
    judge(task, exit, verdict, false)
}

/// Starts the container of tests in another tool and tells each test as it ends. One that writes no TAP is believed by its exit code,
/// where its reports are collected.
pub(super) async fn run(task: &Task, tests: &ForeignTests) -> Done {
    let limit = tests.container.timeout.as_ref().map(|limit| limit.value);
    let (exit, verdict) = hear(task, ToldTests::of(task, false), &tests.container, limit).await?;
    let reports = tests.artifacts.iter().any(|artifact| artifact.report.is_some());
    judge(task, exit, verdict, reports)?;
    task.facts.passes(task.step().node);
    Ok(())
}

/// Runs the container to its end; how that was, and what its standard output came to as TAP.
async fn hear(
    task: &Task,
    tests: ToldTests,
    container: &Container,
    limit: Option<Duration>,
) -> Done<(Exit, TapVerdict)> {
    let (output, pump) = Pump::with_reader(task, tests.reader());
    let ended = to_its_end(task, output, pump, &container.stop, limit, task.failures.are_enough()).await;
    let verdict = tests.finish().await;
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
    let log = task.facts.tail(task.step().node).lines();
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
        Some(problem) => Err(not_whole(problem, total, log).into()),
    }
}
