//! Tries the scheduler out: random pipelines and limits, random ends of steps, deaths of services, signals, deadlines, and
//! hearers that are held up; a hundred thousand schedules, each held to the [laws] after every effect. A broken law names its seed
//! and the fewest choices that break it.
//!
//! Main function: [`search`], which the simulation of whole runs uses too.

mod dice;
mod laws;
mod pipelines;
mod search;
mod terrain;
mod world;

use std::ops::Range;
use std::time::Duration;

pub(in crate::run) use dice::Dice;
pub(in crate::run) use pipelines::{Shape, random_pipeline};
pub(in crate::run) use search::{Case, search};
use terrain::Terrain;
use world::{Trouble, World};

use super::Limits;
use crate::plan::{Goal, Keep, plan};

/// How many schedules are tried on one small pipeline.
const SCHEDULES: u64 = 10;

// Four parts, so that they are tried side by side.

#[test]
fn the_laws_hold_over_small_runs_one() {
    small(0..2_500);
}

#[test]
fn the_laws_hold_over_small_runs_two() {
    small(2_500..5_000);
}

#[test]
fn the_laws_hold_over_small_runs_three() {
    small(5_000..7_500);
}

#[test]
fn the_laws_hold_over_small_runs_four() {
    small(7_500..10_000);
}

#[test]
fn the_laws_hold_over_middling_runs() {
    let shape = Shape { runnables: 60, services: 5, needs: 4 };
    search("middling runs", 0..400, |dice| schedules(dice, shape, 3));
}

#[test]
fn the_laws_hold_over_runs_of_five_thousand_nodes() {
    let shape = Shape { runnables: 5_000, services: 60, needs: 3 };
    search("large runs", 0..10, |dice| schedules(dice, shape, 1));
}

fn small(seeds: Range<u64>) {
    let shape = Shape { runnables: 9, services: 3, needs: 3 };
    search("small runs", seeds, |dice| schedules(dice, shape, SCHEDULES));
}

/// A random pipeline, and so many runs of it.
fn schedules(dice: &mut Dice, shape: Shape, count: u64) -> Case {
    let keep = dice.pick(&[Keep::Nothing, Keep::Nothing, Keep::Services, Keep::Everything, Keep::OnFailure]);
    let pipeline = random_pipeline(dice, shape);
    let terrain = Terrain::of(plan(&pipeline, &Goal { keep, ..Goal::default() }))?;
    for _ in 0..count {
        let limits = Limits {
            jobs: dice.pick(&[1, 2, 3, 16]),
            keep_going: dice.one_in(3),
            deadline: dice.one_in(5).then(|| Duration::from_secs(dice.below(60))),
        };
        let trouble = Trouble {
            failures: dice.pick(&[0, 0, 5, 30]),
            deaths: dice.pick(&[0, 0, 5, 30]),
            signals: dice.pick(&[0, 0, 2, 20]),
            stalls: dice.pick(&[0, 0, 30]),
        };
        World::new(&terrain, limits, trouble, dice).play()?;
    }
    Ok(count as usize)
}
