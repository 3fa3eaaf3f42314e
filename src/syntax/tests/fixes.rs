//! A safe fix mends what it is a fix of, and all of them together come to an end.

use proptest::prelude::*;

use super::*;
use crate::diagnostic::{Code, Edit, Fix, codes};

/// `text` with the safe fixes of those diagnostics applied of which `wanted` holds; one that touches an earlier one waits.
fn mended(text: &str, diagnostics: &Diagnostics, wanted: impl Fn(Code) -> bool) -> String {
    let fixes =
        diagnostics.iter().filter(|diagnostic| wanted(diagnostic.code)).flat_map(|diagnostic| &diagnostic.fixes);
    let mut edits: Vec<&Edit> = Vec::new();
    for fix in fixes.filter(|fix| fix.safe) {
        fits(text, fix);
        let is_apart = |a: &Edit, b: &Edit| {
            a.span.start != b.span.start && (a.span.end <= b.span.start || b.span.end <= a.span.start)
        };
        let touches = |edit: &Edit| edits.iter().any(|other| !is_apart(edit, other));
        if !fix.edits.iter().any(touches) {
            edits.extend(&fix.edits);
        }
    }
    edits.sort_by_key(|edit| edit.span);
    let mut out = text.to_owned();
    for edit in edits.into_iter().rev() {
        out.replace_range(edit.span.range(), &edit.text);
    }
    out
}

/// The edits of a fix lie in the text, at characters, and apart from each other.
fn fits(text: &str, fix: &Fix) {
    let mut spans: Vec<_> = fix.edits.iter().map(|edit| edit.span).collect();
    spans.sort();
    assert!(!spans.is_empty(), "{fix:?} does nothing");
    assert!(spans.iter().all(|span| text.get(span.range()).is_some()), "{fix:?} does not fit {text:?}");
    assert!(spans.windows(2).all(|pair| pair[0].end <= pair[1].start), "{fix:?} overlaps itself in {text:?}");
}

#[test]
fn a_text_is_clean_of_what_was_fixed() {
    let samples = [
        ("disallowed-character", "a b\u{202E}c \"d\u{7}\" // \u{0}\n"),
        ("confusable-character", "st\u{430}ge \u{200B}x \"d\u{430}t\u{430}\"\n"),
        ("unclosed-brace", "a {\n  b {\n    c\n  d\n}\n"),
        ("unclosed-brace", "a { b {"),
        ("stray-brace", "a {\n}\n}\n"),
        ("brace-on-its-own", "a 1\n{\n  b\n}\n"),
        ("unclosed-string", "a \"b {\n  c\n}\n"),
        ("unclosed-string", "a #\"b\nc"),
        ("unclosed-string", "a {\n  sh \"\"\"\n    b\n      c\n  d 1\n}\n"),
        ("unclosed-string", "a #\"\"\"\r\n  b"),
        ("missing-separator", "a { b } c { d } e"),
        ("bare-keyword", "a true b=null #False"),
        ("unquoted-value", "a 10s b=8080:80 {{c}} ./d"),
        ("bad-number", "a .5 1. b=-.25"),
        ("hash-comment", "# a\nb # c\n"),
        ("key-colon", "a: 1\nb: {\n  c: d\n}\n"),
        ("equals-after-name", "a = 1\nb=2"),
        ("list-syntax", "a [\"b\", c,d]\ne \"f\", g\nh:\n  - i\n  - j\n"),
        ("single-quotes", "a 'b \"c\" d'\ne '''\n  f\n  '''\n"),
        ("typographic-quotes", "a “b c” „d“ ‘e’"),
        ("kdl1-version", "/- kdl-version 1\na"),
        ("kdl1-multiline-string", "a \"b\n  c\\\"\n \" d"),
        ("kdl1-raw-string", "a r\"b\\c\" r#\"d\"e\"# r\"f\n g\""),
        ("multiline-string", "a \"\"\"b\"c\\d\"\"\" \"\"\"e\n f\"\"\"\n"),
        ("multiline-string", "a \"\"\"\n\tb\n  c\n    \"\"\"\n"),
        ("multiline-string", "a \"\"\"\n  b \\\n c\"\"\"\n"),
        ("multiline-string", "a #\"\"\"b\r\n  c\r\n    \"\"\"#\r\n"),
        ("bad-slashdash", "a /-\nb { c } /-\n"),
        ("quote-in-string", "a \"say \"hi\"\" b\n"),
        ("stray-semicolon", "a;; b\n"),
        ("bad-escape", "a \"\\d\\/\\u00e9\\uD83D\\uDE00\\u{D800}\\u{}\\u\""),
    ];
    for (slug, text) in samples {
        let code = codes::find(slug).expect("it is a code");
        let (_, before, diagnostics) = read(text);
        assert!(diagnostics.iter().any(|diagnostic| diagnostic.code == code), "{text:?}: {diagnostics:?}");
        let mended = mended(text, &diagnostics, |found| found == code);
        let (_, after, left) = read(&mended);
        assert!(left.iter().all(|diagnostic| diagnostic.code != code), "{text:?} becomes {mended:?}: {left:?}");
        // What was read is what the text says once it is mended.
        if slug != "confusable-character" {
            let shown = |document: &Document| document.nodes.iter().map(shown).collect::<Vec<_>>();
            assert_eq!(shown(&before), shown(&after), "{text:?} becomes {mended:?}");
        }
    }
}

fn come_to_an_end(text: &str) {
    let mut text = text.to_owned();
    for _ in 0..12 {
        let (_, _, diagnostics) = read(&text);
        let next = mended(&text, &diagnostics, |_| true);
        if next == text {
            return;
        }
        text = next;
    }
    panic!("fixing goes on: {text:?}");
}

proptest! {
    #![proptest_config(cases(300, "tests/regressions/syntax-fixes.txt"))]

    #[test]
    fn fixing_comes_to_an_end(parts in prop::collection::vec(prop::sample::select(vec![
        "a", "b", " ", " ", " ", "\n", "\n", "{", "}", "\"", "\"\"\"", "\\", "#", "/-", "//", "/*", "*/", "(", ")", "=", "[", "]", ",", ":", "- ",
        "'", "r", "1", "10s", "true", "{{", "}}", "$", "é", ";", "\r\n", "“", "”", "\u{430}", "\u{200B}", "\\u00e9", ".5", "0x", "\0", "a b\n",
    ]), 0..30)) {
        come_to_an_end(&parts.concat());
    }
}
