use super::terrain::Terrain;
use super::world::{Law, World};
use crate::event::{Failure, StepOutcome, Verdict};
use crate::plan::{Dep, Keep, Lane, NodeId, Step, StepId, When};
use crate::run::scheduler::CancelHow;

/// In plans of at most so many steps it is looked after each move whether anything could begin and does not.
const LOOKED_THROUGH: usize = 80;

fn law(holds: bool, broken: impl FnOnce() -> String) -> Law {
    if holds { Ok(()) } else { Err(broken()) }
}

impl World<'_> {
    /// A step begins once, after all that it waits for, and not when the run is ending; and there is room for it.
    pub(super) fn begins(&mut self, id: StepId) -> Law {
        let plan = self.terrain.plan.clone();
        let step = plan.step(id);
        law(!self.began[id.index()], || format!("{id} begins twice"))?;
        law(self.settled[id.index()].is_none(), || format!("{id} begins after it has settled"))?;
        for dep in &step.deps {
            let taken_back = dep.when == When::Succeeded && self.taken_back.contains(&dep.on);
            law(self.holds(dep) || taken_back, || format!("{id} begins though {dep} does not hold"))?;
        }
        if step.lane.is_work() {
            let in_time = !step.always || self.unsettled_main == 0;
            law(in_time, || format!("{id} begins before other work has settled, though it runs in the end"))?;
            let goes_on = self.signals < 2 && self.terrain.lasts[id.index()];
            law(!self.stopped || goes_on, || format!("{id} begins though the run is ending"))?;
            for &service in &step.uses {
                law(self.is_up(service), || format!("{id} begins though {service:?}, which it uses, is not up"))?;
            }
        }
        if step.lane == Lane::TearDown {
            self.nobody_needs(step)?;
        }
        self.began[id.index()] = true;
        self.running[id.index()] = true;
        self.jobs += usize::from(step.lane == Lane::Job);
        law(self.jobs <= self.limits.jobs, || format!("{} jobs at once", self.jobs))
    }

    /// A service is not taken down, nor a container removed, under a step that still needs it.
    fn nobody_needs(&self, down: &Step) -> Law {
        let plan = &self.terrain.plan;
        for user in &self.terrain.users[down.node.index()] {
            law(self.settled[user.index()].is_some(), || format!("{} begins while {user} needs it", down.id))?;
            let step = plan.step(*user);
            let stopping = step.uses.contains(&down.node) && step.undo.is_some_and(|undo| self.running[undo.index()]);
            law(!stopping, || format!("{} begins while {} is still stopping", down.id, plan.node(step.node).name))?;
        }
        let stays = plan.keep == Keep::Everything;
        law(!stays, || format!("{} begins, though what it takes back is to stay", down.id))
    }

    /// Only what runs is broken off, only what may be, and never twice in the same way.
    pub(super) fn breaks_off(&mut self, id: StepId, how: CancelHow) -> Law {
        law(self.running[id.index()], || format!("{id} is cancelled and does not run"))?;
        let may = self.terrain.plan.step(id).operation.is_cancellable();
        law(may, || format!("{id} must not be cancelled"))?;
        let before = self.cancelled.insert(id, how);
        law(before < Some(how), || format!("{id} is cancelled twice"))
    }

    /// A step settles once; the success of a service's coming up is taken back where it ends while it is needed.
    pub(super) fn settles(&mut self, id: StepId, outcome: StepOutcome) -> Law {
        let plan = self.terrain.plan.clone();
        let step = plan.step(id);
        match &self.settled[id.index()] {
            None => {
                self.unsettled_main -= usize::from(Terrain::is_main(step));
                self.unsettled_work -= usize::from(step.lane != Lane::TearDown);
            }
            Some(StepOutcome::Succeeded | StepOutcome::Cancelled) => {
                let dead = matches!(outcome, StepOutcome::Failed(_)) && self.dead.contains(&step.node);
                law(dead, || format!("{id} settles twice"))?;
                self.taken_back.insert(id);
            }
            Some(_) => return Err(format!("{id} settles twice")),
        }
        law(!self.running[id.index()], || format!("{id} settles while it runs"))?;
        if let StepOutcome::Skipped { because } = outcome {
            let cause = self.settled[because.index()].as_ref();
            let failed = matches!(cause, Some(StepOutcome::Failed(_)));
            law(failed, || format!("{id} is skipped because of {because}, which has not failed"))?;
        }
        if let (StepOutcome::Failed(failure), true) = (&outcome, step.required) {
            self.stopped |= !self.limits.keep_going;
            self.truth.get_or_insert(verdict_of(failure));
        }
        self.settled[id.index()] = Some(outcome);
        Ok(())
    }

    /// What could begin has begun.
    pub(super) fn nothing_waits_in_vain(&self) -> Law {
        let plan = &self.terrain.plan;
        if plan.steps.len() > LOOKED_THROUGH {
            return Ok(());
        }
        for step in &plan.steps {
            if self.began[step.id.index()]
                || self.settled[step.id.index()].is_some()
                || !step.deps.iter().all(|dep| self.holds(dep))
            {
                continue;
            }
            let full = step.lane == Lane::Job && self.jobs >= self.limits.jobs;
            let early = step.always && step.lane.is_work() && self.unsettled_main > 0;
            let dead = step.uses.iter().any(|service| self.dead.contains(service));
            law(full || early || dead, || format!("{} could begin and does not", step.id))?;
        }
        Ok(())
    }

    /// When it is over everything has settled, what was made is taken back, and the verdict is the truth.
    pub(super) fn check_end(&self) -> Law {
        let plan = &self.terrain.plan;
        let Some(verdict) = self.verdict else { return Err("it is not over".to_owned()) };
        if self.signals >= 3 {
            return law(verdict != Verdict::Passed || self.passed(), || "passed though it was left".to_owned());
        }
        for step in &plan.steps {
            law(self.settled[step.id.index()].is_some(), || format!("{} never settles", step.id))?;
            if step.always && step.lane.is_work() {
                self.it_ran(step)?;
            }
        }
        self.check_verdict(verdict)?;
        for made in self.objects.difference(&self.stuck) {
            let node = plan.node(plan.step(*made).node);
            let stays = match plan.keep {
                Keep::Nothing => false,
                Keep::Services => node.kept && verdict == Verdict::Passed,
                Keep::Everything => true,
                Keep::OnFailure => !matches!(verdict, Verdict::Passed | Verdict::Interrupted { .. }),
            };
            law(stays, || format!("what {made} made is left"))?;
        }
        let stay =
            |step: &&Step| plan.keep == Keep::Services && plan.node(step.node).kept && verdict == Verdict::Passed;
        for step in plan.steps.iter().filter(stay) {
            let undone = step.undo.is_some_and(|undo| self.began[undo.index()]);
            law(!undone, || format!("what {} made does not stay", step.id))?;
        }
        Ok(())
    }

    fn check_verdict(&self, verdict: Verdict) -> Law {
        let passed = self.passed();
        let otherwise = if passed { Verdict::Passed } else { Verdict::Failed };
        let truth = self.truth.unwrap_or(otherwise);
        let late = self.late && verdict == Verdict::TimedOut;
        law(verdict == truth || late, || format!("{verdict:?} though the truth is {truth:?}"))?;
        law(verdict != Verdict::Passed || passed, || "passed though something required did not succeed".to_owned())
    }

    /// Everything that is required succeeded.
    fn passed(&self) -> bool {
        let good = |step: &Step| self.settled[step.id.index()].as_ref().is_some_and(StepOutcome::succeeded);
        self.terrain.plan.steps.iter().filter(|step| step.required).all(good)
    }

    /// A stage that runs in the end runs whatever happened, where it needs nothing that may not be there.
    fn it_ran(&self, step: &Step) -> Law {
        let plan = &self.terrain.plan;
        let provided = |dep: &Dep| match dep.when {
            When::Succeeded => plan.step(dep.on).operation.provides(),
            When::Ended => plan.step(dep.on).node == step.node,
            When::Settled => true,
        };
        let needs_nothing = step.deps.iter().all(provided);
        let cancelled = matches!(self.settled[step.id.index()], Some(StepOutcome::Cancelled));
        let may = !needs_nothing || self.signals >= 2 || self.refused;
        law(may || !cancelled, || format!("{} is cancelled, though it runs in the end", step.id))
    }

    /// Whether a step has come to what another waits for.
    pub(super) fn holds(&self, dep: &Dep) -> bool {
        let outcome = self.settled[dep.on.index()].as_ref();
        match dep.when {
            When::Succeeded => outcome.is_some_and(StepOutcome::succeeded),
            When::Ended => outcome.is_some() && self.began[dep.on.index()],
            When::Settled => outcome.is_some(),
        }
    }

    /// Whether a service's process runs, as far as anybody has heard.
    fn is_up(&self, service: NodeId) -> bool {
        let started = self.terrain.starts.get(&service).and_then(|start| self.settled[start.index()].as_ref());
        let up = started.is_some_and(|outcome| outcome.succeeded());
        up && !self.dead.contains(&service)
    }
}

fn verdict_of(failure: &Failure) -> Verdict {
    if failure.is_engine() { Verdict::EngineFailed } else { Verdict::Failed }
}
