use std::ops::Range;

/// How far apart two parts of a text are laid out beyond their own length: by so much a part may grow and keep its places.
const ROOM: u32 = 4096;

/// Places for the parts of a text that stay the same while other parts are edited.
///
/// A text is cut where its parts begin. Each part has places of its own, in the order of the text, with room behind it: when a part
/// changes its length, the places of all others stay as they are, and only where they stand in the text is another matter. What has
/// been found out about a part stays true.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    parts: Vec<Part>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Part {
    /// Its first place.
    place: u32,
    /// Where it begins in the text, in bytes.
    offset: u32,
}

impl Layout {
    /// For a text that is cut at `starts`, byte offsets in ascending order; what stands before the first is a part too.
    pub fn new(starts: impl IntoIterator<Item = u32>) -> Self {
        let mut parts = vec![Part { place: 0, offset: 0 }];
        for (index, offset) in (1..).zip(starts) {
            parts.push(Part { place: offset.saturating_add(ROOM.saturating_mul(index)), offset });
        }
        Layout { parts }
    }

    /// Where the parts begin in the text, the one before the first cut left out.
    pub fn starts(&self) -> impl ExactSizeIterator<Item = usize> {
        self.parts[1..].iter().map(|part| part.offset as usize)
    }

    /// The layout once the text of the part that begins at the cut `index` has grown by `by` bytes; `None` where there is no room for
    /// that. `length` is its new length.
    pub fn grown(&self, index: usize, length: usize, by: isize) -> Option<Layout> {
        let own = index + 1;
        let next = self.parts.get(own + 1).map_or(u32::MAX, |next| next.place);
        if length >= (next - self.parts[own].place) as usize {
            return None;
        }
        let mut parts = self.parts.clone();
        for part in &mut parts[own + 1..] {
            part.offset = u32::try_from(part.offset as isize + by).ok()?;
        }
        Some(Layout { parts })
    }

    /// Where in the text the place is.
    pub(super) fn offset(&self, place: u32) -> usize {
        let part = self.parts[self.parts.partition_point(|part| part.place <= place) - 1];
        part.offset as usize + (place - part.place) as usize
    }

    /// The bytes between two places.
    pub(super) fn range(&self, start: u32, end: u32) -> Range<usize> {
        let from = self.offset(start);
        // The place behind the last byte may be no place of the same part.
        if end > start { from..self.offset(end - 1) + 1 } else { from..from }
    }

    /// The places of some bytes of the text: the reverse of [`range`](Self::range).
    pub(super) fn places(&self, bytes: Range<usize>) -> Range<usize> {
        let of = |offset: usize| {
            let part = self.parts[self.parts.partition_point(|part| part.offset as usize <= offset) - 1];
            part.place as usize + (offset - part.offset as usize)
        };
        let start = of(bytes.start);
        if bytes.is_empty() { start..start } else { start..of(bytes.end - 1) + 1 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_have_places_and_places_have_bytes() {
        let layout = Layout::new([2, 5, 9]);
        for start in 0..12 {
            for end in start..12 {
                let places = layout.places(start..end);
                let place = |at: usize| u32::try_from(at).expect("it is small");
                assert_eq!(layout.range(place(places.start), place(places.end)), start..end);
            }
        }
        let order: Vec<usize> = (0..12).map(|at| layout.places(at..at).start).collect();
        assert!(order.is_sorted_by(|a, b| a < b), "{order:?}");
    }

    #[test]
    fn a_part_that_grows_moves_no_place_of_another() {
        let before = Layout::new([0, 10, 20]);
        let after = before.grown(1, 13, 3).expect("there is room");
        assert_eq!(after.places(23..24), before.places(20..21));
        assert_eq!(after.places(12..13).start, before.places(10..11).start + 2);
        assert_eq!(after.places(4..5), before.places(4..5));
        assert_eq!(before.grown(1, 10 + ROOM as usize, ROOM as isize), None);
        assert_eq!(before.grown(2, 900_000, 899_990).map(|layout| layout.starts().len()), Some(3));
    }
}
