/// Puts `items` into an order drawn by lot, the same one for the same seed and name on every machine.
pub(super) fn shuffle<T>(items: &mut [T], seed: u64, name: &str) {
    // Suites of the same length are not to be dealt alike.
    let mut state = name.bytes().fold(seed, |state, byte| next(&mut (state ^ u64::from(byte))));
    for last in (1..items.len()).rev() {
        let range = last as u64 + 1;
        // The high half of the product: a number below `range`.
        let drawn = (u128::from(next(&mut state)) * u128::from(range)) >> 64;
        items.swap(last, usize::try_from(drawn).expect("below the length of a slice"));
    }
}

/// SplitMix64, of Steele, Lea and Flood, “Fast splittable pseudorandom number generators”, 2014.
fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn order(seed: u64, name: &str) -> Vec<u32> {
        let mut items: Vec<u32> = (0..10).collect();
        shuffle(&mut items, seed, name);
        items
    }

    #[test]
    fn a_seed_repeats_its_order_and_another_one_deals_anew() {
        assert_eq!(order(7, "todos"), order(7, "todos"));
        assert_ne!(order(7, "todos"), order(8, "todos"));
        assert_ne!(order(7, "todos"), order(7, "files"));
        let mut sorted = order(7, "todos");
        sorted.sort_unstable();
        assert_eq!(sorted, (0..10).collect::<Vec<_>>(), "nothing is lost");
    }

    #[test]
    fn each_place_is_dealt_to_each() {
        let firsts: BTreeSet<u32> = (0..200).map(|seed| order(seed, "x")[0]).collect();
        assert_eq!(firsts.len(), 10);
    }
}
