use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, VecDeque};
use std::sync::Arc;

use super::priority::remaining;
use super::{CancelHow, Effect, Input, Limits};
use crate::event::{Event, Failure, Moment, StepOutcome, Verdict};
use crate::plan::{Keep, Lane, NodeId, Operation, Plan, Step, StepId, When};

/// A run as a value: what happened goes in, what to do comes out.
#[derive(Debug)]
pub struct Scheduler {
    pub(super) plan: Arc<Plan>,
    pub(super) limits: Limits,
    pub(super) slots: Vec<Slot>,
    /// Steps by the step that they wait for.
    pub(super) dependents: Vec<Vec<StepId>>,
    /// For each service, the step whose success says that it is up and ready.
    pub(super) up: HashMap<NodeId, StepId>,
    /// Steps that could begin and take no place among the jobs, those with the longest way to the end of the run first.
    pub(super) ready: BinaryHeap<Turn>,
    /// Jobs that could begin, in the same order; apart, so that those for which there is no room are not looked at again and
    /// again.
    pub(super) jobs: BinaryHeap<Turn>,
    pub(super) remaining: Vec<u32>,
    /// Ends that have not yet had their consequences.
    pub(super) settling: VecDeque<(StepId, StepOutcome)>,
    /// Since when each service's process runs.
    pub(super) since: HashMap<NodeId, Moment>,
    /// Services that ended before the step that brings them up did.
    pub(super) dead: HashMap<NodeId, Box<Failure>>,
    pub(super) running_jobs: usize,
    pub(super) unsettled: usize,
    pub(super) unsettled_work: usize,
    /// Of the work, what is not of stages that run in the end.
    pub(super) unsettled_main: usize,
    /// Steps of stages that run in the end, ready but for that end.
    pub(super) last: Vec<StepId>,
    /// What the run came to, by its first cause; none as long as all is well.
    pub(super) verdict: Option<Verdict>,
    /// No work begins any more.
    pub(super) stopping: bool,
    pub(super) begun: bool,
    pub(super) finished: bool,
    pub(super) signals: u32,
    pub(super) now: Moment,
    pub(super) effects: Vec<Effect>,
}

/// When a step's turn comes, among those that could begin.
type Turn = (u32, Reverse<StepId>);

/// What has become of a step.
#[derive(Debug)]
pub(super) struct Slot {
    pub(super) phase: Phase,
    /// How many of its deps have not settled.
    pub(super) waits_for: usize,
    /// It has been begun.
    pub(super) began: bool,
    /// It has been told to break off.
    pub(super) cancelled: Option<CancelHow>,
    /// The failed step that its failure, skipping or cancellation goes back to.
    pub(super) cause: Option<StepId>,
}

#[derive(Debug)]
pub(super) enum Phase {
    Waiting,
    Running { since: Moment },
    Settled(StepOutcome),
}

impl Scheduler {
    /// A run of `plan` that has not begun.
    pub fn new(plan: Arc<Plan>, limits: Limits) -> Self {
        let mut dependents = vec![Vec::new(); plan.steps.len()];
        let mut up = HashMap::new();
        for step in &plan.steps {
            for dep in &step.deps {
                dependents[dep.on.index()].push(step.id);
            }
            if let Operation::StartService(_) | Operation::AwaitReady { .. } = step.operation {
                up.insert(step.node, step.id);
            }
        }
        let slot = |step: &Step| Slot {
            phase: Phase::Waiting,
            waits_for: step.deps.len(),
            began: false,
            cancelled: None,
            cause: None,
        };
        Scheduler {
            limits,
            slots: plan.steps.iter().map(slot).collect(),
            dependents,
            up,
            ready: BinaryHeap::new(),
            jobs: BinaryHeap::new(),
            remaining: remaining(&plan),
            settling: VecDeque::new(),
            since: HashMap::new(),
            dead: HashMap::new(),
            running_jobs: 0,
            unsettled: plan.steps.len(),
            unsettled_work: plan.steps.iter().filter(|step| step.lane != Lane::TearDown).count(),
            unsettled_main: plan.steps.iter().filter(|step| is_main(step)).count(),
            last: Vec::new(),
            verdict: None,
            stopping: false,
            begun: false,
            finished: false,
            signals: 0,
            now: Moment::ZERO,
            effects: Vec::new(),
            plan,
        }
    }

    /// Takes note of what happened at `now`, and answers what to do.
    pub fn handle(&mut self, now: Moment, input: Input) -> Vec<Effect> {
        if self.finished {
            return Vec::new();
        }
        self.now = now;
        match input {
            Input::Refused { step, failure } => self.settle(step, StepOutcome::Failed(failure)),
            Input::Begin => self.begin(),
            Input::Ended { step, outcome } => self.settle(step, outcome),
            Input::ServiceDied { node, failure } => self.service_died(node, failure),
            Input::Signal(signal) => self.interrupt(signal),
            Input::Tick => {}
        }
        if self.limits.deadline.is_some_and(|deadline| now >= deadline) && self.unsettled_work > 0 && !self.stopping {
            self.verdict.get_or_insert(Verdict::TimedOut);
            self.stop();
        }
        self.dispatch();
        if self.begun && self.unsettled == 0 {
            self.finish();
        }
        std::mem::take(&mut self.effects)
    }

    /// Whether no work begins any more.
    pub fn is_stopping(&self) -> bool {
        self.stopping
    }

    /// What came of each step, by index; [`StepOutcome::Cancelled`] of what has not settled.
    pub fn into_outcomes(self) -> Vec<StepOutcome> {
        let outcome = |slot: Slot| match slot.phase {
            Phase::Settled(outcome) => outcome,
            Phase::Waiting | Phase::Running { .. } => StepOutcome::Cancelled,
        };
        self.slots.into_iter().map(outcome).collect()
    }

    fn begin(&mut self) {
        self.begun = true;
        for index in 0..self.slots.len() {
            let step = self.plan.steps[index].id;
            if self.slots[index].waits_for == 0 && self.is_waiting(step) {
                self.enqueue(step);
            }
        }
    }

    /// A step has come to its end; so have those that can no longer begin.
    pub(super) fn settle(&mut self, step: StepId, outcome: StepOutcome) {
        self.settling.push_back((step, outcome));
        while let Some((step, outcome)) = self.settling.pop_front() {
            self.settle_one(step, outcome);
        }
    }

    pub(super) fn settle_one(&mut self, id: StepId, outcome: StepOutcome) {
        let plan = self.plan.clone();
        let step = plan.step(id);
        let took = match self.slots[id.index()].phase {
            Phase::Settled(_) => return,
            Phase::Waiting => Moment::ZERO,
            Phase::Running { since } => {
                self.running_jobs -= usize::from(step.lane == Lane::Job);
                self.now.saturating_sub(since)
            }
        };
        self.unsettled -= 1;
        self.unsettled_work -= usize::from(step.lane != Lane::TearDown);
        self.unsettled_main -= usize::from(is_main(step));
        let slot = &mut self.slots[id.index()];
        match &outcome {
            StepOutcome::Failed(_) => slot.cause = Some(id),
            StepOutcome::Skipped { because } => slot.cause = Some(*because),
            StepOutcome::Succeeded | StepOutcome::Cancelled | StepOutcome::NotNeeded => {}
        }
        slot.phase = Phase::Settled(outcome.clone());
        if outcome.succeeded() && matches!(step.operation, Operation::StartService(_)) {
            self.since.insert(step.node, self.now);
        }
        self.effects.push(Effect::Tell(Event::StepSettled { step: id, outcome: outcome.clone(), took }));

        for dependent in self.dependents[id.index()].clone() {
            self.reconsider(plan.step(dependent), id);
        }
        if let (StepOutcome::Failed(failure), true) = (outcome, step.required) {
            self.fail(&failure);
        }
        if self.up.get(&step.node) == Some(&id)
            && let Some(failure) = self.dead.remove(&step.node)
        {
            self.service_died(step.node, failure);
        }
    }

    /// One more dep of a step has settled.
    fn reconsider(&mut self, step: &Step, settled: StepId) {
        let waits_for = &mut self.slots[step.id.index()].waits_for;
        *waits_for -= 1;
        let open = *waits_for == 0;
        if !self.is_waiting(step.id) {
            return;
        }
        if step.deps.iter().any(|dep| dep.on == settled && !self.holds(dep.when, settled)) {
            let outcome = match self.slots[settled.index()].cause {
                _ if !step.lane.is_work() => StepOutcome::NotNeeded,
                Some(because) => StepOutcome::Skipped { because },
                None => StepOutcome::Cancelled,
            };
            self.settling.push_back((step.id, outcome));
        } else if open && self.begun {
            self.enqueue(step.id);
        }
    }

    /// Whether a step has come to what another waits for.
    pub(super) fn holds(&self, when: When, on: StepId) -> bool {
        let slot = &self.slots[on.index()];
        match (when, &slot.phase) {
            (When::Succeeded, Phase::Settled(outcome)) => outcome.succeeded(),
            (When::Ended, Phase::Settled(_)) => slot.began,
            (When::Settled, Phase::Settled(_)) => true,
            (_, Phase::Waiting | Phase::Running { .. }) => false,
        }
    }

    /// It may still begin.
    pub(super) fn is_waiting(&self, step: StepId) -> bool {
        matches!(self.slots[step.index()].phase, Phase::Waiting)
    }

    /// It has begun and not ended.
    pub(super) fn is_running(&self, step: StepId) -> bool {
        matches!(self.slots[step.index()].phase, Phase::Running { .. })
    }

    /// All deps of a step hold.
    fn enqueue(&mut self, step: StepId) {
        let turn = (self.remaining[step.index()], Reverse(step));
        match self.plan.step(step).lane {
            Lane::Job => self.jobs.push(turn),
            Lane::Free | Lane::Collect | Lane::TearDown => self.ready.push(turn),
        }
    }

    /// The step whose turn it is.
    fn next_turn(&mut self) -> Option<StepId> {
        let has_room = self.running_jobs < self.limits.jobs.max(1);
        let job_first = has_room && self.jobs.peek() > self.ready.peek();
        let turn = if job_first { self.jobs.pop() } else { self.ready.pop() };
        turn.map(|(_, Reverse(step))| step)
    }

    /// Begins what can begin.
    fn dispatch(&mut self) {
        let mut put_off = Vec::new();
        if self.unsettled_main == 0 {
            std::mem::take(&mut self.last).into_iter().for_each(|step| self.enqueue(step));
        }
        let plan = self.plan.clone();
        while let Some(id) = self.next_turn() {
            let step = plan.step(id);
            if !self.is_waiting(id) {
                continue;
            }
            if step.always && step.lane.is_work() && self.unsettled_main > 0 {
                self.last.push(id);
            } else if step.uses.iter().any(|service| self.dead.contains_key(service)) {
                put_off.push(id);
            } else if step.lane == Lane::TearDown && self.is_needless(step) {
                self.settle(id, StepOutcome::NotNeeded);
            } else {
                let slot = &mut self.slots[id.index()];
                slot.phase = Phase::Running { since: self.now };
                slot.began = true;
                self.running_jobs += usize::from(step.lane == Lane::Job);
                self.effects.push(Effect::Tell(Event::StepStarted(id)));
                self.effects.push(Effect::Begin(id));
                if self.stopping && step.operation.takes_its_time() {
                    self.cancel(id, CancelHow::Gracefully);
                }
            }
        }
        put_off.into_iter().for_each(|step| self.enqueue(step));
    }

    /// Whether a tear-down step has nothing to do: what it would take back stays on purpose, or there is no time for manners.
    fn is_needless(&self, step: &Step) -> bool {
        let asks = matches!(step.operation, Operation::StopService(_));
        let stays = match self.plan.keep {
            Keep::Nothing => false,
            Keep::Services => self.plan.node(step.node).kept && self.verdict.is_none(),
            Keep::Everything => true,
            Keep::OnFailure => {
                matches!(self.verdict, Some(Verdict::Failed | Verdict::EngineFailed | Verdict::TimedOut))
            }
        };
        stays || (asks && self.signals >= 2)
    }
}

/// Whether a step must have settled before the stages that run in the end begin.
fn is_main(step: &Step) -> bool {
    step.lane != Lane::TearDown && !step.always
}
