//! Texts that were made to hurt: each is told of, within bounds.

use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::*;
use crate::syntax::limits;

/// Reads a hostile text within a time that an unoptimised build on a busy machine can hold, but quadratic work cannot.
fn survive(text: &str) -> Diagnostics {
    let start = Instant::now();
    let (files, document, diagnostics) = read(text);
    let took = start.elapsed();
    assert!(took < Duration::from_secs(20), "{} bytes took {took:?}", text.len());
    assert!(diagnostics.len() <= limits::MISTAKES + 10);
    for diagnostic in diagnostics.iter() {
        for label in &diagnostic.labels {
            assert!(files.root().text().get(label.span.range()).is_some(), "{diagnostic:?}");
        }
    }
    assert!(depth(&document.nodes) <= limits::DEPTH + 1);
    diagnostics
}

fn depth(nodes: &[Node]) -> usize {
    nodes.iter().map(|node| 1 + depth(node.children())).max().unwrap_or(0)
}

fn codes(diagnostics: &Diagnostics) -> Vec<&'static str> {
    diagnostics.iter().map(|diagnostic| diagnostic.code.slug()).collect()
}

#[test]
fn deep_nesting_is_passed_over() {
    assert_eq!(codes(&survive(&"a {\n".repeat(100_000 - 1))), ["text-limit"]);
    assert_eq!(codes(&survive(&format!("{}b{}", "a { ".repeat(5000), " }".repeat(5000)))), ["text-limit"]);
    assert!(codes(&survive(&"{ ".repeat(100_000))).contains(&"text-limit"));
    assert_eq!(codes(&survive(&"{".repeat(100_000))), ["unquoted-value"]);
    let (_, document, _) = read(&format!("{}b{}\nafter", "a { ".repeat(40), " }".repeat(40)));
    assert_eq!(document.nodes.last().map(|node| node.name.value.as_str()), Some("after"));
    assert!(document.incomplete);
}

#[test]
fn nested_slashdashes_cost_nothing() {
    assert!(survive(&format!("{}{}", "a /-{ ".repeat(30), "} ".repeat(30))).is_empty());
    survive(&"a /-{\n".repeat(50_000));
    survive(&"/- ".repeat(500_000));
}

#[test]
fn nested_comments_are_counted_not_recursed() {
    assert!(survive(&format!("{}{}", "/*".repeat(500_000), "*/".repeat(500_000))).is_empty());
    assert!(survive(&format!("/*{}*/ a", " *".repeat(500_000))).is_empty());
    assert_eq!(codes(&survive(&"/*".repeat(1_000_000))), ["unclosed-comment"]);
}

#[test]
fn sizes_are_limited() {
    assert_eq!(codes(&survive(&"a".repeat(limits::TEXT_BYTES + 1))), ["text-limit"]);
    assert_eq!(codes(&survive(&"a\n".repeat(limits::ITEMS + 1))), ["text-limit"]);
    assert_eq!(codes(&survive(&"a ".repeat(limits::TEXT_BYTES / 2))), ["text-limit"]);
    assert_eq!(codes(&survive(&format!("a \"{}\"", "b".repeat(limits::TEXT_BYTES - 4)))), ["text-limit"]);
    assert!(survive(&format!("// {}", "b".repeat(limits::TEXT_BYTES - 4))).is_empty());
    assert!(survive(&" ".repeat(limits::TEXT_BYTES)).is_empty());
}

#[test]
fn repeated_looks_ahead_stay_linear() {
    for part in [
        "a{{",
        "${",
        "a(",
        "#",
        "a#",
        "\"\\\n",
        "\\\"\\\n",
        "\"\"\"a\n",
        "#\"\"\"\n",
        "\\ ",
        "\\/*",
        "'",
        "' ",
        "} a ",
        "a{};",
        "a {} b ",
        "[",
        "r\"\" ",
        "'' ",
        "] ",
        ", ",
        "\"\"\"\"\"\"",
        "\0",
        "= ",
        "(",
        ") ",
        "/- a ",
        "- a\n",
        "a:\n",
        "'''",
        "'''a\n",
        "a == ",
        "\"a\"b",
        "{",
        "}",
        "\u{202E}a ",
    ] {
        survive(&part.repeat(60_000 / part.len()));
    }
}

#[test]
fn quotes_glued_to_what_is_no_character_are_sliced_at_characters() {
    for text in ["a \"é\"\"é", "a \"\"\"", "a \"\"é\"", "a \"x\"#\"é", "a \"é\"#\"é\"#", "a \"\"==\"", "a ==é"] {
        survive(text);
    }
}

#[test]
fn binary_text_is_told_of_within_the_limit() {
    let noise: String =
        (0..100_000_u32).filter_map(|at| char::from_u32(at.wrapping_mul(2_654_435_761) >> 20 & 0x7F)).collect();
    let diagnostics = survive(&noise);
    assert!(diagnostics.has_errors());
}

proptest! {
    #![proptest_config(cases(200, "tests/regressions/syntax-hostile.txt"))]

    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,80}|[ -~\n\t\u{0}\u{202E}\u{FEFF}é]{0,120}") {
        survive(&text);
    }

    #[test]
    fn no_row_of_tokens_makes_it_panic(parts in prop::collection::vec(prop::sample::select(vec![
        "a", " ", "\n", "{", "}", "\"", "\"\"\"", "\\", "#", "/-", "//", "/*", "*/", "(", ")", "=", "[", "]", ",", ":", "-", "'", "r", "1",
        "10s", "true", "{{", "}}", "$", "é", ";", "\r", "\u{85}", "\u{2028}", "\u{A0}", "\\u{", "  ",
    ]), 0..60)) {
        survive(&parts.concat());
    }

    #[test]
    fn no_edit_of_a_pipeline_makes_it_panic(at in 0_usize..400, length in 0_usize..40, put in "[\\PC\n]{0,6}") {
        let mut text = include_str!("pipeline.kdl").to_owned();
        let at = (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        let end = (at..=(at + length).min(text.len())).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(at);
        text.replace_range(at..end, &put);
        survive(&text);
    }
}
