use std::sync::{Arc, Mutex, PoisonError};

use super::stage::to_its_end;
use crate::engine::Exit;
use crate::event::{Event, Failure, TestCase};
use crate::model::BatsFile;
use crate::probe::tap::{Tap, TapVerdict};
use crate::run::end::Done;
use crate::run::output::Pump;
use crate::run::session::Task;

/// Starts the container of a bats file and tells each test as it ends.
pub(super) async fn run(task: &Task, file: &BatsFile) -> Done {
    let node = task.step().node;
    let tail = task.facts.tail(node);
    let tap = Arc::new(Mutex::new(Some(Tap::new(Some(task.node().name.clone())))));
    let reading = tap.clone();
    let told = move |cases: Vec<TestCase>| -> Vec<Event> {
        cases.into_iter().map(|case| Event::Tested { node, case }).collect()
    };
    let read = move |line: &str| {
        let mut tap = reading.lock().unwrap_or_else(PoisonError::into_inner);
        told(tap.as_mut().map(|tap| tap.line(line)).unwrap_or_default())
    };
    let (output, pump) = Pump::with_reader(task, read);
    let limit = file.container.timeout.as_ref().map(|limit| limit.value);
    let ended = to_its_end(task, output, pump, &file.container.stop, limit).await;

    let whole = tap.lock().unwrap_or_else(PoisonError::into_inner).take();
    let Some((rest, verdict)) = whole.map(Tap::finish) else { return ended.map(drop) };
    for case in rest {
        task.teller.tell(Event::Tested { node, case }).await;
    }
    judge(ended?, verdict, tail.lines())
}

/// Both the tool's exit code and what it told must say that all is well.
fn judge(exit: Exit, verdict: TapVerdict, mut log: Vec<String>) -> Done {
    let Exit { code, oom_killed } = exit;
    let TapVerdict { total, failed, .. } = verdict;
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
    if total == 0 {
        return Err(Failure::NoTests { log }.into());
    }
    match verdict.problem {
        None => Ok(()),
        Some(problem) => {
            log.push(problem.to_string());
            Err(Failure::TestsFailed { failed: 0, total, log }.into())
        }
    }
}
