use super::scheduler::{Phase, Scheduler};
use super::{CancelHow, Effect};
use crate::event::{Event, Failure, StepOutcome, Verdict};
use crate::plan::{Lane, NodeId, Step, StepId, When};
use crate::run::Signal;

/// How a run comes to its end before its time: failures, services that die, signals.
impl Scheduler {
    /// Something required has failed.
    pub(super) fn fail(&mut self, failure: &Failure) {
        let verdict = match failure {
            Failure::Engine { .. } => Verdict::EngineFailed,
            Failure::NoTurn { .. } => Verdict::TimedOut,
            _ => Verdict::Failed,
        };
        self.verdict.get_or_insert(verdict);
        if !self.limits.keep_going {
            self.stop();
        }
    }

    /// A service that ends while somebody needs it fails the run at that moment.
    pub(super) fn service_died(&mut self, node: NodeId, failure: Box<Failure>) {
        let Some(&up) = self.up.get(&node) else { return };
        match &self.slots[up.index()].phase {
            // The step that brings it up says why it does not come up; and should that miss it, it is remembered here.
            Phase::Waiting | Phase::Running { .. } => drop(self.dead.insert(node, failure)),
            Phase::Settled(StepOutcome::Succeeded) => {
                let needed = self.plan.node(node).held && self.unsettled_work > 0;
                if needed || self.users(node).next().is_some() {
                    self.is_no_more(node, up, &failure);
                }
            }
            // Its check was broken off, but a stage that runs in the end may need no more than that it was started.
            Phase::Settled(StepOutcome::Cancelled) => {
                if self.users(node).any(|user| self.plan.step(user).always) {
                    self.is_no_more(node, up, &failure);
                }
            }
            Phase::Settled(StepOutcome::Failed(_)) => self.cut_off_users(node, up),
            Phase::Settled(_) => {}
        }
    }

    /// A service has ended while it was needed.
    fn is_no_more(&mut self, node: NodeId, up: StepId, failure: &Failure) {
        self.take_back_success(up, failure);
        self.cut_off_users(node, up);
        self.fail(failure);
    }

    /// A service was up, and is no more.
    fn take_back_success(&mut self, up: StepId, failure: &Failure) {
        let outcome = StepOutcome::Failed(Box::new(failure.clone()));
        let slot = &mut self.slots[up.index()];
        slot.phase = Phase::Settled(outcome.clone());
        slot.cause = Some(up);
        let since = self.since.get(&self.plan.step(up).node).copied().unwrap_or(self.now);
        let took = self.now.saturating_sub(since);
        self.effects.push(Effect::Tell(Event::StepSettled { step: up, outcome, took }));
    }

    /// What needs a service to live cannot go on without it.
    fn cut_off_users(&mut self, node: NodeId, up: StepId) {
        for user in self.users(node).collect::<Vec<_>>() {
            if self.is_running(user) {
                self.slots[user.index()].cause.get_or_insert(up);
                self.cancel(user, CancelHow::Gracefully);
            } else {
                self.settle(user, StepOutcome::Skipped { because: up });
            }
        }
    }

    /// The work that is still to be done and needs a service to live.
    fn users(&self, node: NodeId) -> impl Iterator<Item = StepId> {
        let unsettled = |step: &&Step| !matches!(self.slots[step.id.index()].phase, Phase::Settled(_));
        let uses = move |step: &&Step| step.lane.is_work() && step.uses.contains(&node);
        self.plan.steps.iter().filter(unsettled).filter(uses).map(|step| step.id)
    }

    /// No work begins any more, and what runs is broken off; what has been made will be taken back.
    pub(super) fn stop(&mut self) {
        if std::mem::replace(&mut self.stopping, true) {
            return;
        }
        // What depends on the failure is told so first; what is merely cut off comes after.
        while let Some((step, outcome)) = self.settling.pop_front() {
            self.settle_one(step, outcome);
        }
        let lasting = self.lasting();
        for (index, lasts) in lasting.into_iter().enumerate() {
            let Step { id, lane, .. } = self.plan.steps[index];
            if lasts {
                continue;
            }
            if lane.is_work() && self.is_waiting(id) {
                self.settle(id, StepOutcome::Cancelled);
            } else if lane.is_work() || self.plan.steps[index].operation.takes_its_time() {
                self.cancel(id, CancelHow::Gracefully);
            }
        }
    }

    /// What goes on though the run is stopped: the stages that run in the end, and what makes their containers. A stage that
    /// still waits for something to be started is not among them, nor is any where nothing has begun.
    fn lasting(&self) -> Vec<bool> {
        let mut lasting = vec![false; self.slots.len()];
        if !self.begun {
            return lasting;
        }
        for step in self.plan.steps.iter().filter(|step| step.always && step.lane.is_work()) {
            let mut found = Vec::new();
            let mut pending = vec![step];
            let possible = loop {
                let Some(step) = pending.pop() else { break true };
                if matches!(self.slots[step.id.index()].phase, Phase::Settled(_)) || lasting[step.id.index()] {
                    continue;
                }
                if !step.always && !step.operation.provides() {
                    break false;
                }
                found.push(step.id);
                let before = step.deps.iter().filter(|dep| dep.when == When::Succeeded);
                pending.extend(before.map(|dep| self.plan.step(dep.on)));
            };
            if possible {
                found.into_iter().for_each(|id| lasting[id.index()] = true);
            }
        }
        lasting
    }

    pub(super) fn cancel(&mut self, step: StepId, how: CancelHow) {
        let told = self.slots[step.index()].cancelled >= Some(how);
        if self.is_running(step) && self.plan.step(step).operation.is_cancellable() && !told {
            self.slots[step.index()].cancelled = Some(how);
            self.effects.push(Effect::Cancel { step, how });
        }
    }

    /// A signal: the first stops, the second kills, the third leaves.
    pub(super) fn interrupt(&mut self, signal: Signal) {
        self.signals += 1;
        self.effects.push(Effect::Tell(Event::Interrupted { signal: signal.name, count: self.signals }));
        if self.unsettled_work > 0 {
            self.verdict.get_or_insert(Verdict::Interrupted { signal: signal.number });
        }
        match self.signals {
            1 => self.stop(),
            2 => self.kill(),
            _ => self.finish(),
        }
    }

    /// Nothing is waited for any more: what runs is killed, nothing more is brought home, nobody is asked to stop.
    fn kill(&mut self) {
        for index in 0..self.slots.len() {
            let (id, lane) = (self.plan.steps[index].id, self.plan.steps[index].lane);
            if self.is_running(id) {
                self.cancel(id, CancelHow::Kill);
            } else if self.is_waiting(id) && lane != Lane::TearDown {
                self.settle(id, StepOutcome::Cancelled);
            }
        }
    }

    /// The run is over; it passed only if all that was required succeeded.
    pub(super) fn finish(&mut self) {
        self.finished = true;
        let done = |step: &Step| matches!(&self.slots[step.id.index()].phase, Phase::Settled(end) if end.succeeded());
        let passed = self.plan.steps.iter().filter(|step| step.required).all(done);
        let otherwise = if passed { Verdict::Passed } else { Verdict::Failed };
        self.effects.push(Effect::Finish(self.verdict.unwrap_or(otherwise)));
    }
}
