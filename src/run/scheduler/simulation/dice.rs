/// Choices that a seed, or a list of them, repeats. The first alternative of each is the simplest one, so that fewer and smaller
/// choices make a simpler run; beyond the end of a list everything is as simple as can be.
#[derive(Debug, Clone)]
pub(in crate::run) struct Dice {
    /// Where the next choice comes from.
    source: Source,
    /// All choices so far.
    pub(in crate::run) taken: Vec<u64>,
}

#[derive(Debug, Clone)]
enum Source {
    Seed(u64),
    List(Vec<u64>),
}

impl Dice {
    /// Random choices that `seed` repeats.
    pub(in crate::run) fn seeded(seed: u64) -> Self {
        Dice { source: Source::Seed(seed), taken: Vec::new() }
    }

    /// These choices.
    pub(in crate::run) fn repeating(choices: &[u64]) -> Self {
        Dice { source: Source::List(choices.to_vec()), taken: Vec::new() }
    }

    /// Whether these are choices that were made before, and are to be told.
    pub(in crate::run) fn repeats(&self) -> bool {
        matches!(self.source, Source::List(_))
    }

    /// A number from 0 up to, and without, `end`.
    pub(in crate::run) fn below(&mut self, end: u64) -> u64 {
        let end = end.max(1);
        let choice = match &mut self.source {
            Source::Seed(state) => random(state) % end,
            Source::List(list) => list.get(self.taken.len()).copied().unwrap_or(0).min(end - 1),
        };
        self.taken.push(choice);
        choice
    }

    /// True once in `n` times.
    pub(in crate::run) fn one_in(&mut self, n: u64) -> bool {
        self.below(n) + 1 == n
    }

    /// True in so many of a hundred cases.
    pub(in crate::run) fn percent(&mut self, percent: u64) -> bool {
        percent > 0 && self.below(100) >= 100 - percent
    }

    /// One of them; the first is the simplest.
    pub(in crate::run) fn pick<T: Clone>(&mut self, of: &[T]) -> T {
        of[self.below(of.len() as u64) as usize].clone()
    }
}

/// splitmix64.
fn random(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
