//! Tries the scheduler out: random pipelines, random ends of steps, deaths of services, signals and deadlines, thousands of runs.
//! Each run checks the laws after every effect. A failure names its seed: `run(SEED)` repeats it.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use super::{CancelHow, Effect, Input, Limits, Scheduler};
use crate::event::{Event, Failure, Moment, StepOutcome, Verdict};
use crate::model::sample::{Sample, artifact, graceful, mount, need};
use crate::model::{Condition, ConditionTest, Gate, NeedKind, Pipeline};
use crate::plan::{Goal, Keep, Lane, NodeId, Operation, Plan, Step, StepId, When, plan};
use crate::run::Signal;

#[test]
fn the_laws_hold_over_random_runs() {
    for seed in 0..6_000 {
        run(seed);
    }
}

/// One random run from its beginning to its end.
fn run(seed: u64) {
    let mut dice = Dice(seed);
    let keep = dice.pick(&[Keep::Nothing, Keep::Nothing, Keep::Services, Keep::Everything, Keep::OnFailure]);
    let pipeline = random_pipeline(&mut dice);
    let plan = Arc::new(plan(&pipeline, &Goal { keep, ..Goal::default() }));
    check_plan(&plan, seed);
    let limits = Limits {
        jobs: 1 + dice.below(3) as usize,
        keep_going: dice.one_in(3),
        deadline: dice.one_in(5).then(|| Duration::from_secs(dice.below(60))),
    };
    let trouble = Trouble {
        failures: dice.pick(&[0, 0, 5, 30]),
        deaths: dice.pick(&[0, 0, 5, 30]),
        signals: dice.pick(&[0, 0, 2, 20]),
    };
    World::new(seed, plan, limits, trouble, dice).play();
}

/// How often things go wrong, in percent.
struct Trouble {
    failures: u64,
    deaths: u64,
    signals: u64,
}

/// An engine and a user, as far as a scheduler sees them; and the laws.
struct World {
    seed: u64,
    plan: Arc<Plan>,
    limits: Limits,
    scheduler: Scheduler,
    trouble: Trouble,
    dice: Dice,
    now: Moment,
    running: Vec<StepId>,
    cancelled: HashMap<StepId, CancelHow>,
    began: Vec<bool>,
    settled: Vec<Option<StepOutcome>>,
    /// Services whose process runs.
    alive: Vec<NodeId>,
    /// Something required failed, or a signal or the deadline came: no work may begin.
    stopped: bool,
    signals: u32,
    verdict: Option<Verdict>,
    died: Vec<StepId>,
    /// Something was known to fail before anything began.
    refused: bool,
}

impl World {
    fn new(seed: u64, plan: Arc<Plan>, limits: Limits, trouble: Trouble, dice: Dice) -> Self {
        let steps = plan.steps.len();
        World {
            seed,
            scheduler: Scheduler::new(plan.clone(), limits),
            plan,
            limits,
            trouble,
            dice,
            now: Duration::ZERO,
            running: Vec::new(),
            cancelled: HashMap::new(),
            began: vec![false; steps],
            settled: vec![None; steps],
            alive: Vec::new(),
            stopped: false,
            signals: 0,
            verdict: None,
            died: Vec::new(),
            refused: false,
        }
    }

    fn play(mut self) {
        if self.dice.percent(self.trouble.failures / 5) {
            let starts = self.steps(|step| matches!(step.operation, Operation::StartService(_)));
            if !starts.is_empty() {
                let step = self.dice.pick(&starts);
                self.refused = true;
                self.feed(Input::Refused { step, failure: failure() });
            }
        }
        self.feed(Input::Begin);
        let mut moves = 0;
        while self.verdict.is_none() {
            moves += 1;
            assert!(moves < 10_000, "{}: the run does not end", self.title());
            self.now += Duration::from_millis(self.dice.below(2_000));
            let input = self.next_move();
            self.feed(input);
        }
        self.check_end();
    }

    fn next_move(&mut self) -> Input {
        if self.dice.percent(self.trouble.signals) {
            self.signals += 1;
            self.stopped = true;
            return Input::Signal(Signal::INT);
        }
        if self.dice.percent(self.trouble.deaths) && !self.alive.is_empty() {
            let node = self.dice.pick(&self.alive);
            self.alive.retain(|alive| *alive != node);
            return Input::ServiceDied { node, failure: failure() };
        }
        if self.dice.one_in(10) {
            return Input::Tick;
        }
        assert!(!self.running.is_empty(), "{}: nothing runs and nothing is over", self.title());
        let step = self.dice.pick(&self.running);
        self.running.retain(|running| *running != step);
        let outcome = if self.cancelled.contains_key(&step) && !self.dice.one_in(4) {
            StepOutcome::Cancelled
        } else if self.dice.percent(self.trouble.failures) {
            StepOutcome::Failed(failure())
        } else {
            StepOutcome::Succeeded
        };
        let Step { node, ref operation, .. } = *self.plan.step(step);
        match operation {
            Operation::StartService(_) if outcome.succeeded() => self.alive.push(node),
            Operation::StopService(_) | Operation::RemoveContainer => self.alive.retain(|alive| *alive != node),
            _ => {}
        }
        Input::Ended { step, outcome }
    }

    fn feed(&mut self, input: Input) {
        let deadline = self.limits.deadline.is_some_and(|deadline| self.now >= deadline);
        for effect in self.scheduler.handle(self.now, input) {
            assert!(self.verdict.is_none(), "{}: an effect after the end", self.title());
            match effect {
                Effect::Begin(step) => self.begins(step),
                Effect::Cancel { step, how } => self.breaks_off(step, how),
                Effect::Tell(Event::StepSettled { step, outcome, .. }) => self.settles(step, outcome),
                Effect::Tell(_) => {}
                Effect::Finish(verdict) => self.verdict = Some(verdict),
            }
        }
        self.stopped |= deadline;
    }

    fn begins(&mut self, id: StepId) {
        let plan = self.plan.clone();
        let (step, title) = (plan.step(id), self.title());
        assert!(!self.began[id.index()], "{title}: {id} begins twice");
        assert!(self.settled[id.index()].is_none(), "{title}: {id} begins after it has settled");
        for dep in &step.deps {
            let outcome = self.settled[dep.on.index()].as_ref();
            let Some(outcome) = outcome else { panic!("{title}: {id} begins before {}", dep.on) };
            match dep.when {
                When::Succeeded => {
                    assert!(
                        outcome.succeeded() || self.died.contains(&dep.on),
                        "{title}: {id} begins though {} did not succeed",
                        dep.on
                    );
                }
                When::Ended => assert!(self.began[dep.on.index()], "{title}: {id} begins though {} never did", dep.on),
                When::Settled => {}
            }
        }
        if step.always && step.lane.is_work() {
            for other in plan.steps.iter().filter(|other| other.lane != Lane::TearDown && !other.always) {
                let settled = self.settled[other.id.index()].is_some();
                assert!(settled, "{title}: {id} begins before {}, though it runs in the end", other.id);
            }
        }
        if step.lane.is_work() {
            let goes_on = self.signals < 2 && self.lasts(step);
            assert!(!self.stopped || goes_on, "{title}: {id} begins though the run is ending");
            for service in &step.uses {
                assert!(
                    self.alive.contains(service),
                    "{title}: {id} begins though a service that it uses is not alive"
                );
            }
        }
        if step.lane == Lane::TearDown {
            self.checks_that_nobody_needs(step);
        }
        self.began[id.index()] = true;
        self.running.push(id);
        let jobs = self.running.iter().filter(|step| plan.step(**step).lane == Lane::Job).count();
        assert!(jobs <= self.limits.jobs, "{title}: {jobs} jobs at once");
    }

    /// A service is not taken down, nor a container removed, under a step that still needs it.
    fn checks_that_nobody_needs(&self, down: &Step) {
        for step in self.plan.steps.iter().filter(|step| step.lane.is_work()) {
            let busy = self.settled[step.id.index()].is_none();
            let needs = step.uses.contains(&down.node) || step.node == down.node;
            assert!(!busy || !needs, "{}: {} begins while {} needs it", self.title(), down.id, step.id);
        }
        for start in self.plan.steps.iter().filter(|step| step.uses.contains(&down.node)) {
            let stopping = start.undo.is_some_and(|stop| self.running.contains(&stop));
            assert!(!stopping, "{}: {} begins while {} is still stopping", self.title(), down.id, start.node.0);
        }
    }

    fn breaks_off(&mut self, step: StepId, how: CancelHow) {
        let title = self.title();
        assert!(self.running.contains(&step), "{title}: {step} is cancelled and does not run");
        assert!(self.plan.step(step).operation.is_cancellable(), "{title}: {step} must not be cancelled");
        let before = self.cancelled.insert(step, how);
        assert!(before < Some(how), "{title}: {step} is cancelled twice");
    }

    fn settles(&mut self, id: StepId, outcome: StepOutcome) {
        let plan = self.plan.clone();
        let (step, title) = (plan.step(id), self.title());
        let failed = matches!(outcome, StepOutcome::Failed(_));
        let again = self.settled[id.index()].as_ref().is_some_and(StepOutcome::succeeded);
        if again {
            assert!(failed && !self.alive.contains(&step.node), "{title}: {id} settles twice");
            self.died.push(id);
        } else {
            assert!(self.settled[id.index()].is_none(), "{title}: {id} settles twice");
        }
        assert!(!self.running.contains(&id), "{title}: {id} settles while it runs");
        if let StepOutcome::Skipped { because } = outcome {
            let cause = self.settled[because.index()].as_ref();
            assert!(matches!(cause, Some(StepOutcome::Failed(_))), "{title}: {id} is skipped because of {because}");
        }
        if failed && step.required && !self.limits.keep_going {
            self.stopped = true;
        }
        self.settled[id.index()] = Some(outcome);
    }

    fn check_end(mut self) {
        let title = self.title();
        let verdict = self.verdict.expect("the run is over");
        let abandoned = self.signals >= 3;
        for step in &self.plan.steps {
            let outcome = self.settled[step.id.index()].as_ref();
            if abandoned {
                continue;
            }
            let Some(outcome) = outcome else { panic!("{title}: {} never settles", step.id) };
            if step.required && !outcome.succeeded() {
                assert_ne!(verdict, Verdict::Passed, "{title}: passed though {} came to {outcome:?}", step.id);
            }
            if step.always && step.lane.is_work() {
                self.check_that_it_ran(step);
            }
            if let (true, Some(undo)) = (self.began[step.id.index()], step.undo) {
                self.check_undone(step, undo, verdict);
            }
        }
        let good = |step: &Step| self.settled[step.id.index()].as_ref().is_some_and(StepOutcome::succeeded);
        let all_good = self.plan.steps.iter().filter(|step| step.required).all(good);
        if all_good && !abandoned {
            let cut_short = matches!(verdict, Verdict::Interrupted { .. } | Verdict::TimedOut);
            assert!(verdict == Verdict::Passed || cut_short, "{title}: {verdict:?} though everything succeeded");
        }
        let empty = Scheduler::new(self.plan.clone(), self.limits);
        let outcomes = std::mem::replace(&mut self.scheduler, empty).into_outcomes();
        assert_eq!(outcomes.len(), self.settled.len());
    }

    /// Whether a step is of a stage that runs in the end, or makes what its container is made of.
    fn lasts(&self, step: &Step) -> bool {
        let mut pending: Vec<&Step> = self.plan.steps.iter().filter(|step| step.always).collect();
        while let Some(last) = pending.pop() {
            if last.id == step.id {
                return true;
            }
            let before = last.deps.iter().map(|dep| self.plan.step(dep.on));
            pending.extend(before.filter(|before| before.always || before.operation.provides()));
        }
        false
    }

    /// A stage that runs in the end runs whatever happened, where it needs nothing that may not be there.
    fn check_that_it_ran(&self, step: &Step) {
        let needs_nothing = step
            .deps
            .iter()
            .filter(|dep| dep.when == When::Succeeded)
            .all(|dep| self.plan.step(dep.on).operation.provides());
        let outcome = self.settled[step.id.index()].as_ref();
        if needs_nothing && self.signals < 2 && !self.refused {
            let amiss = matches!(outcome, Some(StepOutcome::Cancelled));
            assert!(!amiss, "{}: {} is cancelled, though it runs in the end", self.title(), step.id);
        }
    }

    fn check_undone(&self, step: &Step, undo: StepId, verdict: Verdict) {
        if self.began[undo.index()] {
            return;
        }
        let asks = matches!(self.plan.step(undo).operation, Operation::StopService(_));
        let stays = match self.plan.keep {
            Keep::Nothing => false,
            Keep::Services => self.plan.node(step.node).kept && verdict == Verdict::Passed,
            Keep::Everything => true,
            Keep::OnFailure => !matches!(verdict, Verdict::Passed | Verdict::Interrupted { .. }),
        };
        assert!(stays || (asks && self.signals >= 2), "{}: {} is never undone", self.title(), step.id);
    }

    fn steps(&self, want: impl Fn(&Step) -> bool) -> Vec<StepId> {
        self.plan.steps.iter().filter(|step| want(step)).map(|step| step.id).collect()
    }

    fn title(&self) -> String {
        format!("seed {}", self.seed)
    }
}

/// Shows the plan of a run that broke a law.
impl Drop for World {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("{} with {:?}\n{}", self.title(), self.limits, self.plan);
        }
    }
}

/// What a plan promises to the scheduler.
fn check_plan(plan: &Plan, seed: u64) {
    for (index, step) in plan.steps.iter().enumerate() {
        assert_eq!(step.id.index(), index, "seed {seed}");
        for dep in &step.deps {
            assert!(dep.on < step.id, "seed {seed}: {} waits for {}\n{plan}", step.id, dep.on);
            let backwards = step.lane.is_work() && plan.step(dep.on).lane == Lane::TearDown;
            assert!(!backwards, "seed {seed}: work waits for tear-down\n{plan}");
        }
        if let Some(undo) = step.undo {
            let undo = plan.step(undo);
            assert!(undo.deps.iter().any(|dep| dep.on == step.id && dep.when == When::Ended), "seed {seed}\n{plan}");
        }
        if step.operation.verb() == "create" && !step.operation.to_string().starts_with("find") {
            assert!(step.undo.is_some(), "seed {seed}: {} has no undo\n{plan}", step.id);
        }
    }
}

fn random_pipeline(dice: &mut Dice) -> Pipeline {
    let mut sample = Sample::new("random").volume("data");
    let mut services: Vec<String> = Vec::new();
    let mut stages: Vec<String> = Vec::new();
    for index in 0..1 + dice.below(9) {
        let name = format!("n{index}");
        let mut needs = Vec::new();
        for service in &services {
            if dice.one_in(3) {
                needs.push(need(service, dice.pick(&[Gate::Healthy, Gate::Healthy, Gate::Started, Gate::Exited])));
            }
        }
        for stage in &stages {
            if dice.one_in(4) {
                needs.push(need(stage, dice.pick(&[Gate::Succeeded, Gate::Succeeded, Gate::Completed])));
            } else if dice.one_in(8) {
                let mut after = need(stage, Gate::Succeeded);
                after.kind = NeedKind::After;
                needs.push(after);
            }
        }
        let mounted = dice.one_in(4);
        sample = match dice.below(5) {
            0 | 1 => {
                let (keep, asks, checked) = (dice.one_in(6), dice.one_in(2), !dice.one_in(5));
                services.push(name.clone());
                sample.service_with(&name, &[], |service| {
                    service.needs = needs;
                    service.keep = keep;
                    if asks {
                        service.container.stop = graceful(Duration::from_secs(1));
                    }
                    if !checked {
                        service.healthcheck = None;
                    }
                    if mounted {
                        service.container.mounts.push(mount("data", "/data"));
                    }
                })
            }
            2 if !services.is_empty() => {
                let target = dice.pick(&services);
                stages.push(name.clone());
                sample.acceptance_with(&name, &target, |acceptance| acceptance.needs.extend(needs))
            }
            _ => {
                let (may_fail, collects, skipped) = (dice.one_in(5), dice.one_in(3), dice.one_in(6));
                stages.push(name.clone());
                sample.stage_with(&name, &[], |stage| {
                    stage.needs = needs;
                    stage.allow_failure = may_fail;
                    if skipped {
                        stage.conditions.push(refused());
                    }
                    if collects {
                        stage.artifacts.push(artifact("/out"));
                    }
                    if let (true, Some(container)) = (mounted, &mut stage.container) {
                        container.mounts.push(mount("data", "/data"));
                    }
                })
            }
        };
    }
    for index in 0..dice.below(3) {
        let (collects, mounted) = (dice.one_in(3), dice.one_in(3));
        let mut needs: Vec<_> = services.iter().filter(|_| dice.one_in(4)).map(|it| need(it, Gate::Healthy)).collect();
        if index > 0 && dice.one_in(2) {
            needs.push(need(&format!("last{}", index - 1), Gate::Succeeded));
        }
        for stage in &stages {
            if !dice.one_in(4) {
                continue;
            }
            let mut after = need(stage, Gate::Completed);
            after.kind = dice.pick(&[NeedKind::After, NeedKind::Needs]);
            needs.push(after);
        }
        sample = sample.stage_with(&format!("last{index}"), &[], |stage| {
            stage.needs = needs;
            stage.always = true;
            if collects {
                stage.artifacts.push(artifact("/out"));
            }
            if let (true, Some(container)) = (mounted, &mut stage.container) {
                container.mounts.push(mount("data", "/data"));
            }
        });
    }
    sample.build()
}

/// A condition that does not hold.
fn refused() -> Condition {
    let test = ConditionTest::Param {
        param: "wanted".into(),
        is: true,
        value: "yes".to_owned(),
        known: Some("no".to_owned()),
    };
    Condition { test, span: Default::default() }
}

fn failure() -> Box<Failure> {
    Box::new(Failure::CannotStart { message: "simulated".to_owned() })
}

/// Random numbers that a seed repeats (splitmix64).
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: u64) -> u64 {
        self.next() % end.max(1)
    }

    fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }

    fn percent(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    fn pick<T: Clone>(&mut self, of: &[T]) -> T {
        of[self.below(of.len() as u64) as usize].clone()
    }
}
