use std::time::Duration;

use super::dice::Dice;
use crate::model::sample::{Sample, artifact, at, graceful, mount, need, reference};
use crate::model::{Condition, ConditionTest, Gate, ImageUse, Need, NeedKind, Pipeline, Stage};

/// What a random pipeline may be like.
#[derive(Debug, Clone, Copy)]
pub(in crate::run) struct Shape {
    /// How many services, stages and acceptances at most.
    pub(in crate::run) runnables: u64,
    /// One in so many is a service.
    pub(in crate::run) services: u64,
    /// How many things one needs at most.
    pub(in crate::run) needs: u64,
}

/// Images that stages run: pulls take a place among the jobs.
const IMAGES: [&str; 3] = ["busybox:1.35", "debian:bookworm-slim", "mariadb:10.11"];

/// A pipeline of services, stages and acceptances that need each other at random, and of stages that run in the end.
pub(in crate::run) fn random_pipeline(dice: &mut Dice, shape: Shape) -> Pipeline {
    let mut draft = Draft { sample: Sample::new("random").volume("data"), services: Vec::new(), stages: Vec::new() };
    for index in 0..1 + dice.below(shape.runnables) {
        let name = format!("n{index}");
        let needs = draft.needs(dice, shape.needs);
        match dice.below(shape.services) {
            kind if kind + 1 == shape.services => draft.service(dice, name, needs),
            kind if kind + 2 == shape.services && !draft.services.is_empty() => draft.acceptance(dice, name, needs),
            _ => draft.stage(dice, name, needs),
        }
    }
    for index in 0..dice.below(3) {
        draft.last(dice, index);
    }
    draft.sample.build()
}

struct Draft {
    sample: Sample,
    services: Vec<String>,
    stages: Vec<String>,
}

impl Draft {
    /// Needs of what there is so far, each thing once.
    fn needs(&self, dice: &mut Dice, most: u64) -> Vec<Need> {
        let mut needs: Vec<Need> = Vec::new();
        for _ in 0..dice.below(most + 1) {
            let on_service = dice.one_in(2);
            let of = if on_service { &self.services } else { &self.stages };
            if of.is_empty() {
                continue;
            }
            // Counted from the last one, so that chains are as likely as stars.
            let reach = dice.pick(&[1, 3, of.len() as u64]).min(of.len() as u64);
            let on = &of[of.len() - 1 - dice.below(reach) as usize];
            let gate = match on_service {
                true => dice.pick(&[Gate::Healthy, Gate::Healthy, Gate::Started, Gate::Exited]),
                false => dice.pick(&[Gate::Succeeded, Gate::Succeeded, Gate::Completed]),
            };
            if needs.iter().all(|need| need.on.as_str() != on) {
                let kind = if !on_service && dice.one_in(6) { NeedKind::After } else { NeedKind::Needs };
                needs.push(Need { kind, ..need(on, gate) });
            }
        }
        needs
    }

    fn service(&mut self, dice: &mut Dice, name: String, needs: Vec<Need>) {
        let (kept, asks, unchecked) = (dice.one_in(6), dice.one_in(2), dice.one_in(5));
        let mounted = dice.one_in(4);
        self.add(|sample| {
            sample.service_with(&name, &[], |service| {
                service.needs = needs;
                service.keep = kept;
                if asks {
                    service.container.stop = graceful(Duration::from_secs(1));
                }
                if unchecked {
                    service.healthcheck = None;
                }
                if mounted {
                    service.container.mounts.push(mount("data", "/data"));
                }
            })
        });
        self.services.push(name);
    }

    fn acceptance(&mut self, dice: &mut Dice, name: String, mut needs: Vec<Need>) {
        let target = dice.pick(&self.services);
        needs.retain(|need| need.on.as_str() != target);
        self.add(|sample| sample.acceptance_with(&name, &target, |acceptance| acceptance.needs.extend(needs)));
        self.stages.push(name);
    }

    fn stage(&mut self, dice: &mut Dice, name: String, needs: Vec<Need>) {
        let (may_fail, skipped) = (dice.one_in(5), dice.one_in(6));
        let change = Draft::change(dice);
        self.add(|sample| {
            sample.stage_with(&name, &[], |stage| {
                stage.needs = needs;
                stage.allow_failure = may_fail;
                if skipped {
                    stage.conditions.push(refused());
                }
                change(stage);
            })
        });
        self.stages.push(name);
    }

    /// A stage that runs in the end.
    fn last(&mut self, dice: &mut Dice, index: u64) {
        let mut needs = self.needs(dice, 3);
        if index > 0 && dice.one_in(2) {
            needs.push(need(&format!("last{}", index - 1), Gate::Succeeded));
        }
        let change = Draft::change(dice);
        self.add(|sample| {
            sample.stage_with(&format!("last{index}"), &[], |stage| {
                stage.needs = needs;
                stage.always = true;
                change(stage);
            })
        });
    }

    /// What stages of both kinds may have.
    fn change(dice: &mut Dice) -> impl FnOnce(&mut Stage) {
        let (collects, mounted, image) = (dice.one_in(3), dice.one_in(4), dice.pick(&IMAGES));
        move |stage| {
            if collects {
                stage.artifacts.push(artifact("/out"));
            }
            if let Some(container) = &mut stage.container {
                container.image = at(ImageUse::Reference(reference(image)));
                if mounted {
                    container.mounts.push(mount("data", "/data"));
                }
            }
        }
    }

    fn add(&mut self, change: impl FnOnce(Sample) -> Sample) {
        let sample = std::mem::replace(&mut self.sample, Sample::new(""));
        self.sample = change(sample);
    }
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
