use crate::diagnostic::codes::text::TEXT_LIMIT;
use crate::diagnostic::{Diagnostic, Diagnostics};

/// The most that one analysis tells of. Nobody reads on; a text with more is not a pipeline.
const MOST: usize = 1000;

/// The longest that a message, a label, a help or a note is told in, in characters; a text may hold a word of 4 MiB.
const LONGEST: usize = 2000;

/// The most that a fix writes, in bytes, and in how many places: more is told of, and mended by hand.
const MOST_WRITTEN: usize = 512 << 10;
const MOST_EDITS: usize = 1000;

/// The first [`MOST`] of `diagnostics`, which are in the order of the text, and how many more there are. What is told of them is as
/// grave as the gravest that is left out, so that a pipeline that is refused always says why.
pub(super) fn capped(diagnostics: Diagnostics) -> Diagnostics {
    let total = diagnostics.len();
    let mut rest = diagnostics.into_iter().map(brief);
    if total <= MOST {
        return rest.collect();
    }
    let mut told: Diagnostics = rest.by_ref().take(MOST).collect();
    let Some(first) = rest.next() else { return told };
    let severity = rest.map(|it| it.severity).fold(first.severity, Ord::max);
    let limit = Diagnostic {
        severity,
        ..Diagnostic::new(TEXT_LIMIT, format!("there are {} more findings, which are not told", total - MOST))
    };
    let limit = limit.help("mend those that are told, and check again");
    told.push(match first.span() {
        Some(span) => limit.label(span, "the next one is here"),
        None => limit,
    });
    told
}

/// The same, told in bounded space.
fn brief(mut diagnostic: Diagnostic) -> Diagnostic {
    let words = diagnostic.labels.iter_mut().map(|label| &mut label.text);
    let words = words.chain(&mut diagnostic.help).chain(&mut diagnostic.notes).chain([&mut diagnostic.message]);
    words.for_each(shorten);
    diagnostic.fixes.retain(|fix| {
        let written: usize = fix.edits.iter().map(|edit| edit.text.len()).sum();
        fix.edits.len() <= MOST_EDITS && written <= MOST_WRITTEN
    });
    diagnostic
}

/// Takes the middle out of a text that is too long.
fn shorten(text: &mut String) {
    if text.len() <= LONGEST {
        return;
    }
    let (head, tail) = (text.char_indices().nth(LONGEST * 3 / 4), text.char_indices().rev().nth(LONGEST / 4));
    if let (Some((head, _)), Some((tail, _))) = (head, tail)
        && head < tail
    {
        text.replace_range(head..tail, " … ");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Severity;
    use crate::diagnostic::codes::names::{UNKNOWN_REFERENCE, UNUSED_PARAM};

    fn many(count: usize) -> Diagnostics {
        (0..count).map(|at| Diagnostic::new(UNUSED_PARAM, at.to_string())).collect()
    }

    #[test]
    fn what_is_too_much_is_counted() {
        assert_eq!(capped(many(MOST)), many(MOST));
        let told = capped(many(MOST + 3));
        let last = told.iter().last().expect("there are some");
        assert_eq!((told.len(), last.severity), (MOST + 1, UNUSED_PARAM.severity()));
        assert!(last.message.contains("3 more"), "{}", last.message);
    }

    #[test]
    fn what_is_told_is_bounded() {
        let span = crate::source::Span::default();
        let long = "é".repeat(1 << 20);
        let one = Diagnostic::new(UNUSED_PARAM, long.clone()).label(span, long.clone()).help(long.clone()).note(&*long);
        let one = one.fix("a", span, long.clone()).fix("b", span, "short");
        let told = capped([one].into_iter().collect());
        let one = told.iter().next().expect("it is told");
        for text in [&one.message, &one.labels[0].text, &one.notes[0]].into_iter().chain(&one.help) {
            assert!(text.chars().count() <= LONGEST + 4 && text.contains(" … "), "{}", text.len());
        }
        assert_eq!(one.fixes.iter().map(|fix| fix.title.as_str()).collect::<Vec<_>>(), ["b"]);
        let mut short = "é".repeat(LONGEST);
        shorten(&mut short);
        assert_eq!(short.chars().count(), LONGEST);
    }

    #[test]
    fn an_error_that_is_left_out_is_still_an_error() {
        let mut diagnostics = many(MOST + 1);
        diagnostics.push(Diagnostic::new(UNKNOWN_REFERENCE, "x"));
        assert_eq!(capped(diagnostics).count(Severity::Error), 1);
    }
}
