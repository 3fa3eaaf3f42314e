use std::collections::{HashMap, HashSet, VecDeque};

use super::{Name, Pipeline, Runnable};

/// How many needs are walked at most, all questions together: enough for any pipeline that a person reads.
const BUDGET: usize = 2_000_000;

/// Which runnables of a pipeline come before which: by needs, and by `after`.
///
/// Questions are cheap for runnables that stand close together; past a budget no answer is given, so that a file can be made
/// neither slow nor wrong by many of them.
pub struct Order<'a> {
    pipeline: &'a Pipeline,
    /// The length of the longest way to each runnable from one that needs nothing.
    depth: HashMap<&'a Name, usize>,
    left: usize,
}

impl<'a> Order<'a> {
    /// The order of a pipeline.
    pub fn of(pipeline: &'a Pipeline) -> Self {
        let runnables = pipeline.runnables();
        let mut users: HashMap<&Name, Vec<&Name>> = HashMap::new();
        let mut waits: HashMap<&Name, usize> = HashMap::new();
        for (name, runnable) in runnables {
            for need in runnable.needs().iter().filter(|need| runnables.contains_key(&need.on)) {
                users.entry(&need.on).or_default().push(name);
                *waits.entry(name).or_default() += 1;
            }
        }
        let mut depth: HashMap<&Name, usize> = HashMap::new();
        let mut ready: VecDeque<&Name> = runnables.keys().filter(|name| !waits.contains_key(name)).collect();
        while let Some(name) = ready.pop_front() {
            let next = depth.entry(name).or_insert(0).saturating_add(1);
            for user in users.get(name).into_iter().flatten() {
                let longest = depth.entry(user).or_insert(0);
                *longest = (*longest).max(next);
                let waits = waits.get_mut(user).expect("it waits for this one");
                *waits -= 1;
                if *waits == 0 {
                    ready.push_back(user);
                }
            }
        }
        Order { pipeline, depth, left: BUDGET }
    }

    /// Sorts names so that each comes after all that it waits for.
    pub fn sort(&self, names: &mut [&'a Name]) {
        names.sort_by_key(|name| self.depth.get(name).copied().unwrap_or_default());
    }

    /// Whether one of the two has ended before the other begins, as far as a run holds both; `None` past the budget.
    ///
    /// A service has ended before nobody: what needs it runs beside it.
    pub fn are_apart(&mut self, one: &'a Name, other: &'a Name) -> Option<bool> {
        if self.depth.get(one) == self.depth.get(other) {
            return Some(false);
        }
        let (first, last) = if self.depth.get(one) < self.depth.get(other) { (one, other) } else { (other, one) };
        self.leads(last, first)
    }

    /// Whether `from` waits for `to`, over any way.
    fn leads(&mut self, from: &'a Name, to: &'a Name) -> Option<bool> {
        let floor = self.depth.get(to).copied()?;
        let mut seen: HashSet<&Name> = HashSet::from([from]);
        let mut open = vec![from];
        while let Some(name) = open.pop() {
            for need in self.pipeline.runnables()[name].needs() {
                self.left = self.left.checked_sub(1)?;
                if need.on == *to {
                    return Some(true);
                }
                let deeper = self.depth.get(&need.on).is_some_and(|depth| *depth > floor);
                if deeper
                    && let Some((on, _)) = self.pipeline.runnables().get_key_value(&need.on)
                    && seen.insert(on)
                {
                    open.push(on);
                }
            }
        }
        Some(false)
    }

    /// Whether a stage runs in the end of every run, after all others.
    pub fn is_last(&self, name: &Name) -> bool {
        matches!(self.pipeline.runnables().get(name), Some(Runnable::Stage(stage)) if stage.always)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::sample::Sample;

    #[test]
    fn ways_are_found_however_long() {
        let mut sample = Sample::new("demo").stage("s0", &[]).stage("beside", &[]);
        for index in 1..2_000 {
            sample = sample.stage(&format!("s{index}"), &[&format!("s{}", index - 1)]);
        }
        let pipeline = sample.build();
        let name = |name: &str| pipeline.runnables().get_key_value(name).expect("it is there").0;
        let mut order = Order::of(&pipeline);
        assert_eq!(order.are_apart(name("s0"), name("s1999")), Some(true));
        assert_eq!(order.are_apart(name("s1999"), name("s1000")), Some(true));
        assert_eq!(order.are_apart(name("beside"), name("s3")), Some(false));
        let mut names = [name("s9"), name("s0"), name("s4")];
        order.sort(&mut names);
        assert_eq!(names.map(Name::as_str), ["s0", "s4", "s9"]);
    }

    #[test]
    fn past_the_budget_nothing_is_claimed() {
        let pipeline = Sample::new("demo").stage("a", &[]).stage("b", &["a"]).stage("c", &["b"]).build();
        let name = |name: &str| pipeline.runnables().get_key_value(name).expect("it is there").0;
        let mut order = Order { left: 1, ..Order::of(&pipeline) };
        assert_eq!(order.are_apart(name("c"), name("a")), None);
    }
}
