//! What the formatter promises: layout is normal, nothing is lost, and twice is once.

use kdl::KdlDocument;
use proptest::prelude::*;
use proptest::test_runner::{Config, FileFailurePersistence};

use super::*;
use crate::source::Files;

fn run(text: &str) -> (Option<String>, Diagnostics) {
    format(Files::single("pipeline.kdl", text).root())
}

fn formatted(text: &str) -> String {
    let (out, diagnostics) = run(text);
    out.unwrap_or_else(|| panic!("{text:?}: {diagnostics:?}"))
}

/// The comments of a text, in order of their words, without the blanks at their lines' ends.
fn comments(text: &str) -> Vec<String> {
    let files = Files::single("pipeline.kdl", text);
    let tokens = crate::syntax::scanner::scan(&mut crate::syntax::mistakes::Mistakes::new(files.root()));
    let starts = tokens.iter().map(|token| token.start).chain([text.len()]);
    let ends = [0].into_iter().chain(tokens.iter().map(|token| token.end));
    let mut found: Vec<String> = ends
        .zip(starts)
        .flat_map(|(end, start)| trivia::trivia(text, end..start))
        .filter_map(|trivia| match trivia {
            trivia::Trivia::Comment(range) => Some(text[range].trim_end().replace("\r\n", "\n").replace('\r', "\n")),
            trivia::Trivia::Continuation | trivia::Trivia::LineEnd => None,
        })
        .collect();
    found.sort();
    found
}

/// Prints a text and holds the result to all promises, without the net that [`format`] has.
fn keeps(text: &str) -> String {
    let files = Files::single("pipeline.kdl", text);
    let (document, diagnostics) = parse(files.root());
    assert!(!diagnostics.has_errors(), "{text:?}: {diagnostics:?}");
    let print_of = |file: &SourceFile| print(file.text(), &read_layout(file).expect("its tokens fit together"));
    let once = print_of(files.root());
    let after = Files::single("pipeline.kdl", &once);
    let (document_after, diagnostics) = parse(after.root());
    assert!(!diagnostics.has_errors(), "{text:?} became {once:?}: {diagnostics:?}");
    assert!(same_meaning(&document, &document_after), "{text:?} became {once:?}");
    assert_eq!(comments(text), comments(&once), "{text:?} became {once:?}");
    let slashdashes = |text: &str| {
        let files = Files::single("pipeline.kdl", text);
        let tokens = crate::syntax::scanner::scan(&mut crate::syntax::mistakes::Mistakes::new(files.root()));
        tokens.iter().filter(|token| token.kind == crate::syntax::token::Kind::Slashdash).count()
    };
    assert_eq!(slashdashes(text), slashdashes(&once), "{text:?} became {once:?}");
    assert_eq!(print_of(after.root()), once, "{text:?}");
    assert!(once.is_empty() || (once.ends_with('\n') && !once.ends_with("\n\n")), "{once:?}");
    assert!(!once.contains("\n\n\n") || once.contains("\"\"\"") || once.contains("/*"), "{once:?}");
    once
}

#[test]
fn blanks_and_lines_are_those_of_one_form() {
    for (text, form) in [
        ("", ""),
        ("\n\n  \n", ""),
        ("a", "a\n"),
        ("  a   1\tk = 2  ;\n", "a 1 k=2\n"),
        ("a;b; c", "a\nb\nc\n"),
        ("\n\na\n\n\n\nb\n", "a\n\nb\n"),
        ("a{\n\n  b\n\n\n  c\n\n}", "a {\n    b\n\n    c\n}\n"),
        ("a{b}", "a { b }\n"),
        ("a { b; c ; }", "a { b; c }\n"),
        ("a { b\n}", "a {\n    b\n}\n"),
        ("a{}", "a {}\n"),
        ("a {\n\n}", "a {}\n"),
        ("(t) a (u) 1 k=(v) 2", "(t)a (u)1 k=(v)2\n"),
        ("a 0xFF 1_000 +1 1e3 #inf", "a 0xFF 1_000 +1 1e3 #inf\n"),
        ("a \"b\" #\"c\"# \"\\u{61}\"", "a \"b\" #\"c\"# \"\\u{61}\"\n"),
        ("a\r\nb\rc\u{2028}d", "a\nb\nc\nd\n"),
        ("\u{FEFF}a", "a\n"),
    ] {
        assert_eq!(keeps(text), form, "{text:?}");
    }
}

#[test]
fn comments_stay_where_they_are() {
    for (text, form) in [
        ("// a\n\n\n// b\na // c  \n//d", "// a\n\n// b\na // c\n//d\n"),
        ("a { // x\n b\n // y\n}  // z", "a { // x\n    b\n    // y\n} // z\n"),
        ("a/* x */1   /*y*/k=2", "a /* x */ 1 /*y*/ k=2\n"),
        ("/* x */ a", "/* x */ a\n"),
        ("a; /* x */ b", "a\n/* x */ b\n"),
        ("a /* x */; b", "a /* x */\nb\n"),
        ("a { /* x */ }", "a { /* x */ }\n"),
        ("a { /* x */ b; /* y */ c /* z */ }", "a { /* x */ b; /* y */ c /* z */ }\n"),
        ("a {\n  /* x\n  y */\n  b }", "a {\n    /* x\n  y */\n    b\n}\n"),
        ("a k /* x */ = 1", "a k /* x */ =1\n"),
        ("( /* x */ t ) a", "( /* x */ t)a\n"),
    ] {
        assert_eq!(keeps(text), form, "{text:?}");
    }
}

#[test]
fn slashdashes_and_continuations_stay() {
    for (text, form) in [
        ("/- a { b }", "/-a { b }\n"),
        ("a /- b /-k=1 c", "a /-b /-k=1 c\n"),
        ("a /-{ b } { c } /- { d }", "a /-{ b } { c } /-{ d }\n"),
        ("/-\n\n a", "/-a\n"),
        ("/- // x\n a", "/- // x\n    a\n"),
        ("a \\\n  b   \\ // x\nc", "a \\\n    b \\ // x\n    c\n"),
        ("a \\\n \\\n b", "a \\\n    b\n"),
        ("a \\ // x\n\nb", "a // x\n\nb\n"),
        ("a {\n  b 1 \\\n\t\t2\n}", "a {\n    b 1 \\\n        2\n}\n"),
    ] {
        assert_eq!(keeps(text), form, "{text:?}");
    }
}

#[test]
fn strings_of_several_lines_move_with_their_node() {
    assert_eq!(
        keeps("a {\nsh \"\"\"\n  x\n\n    y\n  \"\"\"\n}"),
        "a {\n    sh \"\"\"\n        x\n\n          y\n        \"\"\"\n}\n"
    );
    assert_eq!(keeps("a { b \"\"\"\n\"\"\" }"), "a {\n    b \"\"\"\n        \"\"\"\n}\n");
    let kept = "a \"\"\"\n  x \\\n  y\n  \"\"\"\n";
    assert_eq!(keeps(kept), kept);
}

#[test]
fn a_block_on_one_line_stays_there_while_it_fits() {
    let short = format!("a {{ b {}; c }}\n", "x".repeat(WIDTH - 12));
    assert_eq!(keeps(&short), short);
    let long = format!("a {{ b {}; c {{ d }} }}\n", "x".repeat(WIDTH - 12));
    assert_eq!(keeps(&long), format!("a {{\n    b {}\n    c {{ d }}\n}}\n", "x".repeat(WIDTH - 12)));
}

#[test]
fn what_has_mistakes_is_not_touched() {
    for text in ["a {", "a 10s", "a \"b", "a: 1", "a [1]", "# a\nb", "a \"\\q\"", "a #True"] {
        let (out, diagnostics) = run(text);
        assert_eq!(out, None, "{text:?}");
        assert!(diagnostics.has_errors());
    }
}

#[test]
fn kdl_1_becomes_kdl_2() {
    for (text, form) in [
        ("a true k=false null", "a #true k=#false #null\n"),
        ("a r\"b\\c\" r#\"d\"e\"#", "a #\"b\\c\"# #\"d\"e\"#\n"),
        ("a \"b\\/c\"", "a \"b/c\"\n"),
        ("a#b true", "\"a#b\" #true\n"),
        ("a inf=1", "a \"inf\"=1\n"),
        ("/- kdl-version 1\na true", "/-kdl-version 2\na #true\n"),
        ("/-kdl-version 1\na \"b\n  c\"", "/-kdl-version 2\na \"\"\"\n    b\n      c\n    \"\"\"\n"),
        ("a true r#\"b\n\"c\"\"#", "a #true #\"\"\"\n    b\n    \"c\"\n    \"\"\"#\n"),
        ("a true \"b\n \n\"", "a #true \"\"\"\n    b\n    \\s\n\n    \"\"\"\n"),
        ("a true // \"\n/* \" */", "a #true // \"\n/* \" */\n"),
    ] {
        assert_eq!(formatted(text), form, "{text:?}");
        assert_eq!(keeps(form), form);
    }
    // A quote that was forgotten is no sign of KDL 1.
    assert_eq!(run("a \"b\nc\"").0, None);
    assert_eq!(run("a true 10s").0, None);
    let many = "a true\n".repeat(700);
    assert_eq!(formatted(&many), "a #true\n".repeat(700));
}

#[test]
fn one_line_of_many_comments_costs_little() {
    let text = format!("a {{ {} b }}", "/* x */ ".repeat(100_000));
    let begun = std::time::Instant::now();
    assert!(formatted(&text).len() > 800_000);
    assert!(begun.elapsed().as_secs() < 10);
}

/// Texts that are mostly valid, with all that a printer may trip over.
fn texts() -> impl Strategy<Value = String> {
    let part = prop::sample::select(vec![
        "a",
        "b-c",
        "\"s\"",
        "#\"raw\"#",
        "\"\\\n  x\"",
        "1_0",
        "0x1F",
        "#true",
        "k=",
        "k = 1",
        "(t)",
        "( t ) a",
        " ",
        " ",
        " ",
        "\n",
        "\n",
        "\n\n\n",
        ";",
        "; ",
        " {",
        " { ",
        "{\n",
        "}",
        " }",
        "}\n",
        "/-",
        " /- ",
        "/-\n",
        " // c\n",
        "// d \n",
        "/* e */",
        " /* f */ ",
        "/* g\n h */",
        "/* i /* j */ */",
        " \\\n",
        " \\ // k\n",
        " \\ /* l */\n",
        "\"\"\"\n  m\n\n   n\n  \"\"\"",
        "#\"\"\"\n o\\\n \"\"\"#",
        "\"\"\"\n p \\\n  q\n \"\"\"",
        "\"\"\"\r\n\tr\r\n\t\"\"\"",
        "\t",
        "\r\n",
        "\r",
        "\u{A0}",
        "\u{2028}",
    ]);
    prop::collection::vec(part, 0..24).prop_map(|parts| parts.concat())
}

/// Documents that are always valid: nodes within nodes, with whatever may stand between their parts.
fn documents() -> impl Strategy<Value = String> {
    let value = prop::sample::select(vec![
        "x",
        "\"a b\"",
        "#\"r\"#",
        "-1.5",
        "0b1",
        "#null",
        "(t)y",
        "( t )\"z\"",
        "k=v",
        "k = (t) 1",
        "\"k k\"=#true",
        "\"\"\"\n    m\n\n      n\n    \"\"\"",
        "#\"\"\"\n\"\"\"#",
    ]);
    let gap = prop::sample::select(vec![
        " ",
        " ",
        " ",
        "  \t",
        " /* c */ ",
        "/* c\n d */",
        " \\\n",
        " \\ // e\n  ",
        " /-",
        " /- /* f */ ",
        " /- // g\n\n ",
    ]);
    let end = prop::sample::select(vec![
        "\n",
        "\n",
        "\n\n\n",
        ";",
        " ; ",
        " // h\n",
        " /* i */\n",
        " /* j */ ; /* k */ ",
        " \\\n\n",
        "\r\n",
    ]);
    let head = (
        prop::sample::select(vec!["", "", "/-", "/-\n", "// l\n", "/* m */ ", "\n"]),
        prop::collection::vec((gap, value), 0..4),
    )
        .prop_map(|(before, entries)| {
            let entries: String = entries.into_iter().map(|(gap, value)| format!("{gap}{value}")).collect();
            format!("{before}node{entries}")
        });
    let leaf = (head.clone(), end.clone()).prop_map(|(head, end)| head + end);
    leaf.prop_recursive(4, 40, 5, move |inner| {
        let open = prop::sample::select(vec!["{", " { ", " {\n", " { // n\n", " /-{ } {", " /* o */ {"]);
        (head.clone(), open, prop::collection::vec(inner, 0..5), end.clone())
            .prop_map(|(head, open, inner, end)| format!("{head}{open}{}}}{end}", inner.concat()))
    })
}

fn cases(count: u32) -> Config {
    Config {
        cases: count,
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct("tests/regressions/syntax-format.txt"))),
        ..Config::default()
    }
}

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn texts_keep_what_they_say(text in texts()) {
        let files = Files::single("pipeline.kdl", &text);
        if !parse(files.root()).1.has_errors() {
            keeps(&text);
        }
        // Whatever the text, it is either formatted for good or left alone.
        if let (Some(once), _) = run(&text) {
            prop_assert_eq!(formatted(&once), once);
        }
    }

    #[test]
    fn documents_keep_what_they_say(documents in prop::collection::vec(documents(), 0..4)) {
        let text = documents.concat();
        let files = Files::single("pipeline.kdl", &text);
        prop_assume!(!parse(files.root()).1.has_errors());
        let once = keeps(&text);
        prop_assert!(KdlDocument::parse(&once).is_ok() || KdlDocument::parse(&text).is_err(), "{:?} became {:?}", text, once);
    }
}
