use std::collections::{HashMap, HashSet, VecDeque};
use std::time::Duration;

use super::dice::Dice;
use super::terrain::Terrain;
use crate::event::{EngineTrouble, Event, Failure, Moment, StepOutcome, Verdict};
use crate::plan::{Cause, Lane, NodeId, Operation, StepId};
use crate::run::Signal;
use crate::run::scheduler::{CancelHow, Effect, Input, Limits, Scheduler};

/// Whether a law holds; in words how it was broken.
pub(super) type Law = Result<(), String>;

/// How often things go wrong, in percent.
#[derive(Debug, Clone, Copy)]
pub(super) struct Trouble {
    /// Steps that fail; some of them for the engine.
    pub(super) failures: u64,
    /// Services that end by themselves.
    pub(super) deaths: u64,
    /// Signals.
    pub(super) signals: u64,
    /// Whoever tells the scheduler what happened is held up, and tells a good deal at once.
    pub(super) stalls: u64,
}

/// An engine and a user, as far as a scheduler sees them; and the laws.
pub(super) struct World<'a> {
    pub(super) terrain: &'a Terrain,
    pub(super) limits: Limits,
    scheduler: Scheduler,
    trouble: Trouble,
    dice: &'a mut Dice,
    now: Moment,
    /// Steps at work.
    working: Vec<StepId>,
    /// What happened and has not been heard yet.
    unheard: VecDeque<Input>,
    /// For how many moves nothing is heard.
    stalled: u64,
    /// Services whose process runs.
    alive: Vec<NodeId>,
    /// Services that were heard to have ended.
    pub(super) dead: HashSet<NodeId>,
    /// For each step, whether it has begun and its end was not heard.
    pub(super) running: Vec<bool>,
    pub(super) jobs: usize,
    pub(super) cancelled: HashMap<StepId, CancelHow>,
    pub(super) began: Vec<bool>,
    pub(super) settled: Vec<Option<StepOutcome>>,
    pub(super) unsettled_main: usize,
    pub(super) unsettled_work: usize,
    /// Steps that were taken to have succeeded until their service ended.
    pub(super) taken_back: HashSet<StepId>,
    /// Steps whose object is there.
    pub(super) objects: HashSet<StepId>,
    /// Of these, those whose removal failed.
    pub(super) stuck: HashSet<StepId>,
    /// Something required failed, or a signal or the deadline came: no work may begin.
    pub(super) stopped: bool,
    pub(super) signals: u32,
    /// What the run must come to, by the first thing that was amiss.
    pub(super) truth: Option<Verdict>,
    /// Its time may have been up before the last work had settled.
    pub(super) late: bool,
    /// Something was known to fail before anything began.
    pub(super) refused: bool,
    pub(super) verdict: Option<Verdict>,
    /// What was heard and said, where it is to be told.
    story: Option<Vec<String>>,
}

impl<'a> World<'a> {
    pub(super) fn new(terrain: &'a Terrain, limits: Limits, trouble: Trouble, dice: &'a mut Dice) -> Self {
        let steps = terrain.plan.steps.len();
        World {
            scheduler: Scheduler::new(terrain.plan.clone(), limits),
            limits,
            trouble,
            story: dice.repeats().then(Vec::new),
            dice,
            now: Duration::ZERO,
            working: Vec::new(),
            unheard: VecDeque::new(),
            stalled: 0,
            alive: Vec::new(),
            dead: HashSet::new(),
            running: vec![false; steps],
            jobs: 0,
            cancelled: HashMap::new(),
            began: vec![false; steps],
            settled: vec![None; steps],
            unsettled_main: terrain.plan.steps.iter().filter(|step| Terrain::is_main(step)).count(),
            unsettled_work: terrain.plan.steps.iter().filter(|step| step.lane != Lane::TearDown).count(),
            taken_back: HashSet::new(),
            objects: HashSet::new(),
            stuck: HashSet::new(),
            stopped: false,
            signals: 0,
            truth: None,
            late: false,
            refused: false,
            verdict: None,
            terrain,
        }
    }

    /// One run from its beginning to its end.
    pub(super) fn play(mut self) -> Law {
        let played = self.moves().and_then(|()| self.check_end());
        let played = played.and_then(|()| self.what_was_told_holds());
        played.map_err(|broken| {
            let story = self.story.as_deref().unwrap_or_default().join("\n");
            format!("{broken}\n{:?}\n{}{story}", self.limits, self.terrain.plan)
        })
    }

    fn moves(&mut self) -> Law {
        if !self.terrain.starts.is_empty() && self.dice.percent(self.trouble.failures / 5) {
            let starts: Vec<StepId> = self.terrain.starts.values().copied().collect();
            let step = self.dice.pick(&starts);
            self.refused = true;
            let failure = self.failure();
            self.feed(Input::Refused { step, failure })?;
        }
        self.feed(Input::Begin)?;
        let most = 1_000 + 40 * self.settled.len();
        for _ in 0..most {
            if self.verdict.is_some() {
                return Ok(());
            }
            self.now += Duration::from_millis(self.dice.below(2_000));
            if let Some(input) = self.next_move()? {
                self.feed(input)?;
            }
        }
        Err(format!("the run does not end in {most} moves"))
    }

    /// Something happens, or is heard.
    fn next_move(&mut self) -> Result<Option<Input>, String> {
        if self.dice.percent(self.trouble.signals) {
            return Ok(Some(Input::Signal(self.dice.pick(&[Signal::INT, Signal::TERM, Signal::HUP]))));
        }
        if self.dice.one_in(12) {
            return Ok(Some(Input::Tick));
        }
        if self.stalled == 0 && self.dice.percent(self.trouble.stalls) {
            self.stalled = self.dice.below(12);
        }
        if !self.alive.is_empty() && self.dice.percent(self.trouble.deaths) {
            let node = self.dice.pick(&self.alive);
            self.dies(node);
        } else if !self.working.is_empty() {
            let at = self.dice.below(self.working.len() as u64) as usize;
            let step = self.working.swap_remove(at);
            self.ends(step);
        } else if self.unheard.is_empty() {
            return Err("nothing is at work and nothing is over".to_owned());
        }
        if self.stalled > 0 && !self.working.is_empty() {
            self.stalled -= 1;
            return Ok(None);
        }
        Ok(self.unheard.pop_front())
    }

    fn dies(&mut self, node: NodeId) {
        self.alive.retain(|alive| *alive != node);
        let failure = self.failure();
        self.unheard.push_back(Input::ServiceDied { node, failure });
    }

    /// A step comes to its end.
    fn ends(&mut self, id: StepId) {
        let step = self.terrain.plan.step(id);
        let outcome = if self.cancelled.contains_key(&id) && !self.dice.one_in(4) {
            StepOutcome::Cancelled
        } else if self.dice.percent(self.trouble.failures) {
            StepOutcome::Failed(self.failure())
        } else {
            StepOutcome::Succeeded
        };
        let succeeded = outcome.succeeded();
        match step.operation {
            Operation::StartService(_) if succeeded => self.alive.push(step.node),
            // Its end is told as every end of a process is.
            Operation::StopService(_) | Operation::RemoveContainer if self.alive.contains(&step.node) => {
                self.dies(step.node);
            }
            _ => {}
        }
        if step.operation.verb() == "create" && (succeeded || self.dice.one_in(2)) {
            self.objects.insert(id);
        }
        if let (Cause::Undoes(made), true) = (&step.cause, step.operation.verb() == "remove") {
            match succeeded {
                true => self.objects.remove(made),
                false => self.stuck.insert(*made),
            };
        }
        self.unheard.push_back(Input::Ended { step: id, outcome });
        if matches!(step.operation, Operation::StartService(_))
            && succeeded
            && self.dice.percent(self.trouble.deaths / 2)
        {
            // It ends at once, and that is heard first.
            self.dies(step.node);
            let last = self.unheard.len() - 1;
            self.unheard.swap(last, last - 1);
        }
    }

    fn failure(&mut self) -> Box<Failure> {
        Box::new(match self.dice.one_in(4) {
            false => Failure::CannotStart { message: "simulated".to_owned() },
            true => Failure::Engine {
                operation: "simulate".to_owned(),
                message: "connection reset".to_owned(),
                trouble: EngineTrouble::Refused,
            },
        })
    }

    /// Lets the scheduler hear something, and holds what it says to the laws.
    fn feed(&mut self, input: Input) -> Law {
        self.tell(|| format!("{input:?}"));
        match &input {
            Input::Signal(signal) => {
                if self.unsettled_work > 0 {
                    self.truth.get_or_insert(Verdict::Interrupted { signal: signal.number });
                }
                self.signals += 1;
                self.stopped = true;
            }
            Input::ServiceDied { node, .. } => drop(self.dead.insert(*node)),
            Input::Ended { step, .. } => {
                self.running[step.index()] = false;
                self.jobs -= usize::from(self.terrain.plan.step(*step).lane == Lane::Job);
            }
            Input::Refused { .. } | Input::Begin | Input::Tick => {}
        }
        let begun = !matches!(input, Input::Refused { .. });
        let (unsettled_before, open) = (self.unsettled_work, self.truth.is_none());
        for effect in self.scheduler.handle(self.now, input) {
            self.tell(|| format!("    {effect:?}"));
            if self.verdict.is_some() {
                return Err(format!("an effect after the end: {effect:?}"));
            }
            match effect {
                Effect::Begin(step) => {
                    self.begins(step)?;
                    self.working.push(step);
                }
                Effect::Cancel { step, how } => self.breaks_off(step, how)?,
                Effect::Tell(Event::StepSettled { step, outcome, .. }) => self.settles(step, outcome)?,
                Effect::Tell(_) => {}
                Effect::Finish(verdict) => self.verdict = Some(verdict),
            }
        }
        if self.limits.deadline.is_some_and(|deadline| self.now >= deadline) && unsettled_before > 0 {
            self.stopped = true;
            self.late |= open;
            if self.unsettled_work > 0 {
                self.truth.get_or_insert(Verdict::TimedOut);
            }
        }
        if begun && self.verdict.is_none() { self.nothing_waits_in_vain() } else { Ok(()) }
    }

    fn tell(&mut self, line: impl FnOnce() -> String) {
        if let Some(story) = &mut self.story {
            story.push(line());
        }
    }

    /// What the scheduler says became of each step is what it told.
    fn what_was_told_holds(&mut self) -> Law {
        let empty = Scheduler::new(self.terrain.plan.clone(), self.limits);
        let outcomes = std::mem::replace(&mut self.scheduler, empty).into_outcomes();
        for (step, outcome) in self.terrain.plan.steps.iter().zip(&outcomes) {
            let told = self.settled[step.id.index()].as_ref().unwrap_or(&StepOutcome::Cancelled);
            if std::mem::discriminant(told) != std::mem::discriminant(outcome) {
                return Err(format!(
                    "{} was told to have come to {told:?}, and is held to have come to {outcome:?}",
                    step.id
                ));
            }
        }
        Ok(())
    }
}
