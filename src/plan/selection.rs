use std::collections::HashMap;

use indexmap::{IndexMap, IndexSet};

use super::{Goal, TestSelection};
use crate::model::{Acceptance, Gate, Name, Need, NeedKind, Pipeline, Runnable, Values};

/// The runnables that a goal takes, each after what it needs, and how each came in.
pub(super) struct Selection<'a> {
    pipeline: &'a Pipeline,
    tests: &'a TestSelection,
    wanted: IndexSet<Name>,
    /// Each runnable and the first one that needs it; `None` for what the user wants.
    chosen: IndexMap<Name, Option<Name>>,
    /// Stages that are not wanted, and why not.
    refused: HashMap<Name, String>,
}

impl<'a> Selection<'a> {
    /// What `goal` takes of `pipeline`.
    pub(super) fn of(pipeline: &'a Pipeline, goal: &'a Goal) -> Self {
        let wanted = targets(pipeline, goal);
        let refused = refused(pipeline, &goal.values);
        let mut selection =
            Selection { pipeline, tests: &goal.tests, wanted: wanted.clone(), chosen: IndexMap::new(), refused };
        for target in &wanted {
            selection.choose(target, None);
        }
        selection
    }

    /// An acceptance with those of its tests that are run: where the user asked for it, those chosen.
    pub(super) fn tests_of(&self, acceptance: &Acceptance) -> Acceptance {
        let name = &acceptance.name.value;
        let needed = self.chosen.get(name).is_some_and(Option::is_some);
        let whole = TestSelection { seed: self.tests.seed, ..TestSelection::default() };
        let tests = if self.is_wanted(name) && !needed { self.tests } else { &whole };
        tests.of(acceptance)
    }

    /// The runnables, each after what it needs.
    pub(super) fn runnables(&self) -> impl Iterator<Item = &'a Runnable> {
        self.chosen.keys().map(|name| &self.pipeline.runnables()[name])
    }

    /// Why a stage is not wanted, where it is not.
    pub(super) fn refusal(&self, name: &Name) -> Option<&str> {
        self.refused.get(name).map(String::as_str)
    }

    /// Whether the user asked for a runnable, by name or by default.
    pub(super) fn is_wanted(&self, name: &Name) -> bool {
        self.wanted.contains(name)
    }

    /// The first runnable that needs this one; `None` where the user asked for it.
    pub(super) fn needed_by(&self, name: &Name) -> Option<&Name> {
        if self.is_wanted(name) { None } else { self.chosen.get(name)?.as_ref() }
    }

    /// The services that must live as long as `runnable` is at work: those it needs up, and those that these need in turn.
    pub(super) fn services_of(&self, runnable: &Runnable) -> IndexSet<Name> {
        let mut found = IndexSet::new();
        let mut pending: Vec<&Runnable> = vec![runnable];
        while let Some(user) = pending.pop() {
            for need in user.needs().iter().filter(|need| holds(need)) {
                let service = match self.pipeline.runnables().get(&need.on) {
                    Some(service @ Runnable::Service(_)) => service,
                    _ => continue,
                };
                if found.insert(need.on.clone()) {
                    pending.push(service);
                }
            }
        }
        found
    }

    /// The services that stay for the user where everything passed: those wanted, and those that anything wanted runs on.
    pub(super) fn services_of_the_wanted(&self) -> IndexSet<Name> {
        let mut found = IndexSet::new();
        for name in &self.wanted {
            let runnable = &self.pipeline.runnables()[name];
            if let Runnable::Service(_) = runnable {
                found.insert(name.clone());
            }
            found.extend(self.services_of(runnable));
        }
        found
    }

    /// Whether some runnable waits for the end of this service's process.
    pub(super) fn awaits_exit_of(&self, service: &Name) -> bool {
        let waits = |need: &Need| need.on == *service && need.kind != NeedKind::After && !holds(need);
        self.runnables().any(|user| user.needs().iter().any(waits))
    }

    fn choose(&mut self, name: &Name, by: Option<&Name>) {
        if self.chosen.contains_key(name) {
            return;
        }
        // An explicit stack: a chain of needs may be as long as the file allows.
        let mut stack = vec![(name.clone(), by.cloned(), false)];
        let mut seen: IndexSet<Name> = IndexSet::new();
        while let Some((name, by, needs_are_in)) = stack.pop() {
            if needs_are_in {
                self.chosen.entry(name).or_insert(by);
                continue;
            }
            if self.chosen.contains_key(&name) || !seen.insert(name.clone()) {
                continue;
            }
            let needs = self.pipeline.runnables()[&name].needs();
            let skipped = self.refused.contains_key(&name);
            stack.push((name.clone(), by, true));
            // Nothing is done for a stage that is not wanted.
            if skipped {
                continue;
            }
            for need in needs.iter().rev().filter(|need| need.kind != NeedKind::After) {
                stack.push((need.on.clone(), Some(name.clone()), false));
            }
        }
    }
}

/// Stages whose conditions do not hold, and those that would take an input of one.
fn refused(pipeline: &Pipeline, values: &Values) -> HashMap<Name, String> {
    let stages = || {
        pipeline.runnables().values().filter_map(|runnable| match runnable {
            Runnable::Stage(stage) => Some(stage),
            Runnable::Service(_) | Runnable::Acceptance(_) => None,
        })
    };
    let mut users: HashMap<&Name, Vec<&Name>> = HashMap::new();
    for stage in stages() {
        for input in &stage.inputs {
            users.entry(&input.from.value).or_default().push(&stage.name.value);
        }
    }
    let mut refused: HashMap<Name, String> = HashMap::new();
    for stage in stages() {
        if let Some(why) = stage.conditions.iter().find_map(|condition| condition.refusal(values)) {
            refused.insert(stage.name.value.clone(), why);
        }
    }
    let mut pending: Vec<Name> = refused.keys().cloned().collect();
    while let Some(name) = pending.pop() {
        for user in users.get(&name).into_iter().flatten() {
            if !refused.contains_key(*user) {
                refused.insert((*user).clone(), format!("`{name}`, of which it takes an input, is skipped"));
                pending.push((*user).clone());
            }
        }
    }
    refused
}

/// Whether a need holds its service up, rather than only ordering what comes before and after.
fn holds(need: &Need) -> bool {
    need.kind != NeedKind::After && matches!(need.gate, Gate::Started | Gate::Healthy | Gate::Succeeded)
}

/// What the goal names; else the pipeline's default; else all stages and acceptances; else whatever there is. Where tests are chosen, of
/// acceptances only those that hold one, and nothing else that was not named.
pub(super) fn targets(pipeline: &Pipeline, goal: &Goal) -> IndexSet<Name> {
    let known = |names: &mut dyn Iterator<Item = &Name>| -> IndexSet<Name> {
        names.filter(|name| pipeline.runnables().contains_key(*name)).cloned().collect()
    };
    let holds = |name: &Name| match &pipeline.runnables()[name] {
        Runnable::Acceptance(acceptance) => goal.tests.takes_all() || goal.tests.count(acceptance) > 0,
        Runnable::Stage(_) | Runnable::Service(_) => true,
    };
    let mut asked = known(&mut goal.targets.iter());
    if !asked.is_empty() {
        asked.retain(holds);
        return asked;
    }
    let default = known(&mut pipeline.header().default.iter().map(|name| &name.value));
    let all = pipeline.runnables();
    if !goal.tests.takes_all() {
        let is_suite = |name: &&Name| matches!(all[*name], Runnable::Acceptance(_)) && holds(name);
        let of_default: IndexSet<Name> = default.iter().filter(is_suite).cloned().collect();
        return if of_default.is_empty() { all.keys().filter(is_suite).cloned().collect() } else { of_default };
    }
    if !default.is_empty() {
        return default;
    }
    let ending = all.iter().filter(|(_, runnable)| !matches!(runnable, Runnable::Service(_)));
    let ending: IndexSet<Name> = ending.map(|(name, _)| name.clone()).collect();
    if ending.is_empty() { all.keys().cloned().collect() } else { ending }
}
