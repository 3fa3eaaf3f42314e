use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};
use std::time::Duration;

use super::Course;
use super::words::seconds;
use crate::event::Moment;
use crate::plan::{Lane, Plan, Step, StepId};

/// What a run was waiting for, from its beginning to the end of its work: the chain of steps each of which began when the one before had
/// ended. Whoever wants the run to be shorter has to shorten one of these.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CriticalPath {
    /// The steps, first ones first.
    pub links: Vec<Link>,
    /// By how much the work would have been shorter, by estimate, with one more job at a time.
    pub saved: Duration,
}

/// A step of a critical path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
    /// Which.
    pub step: StepId,
    /// How long nothing of the path was at work before it.
    pub idle: Duration,
    /// How long it took.
    pub took: Duration,
}

/// A step that begins later than this after what it waited for has waited for its place among the jobs.
const PROMPTLY: Duration = Duration::from_millis(10);

/// Paths that are shorter, and links that are a smaller part of theirs, are not worth a word.
const WORTH_TELLING: Duration = Duration::from_secs(1);
const WORTH_NAMING: f64 = 0.02;

/// A step that was at work.
#[derive(Clone, Copy)]
struct Worked<'a> {
    step: &'a Step,
    begun: Moment,
    ended: Moment,
}

impl CriticalPath {
    /// Of a run that has ended; none where nothing was at work.
    pub fn of(plan: &Plan, course: &Course) -> Option<Self> {
        let worked: Vec<Option<Worked<'_>>> = plan
            .steps
            .iter()
            .zip(&course.spans)
            .map(|(step, span)| {
                let span = span.as_ref().filter(|_| step.lane.is_work())?;
                Some(Worked { step, begun: span.begun, ended: span.ended? })
            })
            .collect();
        let mut jobs: Vec<Worked<'_>> =
            worked.iter().flatten().filter(|one| one.step.lane == Lane::Job).copied().collect();
        jobs.sort_by_key(|one| (one.ended, one.step.id));

        let mut at = *worked.iter().flatten().max_by_key(|one| (one.ended, one.step.id))?;
        let mut links = Vec::new();
        loop {
            let needed = at.step.deps.iter().filter_map(|dep| worked[dep.on.index()]);
            let needed = needed.filter(|one| one.ended <= at.begun).max_by_key(|one| (one.ended, one.step.id));
            let ready = needed.map_or(Duration::ZERO, |one| one.ended);
            // What made room for it, where it was ready before there was any.
            let before = jobs.partition_point(|one| one.ended <= at.begun);
            let room = jobs[..before].last().filter(|one| {
                at.step.lane == Lane::Job && at.begun - ready > PROMPTLY && one.ended > ready && one.begun < at.begun
            });
            let next = room.copied().or(needed);
            let since = next.map_or(Duration::ZERO, |one| one.ended);
            links.push(Link { step: at.step.id, idle: at.begun - since, took: at.ended - at.begun });
            match next {
                Some(next) => at = next,
                None => break,
            }
        }
        links.reverse();
        let saved = makespan(&worked, course.jobs).saturating_sub(makespan(&worked, course.jobs + 1));
        Some(CriticalPath { links, saved })
    }

    /// In words, a line each; none for a run that was short, or had one thing to do.
    pub fn lines(&self, plan: &Plan) -> Vec<String> {
        let all: Duration = self.links.iter().map(|link| link.idle + link.took).sum();
        let is_worth = |time: Duration| time.as_secs_f64() >= all.as_secs_f64() * WORTH_NAMING;
        let named: Vec<String> = self
            .links
            .iter()
            .filter(|link| is_worth(link.took))
            .map(|link| {
                let step = plan.step(link.step);
                format!("{} {} {}", step.operation.verb(), plan.node(step.node).name, seconds(link.took))
            })
            .collect();
        if all < WORTH_TELLING || named.len() < 2 {
            return Vec::new();
        }
        let idle: Duration = self.links.iter().map(|link| link.idle).sum();
        let idle = if is_worth(idle) { format!("; idle {}", seconds(idle)) } else { String::new() };
        let mut lines = vec![format!("critical path {}: {}{idle}", seconds(all), named.join(", "))];
        if is_worth(self.saved) {
            lines.push(format!("one more job would have saved about {}", seconds(self.saved)));
        }
        lines
    }
}

/// How long the same work takes with so many jobs at a time, each step beginning as soon as it may, in the order in which they began.
fn makespan(worked: &[Option<Worked<'_>>], jobs: usize) -> Duration {
    let mut open = vec![0_usize; worked.len()];
    let mut after: Vec<Vec<usize>> = vec![Vec::new(); worked.len()];
    let mut ready = Vec::new();
    for (index, one) in worked.iter().enumerate() {
        let Some(one) = one else { continue };
        let needed: BTreeSet<usize> =
            one.step.deps.iter().map(|dep| dep.on.index()).filter(|on| worked[*on].is_some()).collect();
        open[index] = needed.len();
        if needed.is_empty() {
            ready.push(index);
        }
        needed.into_iter().for_each(|on| after[on].push(index));
    }
    let (mut now, mut busy) = (Duration::ZERO, 0);
    let mut waiting: BTreeSet<(Moment, usize)> = BTreeSet::new();
    let mut running: BinaryHeap<Reverse<(Moment, usize)>> = BinaryHeap::new();
    loop {
        for index in ready.drain(..) {
            let Some(one) = worked[index] else { continue };
            if one.step.lane == Lane::Job {
                waiting.insert((one.begun, index));
            } else {
                running.push(Reverse((now + (one.ended - one.begun), index)));
            }
        }
        while busy < jobs {
            let Some((_, index)) = waiting.pop_first() else { break };
            let Some(one) = worked[index] else { continue };
            busy += 1;
            running.push(Reverse((now + (one.ended - one.begun), index)));
        }
        let Some(Reverse((at, index))) = running.pop() else { return now };
        now = at;
        busy -= usize::from(worked[index].is_some_and(|one| one.step.lane == Lane::Job));
        for next in &after[index] {
            open[*next] -= 1;
            if open[*next] == 0 {
                ready.push(*next);
            }
        }
    }
}
