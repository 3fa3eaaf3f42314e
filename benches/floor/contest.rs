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
    pub times: Vec<Duration>,
}

/// What must hold of pipe's median.
pub enum Goal {
    /// At most so long.
    Within(Duration),
    /// At most so many times the median of the contestant of that name.
    Times(f64, &'static str),
}

/// A way to do a task: does it once and answers how long that took, what does not belong to the task left out.
pub type Turn<'a> = Box<dyn FnMut() -> Duration + 'a>;

/// Lets all do the task, one after the other, `rounds` times; a first round warms caches and is not counted.
pub fn take_turns(rounds: usize, mut turns: Vec<(&'static str, Turn<'_>)>) -> Vec<Contestant> {
    let mut contestants: Vec<Contestant> =
        turns.iter().map(|(name, _)| Contestant { name, times: Vec::new() }).collect();
    for round in 0..=rounds {
        for (contestant, (_, turn)) in contestants.iter_mut().zip(&mut turns) {
            let took = turn();
            if round > 0 {
                contestant.times.push(took);
            }
        }
    }
    contestants
}

impl Contestant {
    /// The middle time.
    pub fn median(&self) -> Duration {
        let mut times = self.times.clone();
        times.sort();
        times.get(times.len() / 2).copied().unwrap_or_default()
    }
}

impl Contest {
    /// Pipe's median as a multiple of another's.
    pub fn ratio(&self, name: &str) -> Option<f64> {
        let other = self.contestants.iter().find(|other| other.name == name)?;
        Some(self.contestants.first()?.median().as_secs_f64() / other.median().as_secs_f64())
    }

    /// The goal in words, and whether it is met; not known where its contestant did not run.
    pub fn verdict(&self) -> (String, Option<bool>) {
        match self.goal {
            Goal::Within(most) => (format!("≤ {most:?}"), self.contestants.first().map(|pipe| pipe.median() <= most)),
            Goal::Times(most, name) => (format!("≤ {most} × {name}"), self.ratio(name).map(|ratio| ratio <= most)),
        }
    }
}
