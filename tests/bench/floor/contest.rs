//! Contestants that take turns.

use std::time::Duration;

/// What was measured of one task.
pub struct Contest {
    /// `chain`
    pub name: &'static str,
    /// What is done, in a sentence.
    pub task: &'static str,
    /// pipe first, then what it is measured against.
    pub contestants: Vec<Contestant>,
    /// What must hold.
    pub goal: Goal,
}

/// One who does the task, and how long each turn took.
pub struct Contestant {
    pub name: &'static str,
    pub turns: Vec<Took>,
}

/// How long a turn took.
#[derive(Clone, Copy)]
pub struct Took {
    /// Until what was wanted was there.
    pub aim: Duration,
    /// Until all was taken back.
    pub whole: Duration,
}

/// What must hold of pipe's median.
pub enum Goal {
    /// At most so long.
    Within(Duration),
    /// At most so many times the median of the contestant of that name.
    Times(f64, &'static str),
}

/// A way to do a task: does it once and answers how long that took, preparations left out.
pub type Turn<'a> = Box<dyn FnMut() -> Took + 'a>;

/// Lets all do the task, one after the other, `rounds` times; a first round warms caches and is not counted.
pub fn take_turns(rounds: usize, mut turns: Vec<(&'static str, Turn<'_>)>) -> Vec<Contestant> {
    let mut contestants: Vec<Contestant> =
        turns.iter().map(|(name, _)| Contestant { name, turns: Vec::new() }).collect();
    for round in 0..=rounds {
        for (contestant, (_, turn)) in contestants.iter_mut().zip(&mut turns) {
            let took = turn();
            if round > 0 {
                contestant.turns.push(took);
            }
        }
    }
    contestants
}

impl Took {
    /// A turn that leaves nothing to take back.
    pub fn all(whole: Duration) -> Took {
        Took { aim: whole, whole }
    }

    pub fn aim(&self) -> Duration {
        self.aim
    }

    pub fn whole(&self) -> Duration {
        self.whole
    }
}

impl Contestant {
    /// The middle of the times that `part` takes of each turn.
    pub fn median(&self, part: fn(&Took) -> Duration) -> Duration {
        let mut times: Vec<Duration> = self.turns.iter().map(part).collect();
        times.sort();
        times.get(times.len() / 2).copied().unwrap_or_default()
    }
}

impl Contest {
    /// Pipe's median as a multiple of another's.
    pub fn ratio(&self, name: &str, part: fn(&Took) -> Duration) -> Option<f64> {
        let other = self.contestants.iter().find(|other| other.name == name)?;
        Some(self.contestants.first()?.median(part).as_secs_f64() / other.median(part).as_secs_f64())
    }

    /// The goal in words, and whether it is met; not known where its contestant did not run.
    pub fn verdict(&self) -> (String, Option<bool>) {
        match self.goal {
            Goal::Within(most) => {
                (format!("≤ {most:?}"), self.contestants.first().map(|pipe| pipe.median(Took::aim) <= most))
            }
            Goal::Times(most, name) => {
                (format!("≤ {most} × {name}"), self.ratio(name, Took::aim).map(|ratio| ratio <= most))
            }
        }
    }
}
