use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::timeout;

use super::image_check;
use super::start::{exited, not_up};
use crate::event::{Attempt, Event, Failure};
use crate::model::{Healthcheck, Service};
use crate::probe::readiness::{self, Endpoint};
use crate::probe::{Await, Check, Readiness, await_ready};
use crate::run::end::{Done, End, engine_failure};
use crate::run::facts::{Ended, Up};
use crate::run::session::Task;

/// How many tries wait to be told; one that finds no room is not told, since the next one says as much.
const TRIES: usize = 64;

/// How many of the last tries are shown with a service that ended.
const SHOWN: usize = 5;

/// How long the news of a service's end may take once a check has found the engine unwilling.
const NEWS: Duration = Duration::from_secs(1);

/// Waits until a service is ready. One that ends meanwhile will never be, and fails at once; one that is started again is looked at
/// anew, in the time that is left.
pub(super) async fn ready(task: &Task, service: &Service, healthcheck: &Healthcheck) -> Done {
    let awake = task.teller.awake();
    let asleep = awake.asleep();
    loop {
        let mut up = task.facts.service(task.step().node).ok_or_else(|| not_up(&task.node().name))?;
        let lost = awake.asleep() - asleep;
        // Nobody could see it be ready while this process did not work.
        up.since += lost;
        tokio::select! {
            biased;
            done = ready_this_time(task, service, healthcheck, &up) => match done {
                Err(End::Failed(failure)) if matches!(*failure, Failure::NotReady { .. }) && awake.asleep() - asleep > lost => {}
                done => return done,
            },
            () = up.is_outdated() => {}
        }
    }
}

async fn ready_this_time(task: &Task, service: &Service, healthcheck: &Healthcheck, up: &Up) -> Done {
    let node = task.step().node;
    let container = task.container()?;
    let healthcheck = &image_check::in_place_of(task, service, healthcheck)?;
    let check = Check::fill(&healthcheck.test, &*task.session)
        .map_err(|hole| Failure::CannotStart { message: format!("`{{{{{hole}}}}}` has no value yet") })?;
    let endpoint = check.port().and_then(|port| readiness::endpoint(&task.info, &up.state, port));
    let confirm = confirm(task, service, healthcheck, up)?;
    let wanted = Await {
        engine: &*task.engine,
        container: &container,
        health: healthcheck,
        check,
        endpoint,
        confirm,
        line: up.line.clone(),
        since: up.since,
    };

    let (tries, told) = mpsc::channel(TRIES);
    let waiting = await_ready(wanted, move |attempt| {
        let _ = tries.try_send(attempt.clone());
    });
    let mut attempts = Vec::new();
    let waiting = async { tokio::join!(waiting, tell(task, up, healthcheck.budget(), told, &mut attempts)).0 };
    let readiness = tokio::select! {
        biased;
        ended = up.ended() => Err(ended),
        readiness = waiting => Ok(readiness),
        _ = task.cancel.requested() => return Err(End::Cancelled),
    };
    match readiness {
        Ok(Readiness::Ready) => {
            task.facts.service_is_ready(node, up.since.elapsed());
            Ok(())
        }
        Ok(Readiness::TimedOut { waited, tries, attempts }) => {
            let log = task.facts.tail(node).lines();
            Err(Failure::NotReady { waited, tries, attempts, log }.into())
        }
        Ok(Readiness::ToolMissing { command, attempt }) => Err(Failure::ProbeToolMissing { command, attempt }.into()),
        // The engine refuses to look into a container that has just ended: then that is the news.
        Ok(Readiness::EngineFailed(error)) => match timeout(NEWS, up.ended()).await {
            Ok(ended) => Err(ended_early(task, ended, attempts)),
            Err(_) => Err(engine_failure(error).into()),
        },
        Err(ended) => Err(ended_early(task, ended, attempts)),
    }
}

/// Ports of which one must take a connection before a passed command counts, as far as they are reached from here.
fn confirm(task: &Task, service: &Service, healthcheck: &Healthcheck, up: &Up) -> Done<Vec<Endpoint>> {
    let image = task.image_of(&service.container)?;
    let ports = readiness::to_confirm(healthcheck, service, &image);
    Ok(ports.into_iter().filter_map(|port| readiness::endpoint(&task.info, &up.state, port)).collect())
}

async fn tell(task: &Task, up: &Up, budget: Duration, mut tries: mpsc::Receiver<Attempt>, kept: &mut Vec<Attempt>) {
    let deadline = task.teller.moment(up.since) + budget;
    while let Some(attempt) = tries.recv().await {
        if kept.len() == SHOWN {
            kept.remove(0);
        }
        kept.push(attempt.clone());
        task.teller.tell(Event::Probed { node: task.step().node, attempt, deadline }).await;
    }
}

fn ended_early(task: &Task, ended: Ended, tries: Vec<Attempt>) -> End {
    match ended {
        Ok(exit) => {
            let mut failure = exited(&task.session, task.step().node, exit, false);
            if let Failure::ServiceExited { attempts, .. } = &mut failure {
                *attempts = tries;
            }
            failure.into()
        }
        Err(failure) => End::Failed(failure),
    }
}
