use crate::ast::{Acceptance, Check, HttpRequest, Link, Look, Predicate, PredicateKind, Probe, Runnable, Step, Test};
use crate::lint::Written;

/// The acceptances as they are written.
pub(super) fn acceptances<'a>(written: &Written<'a>) -> impl Iterator<Item = &'a Acceptance> {
    written.spec.runnables.iter().filter_map(|runnable| match runnable {
        Runnable::Acceptance(acceptance) => Some(acceptance),
        _ => None,
    })
}

/// Their tests.
pub(super) fn tests<'a>(written: &Written<'a>) -> impl Iterator<Item = &'a Test> {
    acceptances(written).flat_map(|acceptance| &acceptance.tests)
}

/// Their steps, around tests and in them.
pub(super) fn steps<'a>(written: &Written<'a>) -> impl Iterator<Item = &'a Step> {
    acceptances(written).flat_map(|acceptance| {
        let around = acceptance.around().into_iter().flatten();
        around.chain(acceptance.tests.iter().flat_map(|test| &test.steps))
    })
}

/// Their probes, those in waits too.
pub(super) fn probes<'a>(written: &Written<'a>) -> impl Iterator<Item = &'a Probe> {
    steps(written).flat_map(Step::probes)
}

/// Their requests.
pub(super) fn requests<'a>(written: &Written<'a>) -> impl Iterator<Item = (&'a Probe, &'a HttpRequest)> {
    probes(written).filter_map(|probe| match &probe.look {
        Look::Http(request) => Some((probe, request.as_ref())),
        _ => None,
    })
}

/// What they expect, of probes and of actions.
pub(super) fn checks<'a>(written: &Written<'a>) -> impl Iterator<Item = &'a Check> {
    steps(written).flat_map(|step| {
        let own = match step {
            Step::Action(action) => action.checks.as_slice(),
            Step::Probe(_) | Step::Wait(_) => &[],
        };
        step.probes().iter().flat_map(|probe| &probe.checks).chain(own)
    })
}

/// The predicates in it, those of negations and quantifiers too.
pub(super) fn predicates(check: &Check) -> Vec<&Predicate> {
    let mut found = Vec::new();
    let mut open: Vec<&Link> = check.chain.iter().collect();
    while let Some(link) = open.pop() {
        let Link::Predicate(predicate) = link else { continue };
        if let PredicateKind::Quantified(_, chain) | PredicateKind::Not(chain) = &predicate.kind {
            open.extend(chain);
        }
        found.push(predicate);
    }
    found
}
