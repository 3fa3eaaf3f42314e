//! Chance that can be repeated: all that is random in these tests comes from a seed that a failure names.

/// Numbers from a seed (splitmix64, by Sebastiano Vigna; public domain).
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Dice(seed)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((mixed ^ (mixed >> 31)) % end.max(1) as u64).expect("it is below a usize")
    }
}

/// How many resets are tried: few in CI, as many as `PIPE_TEST_RESETS` says in the long run of `tests/long.sh`.
pub fn resets(few: usize) -> usize {
    std::env::var("PIPE_TEST_RESETS").ok().and_then(|text| text.parse().ok()).unwrap_or(few)
}
