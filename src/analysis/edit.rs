use std::ops::Range;

/// The one stretch of a text that was edited: what stands before it and behind it is the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Edit {
    /// In the text before.
    pub before: Range<usize>,
    /// In the text after.
    pub after: Range<usize>,
}

impl Edit {
    /// What makes `after` of `before`, as small as it can be. In bytes, which may lie within characters.
    pub fn between(before: &str, after: &str) -> Edit {
        let (before, after) = (before.as_bytes(), after.as_bytes());
        let start = common(before, after, |bytes, at, length| &bytes[at..at + length]);
        let (old, new) = (&before[start..], &after[start..]);
        let end = common(old, new, |bytes, at, length| &bytes[bytes.len() - at - length..bytes.len() - at]);
        Edit { before: start..before.len() - end, after: start..after.len() - end }
    }

    /// By how many bytes the text has grown.
    pub fn growth(&self) -> isize {
        self.after.len() as isize - self.before.len() as isize
    }

    /// What `around`, a stretch of the text before, is in the text after; `None` where the edit is not within it, first and last byte
    /// left aside.
    pub fn within(&self, around: &Range<usize>) -> Option<Range<usize>> {
        let is_within = around.start < self.before.start && self.before.end < around.end;
        is_within.then(|| around.start..around.end.saturating_add_signed(self.growth()))
    }
}

/// How many bytes both have in common, as `part` counts them from one of their ends.
fn common<'a>(one: &'a [u8], other: &'a [u8], part: impl Fn(&'a [u8], usize, usize) -> &'a [u8]) -> usize {
    const STRIDE: usize = 256;
    let length = one.len().min(other.len());
    let mut at = 0;
    while at + STRIDE <= length && part(one, at, STRIDE) == part(other, at, STRIDE) {
        at += STRIDE;
    }
    while at < length && part(one, at, 1) == part(other, at, 1) {
        at += 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edit_is_as_small_as_it_can_be() {
        let edit = |before: &str, after: &str| {
            let edit = Edit::between(before, after);
            (edit.before, edit.after)
        };
        assert_eq!(edit("abcd", "abXcd"), (2..2, 2..3));
        assert_eq!(edit("aa", "aaa"), (2..2, 2..3));
        assert_eq!(edit("abcd", "ad"), (1..3, 1..1));
        assert_eq!(edit("abcd", "abcd"), (4..4, 4..4));
        assert_eq!(edit("", "x"), (0..0, 0..1));
        let long = "x".repeat(2000);
        assert_eq!(edit(&format!("{long}a{long}"), &format!("{long}b{long}")), (2000..2001, 2000..2001));
    }

    #[test]
    fn what_is_around_an_edit_keeps_its_first_and_last_byte() {
        let edit = Edit::between("stage a { b }\n", "stage a { ccc }\n");
        assert_eq!(edit.growth(), 2);
        assert_eq!(edit.within(&(0..13)), Some(0..15));
        assert_eq!(edit.within(&(10..13)), None);
        assert_eq!(edit.within(&(0..11)), None);
    }
}
