use std::collections::HashMap;
use std::ops::Range;

/// The most comparisons that are spent on lines of which none is unique; beyond it they count as replaced.
const COMPARISONS: usize = 100_000;

/// Which lines stay from an old text to a new one; those of both sides are as many, in the same order.
#[derive(Debug)]
pub struct KeptLines {
    /// Of each line of the old text whether it stays.
    pub old: Vec<bool>,
    /// Of each line of the new text whether it was there.
    pub new: Vec<bool>,
}

impl KeptLines {
    /// Patience diff: lines that are unique on both sides are anchors, between which it is done again. Near linear in the lines.
    pub fn between(old: &[&str], new: &[&str]) -> Self {
        let mut ids: HashMap<&str, usize> = HashMap::new();
        let mut numbers = old.iter().chain(new).map(|line| {
            let next = ids.len();
            *ids.entry(line).or_insert(next)
        });
        let left: Vec<usize> = numbers.by_ref().take(old.len()).collect();
        let right: Vec<usize> = numbers.collect();
        let mut kept = KeptLines { old: vec![false; old.len()], new: vec![false; new.len()] };
        let mut open = vec![(0..old.len(), 0..new.len())];
        while let Some((mut from, mut to)) = open.pop() {
            while !from.is_empty() && !to.is_empty() && left[from.start] == right[to.start] {
                kept.pair(from.start, to.start);
                (from.start, to.start) = (from.start + 1, to.start + 1);
            }
            while !from.is_empty() && !to.is_empty() && left[from.end - 1] == right[to.end - 1] {
                (from.end, to.end) = (from.end - 1, to.end - 1);
                kept.pair(from.end, to.end);
            }
            if from.is_empty() || to.is_empty() {
                continue;
            }
            let anchors = anchors(&left, &right, &from, &to);
            if anchors.is_empty() {
                kept.compare(&left, &right, from, to);
                continue;
            }
            let mut last = (from.start, to.start);
            for (at, other) in anchors {
                open.push((last.0..at, last.1..other));
                kept.pair(at, other);
                last = (at + 1, other + 1);
            }
            open.push((last.0..from.end, last.1..to.end));
        }
        kept
    }

    fn pair(&mut self, old: usize, new: usize) {
        (self.old[old], self.new[new]) = (true, true);
    }

    /// The longest common subsequence of a few lines.
    fn compare(&mut self, left: &[usize], right: &[usize], from: Range<usize>, to: Range<usize>) {
        let width = to.len() + 1;
        if from.len().saturating_mul(to.len()) > COMPARISONS {
            return;
        }
        let mut longest = vec![0_u32; (from.len() + 1) * width];
        for at in (0..from.len()).rev() {
            for other in (0..to.len()).rev() {
                longest[at * width + other] = if left[from.start + at] == right[to.start + other] {
                    longest[(at + 1) * width + other + 1] + 1
                } else {
                    longest[(at + 1) * width + other].max(longest[at * width + other + 1])
                };
            }
        }
        let (mut at, mut other) = (0, 0);
        while at < from.len() && other < to.len() {
            if left[from.start + at] == right[to.start + other] {
                self.pair(from.start + at, to.start + other);
                (at, other) = (at + 1, other + 1);
            } else if longest[(at + 1) * width + other] >= longest[at * width + other + 1] {
                at += 1;
            } else {
                other += 1;
            }
        }
    }
}

/// The lines that are unique in both ranges, as many as keep their order.
fn anchors(left: &[usize], right: &[usize], from: &Range<usize>, to: &Range<usize>) -> Vec<(usize, usize)> {
    // Of each line how often it stands on the left and on the right, and where on the left.
    let mut seen: HashMap<usize, (usize, usize, usize)> = HashMap::new();
    for at in from.clone() {
        let entry = seen.entry(left[at]).or_default();
        *entry = (entry.0 + 1, entry.1, at);
    }
    for at in to.clone() {
        seen.entry(right[at]).or_default().1 += 1;
    }
    let unique = to.clone().filter_map(|at| match seen[&right[at]] {
        (1, 1, old) => Some((old, at)),
        _ => None,
    });
    // The longest run of growing places, by patience: each pile keeps the least end of all runs of its length.
    let pairs: Vec<(usize, usize)> = unique.collect();
    let mut piles: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = vec![None; pairs.len()];
    for (index, (old, _)) in pairs.iter().enumerate() {
        let pile = piles.partition_point(|top| pairs[*top].0 < *old);
        before[index] = pile.checked_sub(1).map(|under| piles[under]);
        if pile == piles.len() {
            piles.push(index);
        } else {
            piles[pile] = index;
        }
    }
    let mut run = Vec::with_capacity(piles.len());
    let mut next = piles.last().copied();
    while let Some(index) = next {
        run.push(pairs[index]);
        next = before[index];
    }
    run.reverse();
    run
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stays_is_paired() {
        let kept = KeptLines::between(&["a", "b", "c", "d"], &["a", "x", "c", "d", "e"]);
        assert_eq!(kept.old, [true, false, true, true]);
        assert_eq!(kept.new, [true, false, true, true, false]);
        let nothing = KeptLines::between(&[], &["a"]);
        assert_eq!((nothing.old.len(), nothing.new), (0, vec![false]));
    }
}
