use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::dice::Dice;

/// What came of a case: how many schedules it held, or the law that was broken and how.
pub(in crate::run) type Case = Result<usize, String>;

/// How many choices may be made anew while a broken case is made smaller.
const EFFORT: usize = 500_000;

/// Tries a case out with each seed, and tells how many schedules that were. The first broken law ends it: told are the seed, and
/// the fewest and smallest choices that were found to break a law too.
#[track_caller]
pub(in crate::run) fn search(name: &str, seeds: Range<u64>, case: impl Fn(&mut Dice) -> Case) {
    let mut schedules = 0;
    let first = seeds.start;
    let last = seeds.end - 1;
    for seed in seeds {
        let mut dice = Dice::seeded(seed);
        match tried(&case, &mut dice) {
            Ok(played) => schedules += played,
            Err(broken) => {
                eprintln!("{name}: seed {seed}: {}", broken.lines().next().unwrap_or_default());
                let (choices, broken) = shrunk(&case, dice.taken, broken);
                panic!("{name}: seed {seed} breaks a law; so does `Dice::repeating(&{choices:?})`:\n{broken}");
            }
        }
    }
    println!("{name}: {schedules} schedules of seeds {first} to {last}");
}

/// A panic is a broken law too.
fn tried(case: impl Fn(&mut Dice) -> Case, dice: &mut Dice) -> Case {
    catch_unwind(AssertUnwindSafe(|| case(dice))).unwrap_or_else(|panic| {
        let message = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
        Err(format!("panics: {}", message.unwrap_or("without a word")))
    })
}

/// Leaves out and lessens choices as long as a law stays broken.
fn shrunk(case: impl Fn(&mut Dice) -> Case, mut choices: Vec<u64>, mut broken: String) -> (Vec<u64>, String) {
    let mut effort = 0;
    let mut breaks = |candidate: Vec<u64>, choices: &mut Vec<u64>| -> bool {
        if effort > EFFORT {
            return false;
        }
        let mut dice = Dice::repeating(&candidate);
        let outcome = tried(&case, &mut dice);
        effort += dice.taken.len();
        let Err(why) = outcome else { return false };
        let mut kept = candidate;
        kept.truncate(dice.taken.len());
        while kept.last() == Some(&0) {
            kept.pop();
        }
        (*choices, broken) = (kept, why);
        true
    };
    loop {
        let before = choices.clone();
        let mut size = choices.len().max(1);
        while size > 0 {
            let mut at = 0;
            while at < choices.len() {
                let end = (at + size).min(choices.len());
                let rest = [&choices[..at], &choices[end..]].concat();
                if !breaks(rest, &mut choices) {
                    at += size;
                }
            }
            size /= 2;
        }
        for at in 0.. {
            let Some(&choice) = choices.get(at) else { break };
            for less in [0, choice / 2, choice.saturating_sub(1)] {
                if choices.get(at).is_some_and(|choice| less < *choice) {
                    let mut candidate = choices.clone();
                    candidate[at] = less;
                    breaks(candidate, &mut choices);
                }
            }
        }
        if choices == before {
            return (choices, broken);
        }
    }
}

#[test]
fn what_breaks_a_law_is_made_small() {
    let case = |dice: &mut Dice| {
        let numbers: Vec<u64> = (0..dice.below(50)).map(|_| dice.below(1_000)).collect();
        match numbers.iter().any(|number| *number >= 700) {
            true => Err(format!("{numbers:?}")),
            false => Ok(1),
        }
    };
    let breaks = |seed| {
        let mut dice = Dice::seeded(seed);
        case(&mut dice).err().map(|broken| (dice.taken, broken))
    };
    let (choices, broken) = (0..).find_map(breaks).expect("it is soon met");
    let (choices, broken) = shrunk(case, choices, broken);
    assert_eq!((choices.as_slice(), broken.as_str()), (&[1, 700][..], "[700]"));
}
