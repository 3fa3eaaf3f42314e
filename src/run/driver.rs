use std::collections::{HashMap, VecDeque};
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use tokio::sync::{mpsc, watch};
use tokio::task::{JoinHandle, JoinSet};

use super::cancel::Cancel;
use super::contact::tell_contact;
use super::doorway::Doorway;
use super::end::{End, engine_failure};
use super::facts::Facts;
use super::failures::Failures;
use super::index::Index;
use super::ledger::Ledger;
use super::operation;
use super::output::{Evidence, Logs, Masker};
use super::preflight::taken_ports;
use super::scheduler::{CancelHow, Effect, Input, Limits, Scheduler};
use super::session::{Session, Task};
use super::summary::summary;
use super::sweep::sweep;
use super::teller::Teller;
use super::turnstiles::Turnstiles;
use super::{Control, Options, turn};
use crate::engine::{Engine, EngineInfo};
use crate::event::{EngineTrouble, Event, Failure, Moment, Outcome, Stamped, StepOutcome, Verdict};
use crate::plan::{Plan, StepId};

/// How many ends of steps may wait to be handled.
const INPUTS: usize = 256;

/// How long those who listen may take for the last events of a run that is left at once.
const PARTING: Duration = Duration::from_millis(200);
/// How long they may take for the last events of a run that was interrupted and has taken everything back.
const FAREWELL: Duration = Duration::from_secs(2);
/// How long what is done beside a run may take beyond its end.
const BESIDE: Duration = Duration::from_secs(2);

/// Performs a plan on an engine, from its first step to the last of its tear-down, and answers what it came to. Everything that
/// happens is told to `events` as it happens.
///
/// Do not drop it while it works: what it made would be left. To end it, send a signal through `control`.
pub async fn run(
    plan: Arc<Plan>,
    engine: Arc<dyn Engine>,
    options: Options,
    control: Control,
    events: mpsc::Sender<Stamped>,
) -> Outcome {
    let masker = Masker::new(options.secrets.values().map(String::as_str));
    let teller = Arc::new(Teller::new(events, masker));
    let (inputs, receiver) = mpsc::channel(INPUTS);
    let info = engine.info().await;
    let (info, unreachable) = match info {
        Ok(info) => (info, None),
        Err(error) => (EngineInfo::nobody(), Some(engine_failure(error))),
    };
    let limits = Limits {
        jobs: options.jobs.unwrap_or(info.cpus).max(1),
        keep_going: options.keep_going,
        deadline: options.timeout,
    };
    let session = Arc::new(Session {
        index: Index::of(&plan),
        facts: Facts::default(),
        ledger: Ledger::beside(options.directory.clone()),
        teller,
        logs: Logs::of(options.directory.as_deref()),
        evidence: Evidence::of(options.directory.as_deref()),
        watchers: Mutex::new(JoinSet::new()),
        doorway: Doorway::default(),
        turnstiles: Turnstiles::of(&plan),
        failures: Failures::none_of(options.max_failures),
        inputs,
        plan: plan.clone(),
        engine,
        info,
        options,
    });
    session.watch(tell_contact(session.teller.clone(), session.engine.contact()));
    let driver = Driver {
        scheduler: Scheduler::new(plan, limits),
        limits,
        session,
        receiver,
        control,
        tasks: JoinSet::new(),
        cancels: HashMap::new(),
        outbox: VecDeque::new(),
        told: Moment::ZERO,
        verdict: None,
    };
    driver.drive(unreachable).await
}

/// Performs the effects of a scheduler, and tells it what came of them.
struct Driver {
    scheduler: Scheduler,
    limits: Limits,
    session: Arc<Session>,
    receiver: mpsc::Receiver<Input>,
    control: Control,
    tasks: JoinSet<()>,
    cancels: HashMap<StepId, watch::Sender<Option<CancelHow>>>,
    /// Events on their way out: the driver itself never waits for those who listen, or a terminal that hangs would keep a
    /// signal from being heard.
    outbox: VecDeque<Stamped>,
    /// When the scheduler was last told anything.
    told: Moment,
    verdict: Option<Verdict>,
}

impl Driver {
    async fn drive(mut self, unreachable: Option<Failure>) -> Outcome {
        let run = self.session.identity().run.clone();
        self.tell(Event::RunStarted { run, jobs: self.limits.jobs });
        let beside = self.control.take_beside().map(|work| self.begin_beside(work));
        let unable = match unreachable {
            Some(failure) => Some(failure),
            None => self.take_turn().await,
        };
        for (step, failure) in self.refusals(unable).await {
            self.feed(Input::Refused { step, failure: Box::new(failure) });
        }
        self.feed(Input::Begin);
        while self.verdict.is_none() {
            let input = self.next_input().await;
            self.feed(input);
        }
        self.leave(beside).await
    }

    /// Waits until no other run holds what only one may hold; a signal ends that. Answers why it cannot.
    async fn take_turn(&mut self) -> Option<Failure> {
        self.session.plan.concurrency.as_ref()?;
        let (stop, stopped) = watch::channel(false);
        let session = self.session.clone();
        let mut taking = tokio::spawn(async move {
            let Some(concurrency) = &session.plan.concurrency else { return Ok(()) };
            turn::take(&session, concurrency, stopped).await
        });
        loop {
            tokio::select! {
                biased;
                taken = &mut taking => return match taken {
                    Ok(Err(End::Failed(failure))) => Some(*failure),
                    Ok(_) => None,
                    Err(_) => Some(panicked("wait for its turn".to_owned())),
                },
                // What limits the run limits the waiting; whoever waits sees to that, and says for whom.
                input = self.next_input() => if let Input::Signal(_) = input {
                    self.feed(input);
                    stop.send_replace(true);
                    if self.verdict.is_some() {
                        return None;
                    }
                } else {
                    self.told = self.session.teller.now();
                },
            }
        }
    }

    /// Does something that the run does not wait for.
    fn begin_beside(&self, work: BoxFuture<'static, Vec<String>>) -> JoinHandle<()> {
        let teller = self.session.teller.clone();
        let work = async move {
            for message in work.await {
                teller.tell(Event::Warning { node: None, message }).await;
            }
        };
        tokio::spawn(work)
    }

    /// What is known to fail before anything begins.
    async fn refusals(&self, unable: Option<Failure>) -> Vec<(StepId, Failure)> {
        let first = self.session.plan.steps.iter().find(|step| step.required).map(|step| step.id);
        let refused = |failure| first.map(|step| (step, failure)).into_iter().collect();
        if let Some(failure) = unable {
            return refused(failure);
        }
        if self.scheduler.is_stopping() {
            return Vec::new();
        }
        match taken_ports(&self.session).await {
            Ok(taken) => taken,
            Err(error) => refused(engine_failure(error)),
        }
    }

    /// Waits until something happens; lets events out meanwhile.
    async fn next_input(&mut self) -> Input {
        let left = time_left(self.limits.deadline, self.told, self.session.teller.now());
        let deadline = async {
            match left {
                Some(left) => tokio::time::sleep(left).await,
                None => std::future::pending().await,
            }
        };
        tokio::pin!(deadline);
        loop {
            tokio::select! {
                biased;
                signal = self.control.signal() => {
                    self.session.teller.hurry();
                    return Input::Signal(signal);
                }
                input = self.receiver.recv() => return input.expect("the session holds a sender"),
                () = &mut deadline => return Input::Tick,
                permit = self.session.teller.events().reserve(), if !self.outbox.is_empty() => {
                    let event = self.outbox.pop_front();
                    match (permit, event) {
                        (Ok(permit), Some(event)) => permit.send(event),
                        // Nobody listens any more.
                        _ => self.outbox.clear(),
                    }
                }
            }
        }
    }

    fn feed(&mut self, input: Input) {
        if let Input::Ended { step, .. } = &input {
            self.cancels.remove(step);
        }
        self.told = self.session.teller.now();
        for effect in self.scheduler.handle(self.told, input) {
            match effect {
                Effect::Begin(step) => self.begin(step),
                Effect::Cancel { step, how } => {
                    if let Some(cancel) = self.cancels.get(&step) {
                        cancel.send_replace(Some(how));
                    }
                }
                Effect::Tell(event) => self.tell(event),
                Effect::Finish(verdict) => self.verdict = Some(verdict),
            }
        }
    }

    fn begin(&mut self, step: StepId) {
        let (sender, cancel) = Cancel::channel();
        self.cancels.insert(step, sender);
        let task = Task { session: self.session.clone(), step, cancel, known: Arc::default() };
        let session = self.session.clone();
        self.tasks.spawn(async move {
            let title = task.step().operation.to_string();
            let performed = AssertUnwindSafe(operation::perform(task)).catch_unwind().await;
            let outcome = performed.unwrap_or_else(|_| {
                // Nobody knows how far it came.
                session.ledger.doubt();
                StepOutcome::Failed(Box::new(panicked(title)))
            });
            // The run may have been left at once.
            let _ = session.inputs.send(Input::Ended { step, outcome }).await;
        });
    }

    fn tell(&mut self, event: Event) {
        let stamped = self.session.teller.stamp(event);
        // In order: nothing overtakes what waits already.
        if !self.outbox.is_empty() {
            self.outbox.push_back(stamped);
        } else if let Err(mpsc::error::TrySendError::Full(stamped)) = self.session.teller.events().try_send(stamped) {
            self.outbox.push_back(stamped);
        }
    }

    /// The end: what is on its way out goes out, then the figures.
    async fn leave(mut self, beside: Option<JoinHandle<()>>) -> Outcome {
        let verdict = self.verdict.unwrap_or(Verdict::Failed);
        let at_once = !self.cancels.is_empty();
        let steps = self.scheduler.into_outcomes();
        let contact = *self.session.engine.contact().borrow();
        if contact.doubts > 0 || contact.losses > 0 {
            self.session.ledger.doubt();
        }
        if !at_once {
            if self.session.plan.concurrency.is_some() {
                turn::give_back(&self.session).await;
            }
            sweep(&self.session, &steps).await;
        }
        self.session.stop_watching();
        if let Some(mut beside) = beside {
            // Who interrupts a run does not want to wait for that of others.
            let hurried = at_once || matches!(verdict, Verdict::Interrupted { .. });
            let patience = if hurried { Duration::ZERO } else { BESIDE };
            // What is not done by then is done by the next run.
            if tokio::time::timeout(patience, &mut beside).await.is_err() {
                beside.abort();
            }
        }
        let summary = summary(&self.session, verdict, &steps);
        self.session.ledger.close(verdict.as_str(), summary.kept, summary.left.len());
        let finished = self.session.teller.stamp(Event::RunFinished(Box::new(summary.clone())));
        self.outbox.push_back(finished);
        let events = self.session.teller.events();
        let last_words = async {
            for event in self.outbox {
                if events.send(event).await.is_err() {
                    break;
                }
            }
        };
        if at_once {
            let _ = tokio::time::timeout(PARTING, last_words).await;
            self.tasks.abort_all();
        } else {
            tokio::select! {
                () = last_words => {}
                () = tokio::time::sleep(FAREWELL), if matches!(verdict, Verdict::Interrupted { .. }) => {}
                // All is done: who asks again to leave does not want to wait for a screen that hangs.
                _ = self.control.signal() => {}
            }
        }
        let settled = !self.session.ledger.is_unanswered() && !at_once;
        Outcome { summary, steps, settled }
    }
}

/// How long until the scheduler is to be told that the run's time is up; `None` where there is no limit, or it knows.
fn time_left(deadline: Option<Moment>, told: Moment, now: Moment) -> Option<Duration> {
    deadline.filter(|deadline| told < *deadline).map(|deadline| deadline.saturating_sub(now))
}

/// What a failure of pipe itself is told as.
fn panicked(operation: String) -> Failure {
    let message = "pipe itself failed here; please report this".to_owned();
    Failure::Engine { operation, message, trouble: EngineTrouble::Refused }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deadline_that_passes_between_two_looks_is_told_all_the_same() {
        let at = Duration::from_secs;
        assert_eq!(time_left(Some(at(10)), at(3), at(4)), Some(at(6)));
        assert_eq!(time_left(Some(at(10)), at(9), at(10)), Some(Duration::ZERO));
        assert_eq!(time_left(Some(at(10)), at(10), at(11)), None);
        assert_eq!(time_left(None, at(3), at(4)), None);
    }
}
