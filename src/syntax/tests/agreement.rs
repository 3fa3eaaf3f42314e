//! Node by node must be the same as all at once: the KDL crate on the whole text is the oracle.

use kdl::{KdlDocument, KdlNode, KdlValue};
use proptest::prelude::*;

use super::*;

fn same(theirs: &[KdlNode], ours: &[Node]) -> bool {
    theirs.len() == ours.len() && theirs.iter().zip(ours).all(|(theirs, ours)| same_node(theirs, ours))
}

fn same_node(theirs: &KdlNode, ours: &Node) -> bool {
    let entries = theirs.entries().iter().zip(&ours.entries).all(|(theirs, ours)| {
        theirs.name().map(|name| name.value()) == ours.name.as_ref().map(|name| name.value.as_str())
            && theirs.ty().map(|ty| ty.value()) == ours.annotation.as_ref().map(|ty| ty.value.as_str())
            && match (theirs.value(), &ours.value.value) {
                (KdlValue::String(theirs), Value::String(ours)) => theirs == ours,
                (KdlValue::Integer(theirs), Value::Integer(ours)) => theirs == ours,
                (KdlValue::Float(theirs), Value::Float(ours)) => theirs.to_bits() == ours.to_bits(),
                (KdlValue::Bool(theirs), Value::Bool(ours)) => theirs == ours,
                (KdlValue::Null, Value::Null) => true,
                _ => false,
            }
    });
    entries
        && theirs.name().value() == ours.name.value
        && theirs.ty().map(|ty| ty.value()) == ours.annotation.as_ref().map(|ty| ty.value.as_str())
        && theirs.entries().len() == ours.entries.len()
        && theirs.children().is_some() == ours.children.is_some()
        && same(theirs.children().map_or(&[][..], KdlDocument::nodes), ours.children())
}

/// Where the crate reads the text, so do we, without a word and to the same nodes.
fn agree(text: &str) {
    let whole = KdlDocument::parse(text);
    let (_, document, diagnostics) = read(text);
    match whole {
        // The crate is lax in what is taken out, such as `/-a {} b` and `/-a #true(t)b`; left in, it refuses it as well.
        Ok(_) if text.contains("/-") && diagnostics.has_errors() => {
            // As is one that follows another, which takes nothing out.
            let parts: Vec<&str> = text.split("/-").collect();
            let in_a_row = parts[1..parts.len() - 1].iter().any(|between| between.trim().is_empty());
            let left_in = KdlDocument::parse(&text.replace("/-", " "));
            assert!(left_in.is_err() || in_a_row, "{text:?}: {diagnostics:?}");
        }
        Ok(whole) => {
            assert!(!diagnostics.has_errors(), "{text:?}: {diagnostics:?}");
            assert!(same(whole.nodes(), &document.nodes), "{text:?}: {document:?}");
        }
        // The crate refuses some slashdashes that KDL allows, such as `/- a;` with nothing after it.
        Err(_) if text.contains("/-") => {}
        Err(_) => assert!(diagnostics.has_errors(), "{text:?} is no KDL, and nothing is told"),
    }
}

#[test]
fn a_pipeline_is_read_as_the_crate_reads_it() {
    agree(include_str!("pipeline.kdl"));
}

#[test]
fn corners_of_the_grammar_are_read_as_the_crate_reads_them() {
    for text in [
        "a{b}",
        "a{b;c}",
        "a { b\n}\nc",
        "a;b;;c",
        "a \\\n b",
        "a \\ // x\n b",
        "/- a { b }\nc",
        "a /- b c",
        "a /- b=1 c",
        "a /-{ b } { c }",
        "a { c } /-{ b }",
        "a /-\n b c",
        "(t)a (u)1 k=(v)2",
        "( t )a",
        "a k = 1",
        "\"a b\" \"c d\"=1",
        "#\"a\"# ##\"b\"#\"##",
        "a #inf #-inf",
        "a 1 1.5 0x1f 0b1 0o7 1e3 -1 +1 1_0",
        "a \"\\u{1F600}\\n\\s\\\n   b\"",
        "a \"\"\"\n  b\n\n    c\n  \"\"\"",
        "a #\"\"\"\n b\\\n \"\"\"#",
        "a \"\"\"\n  x \\\n  y\n  \"\"\"",
        "a // b\nc",
        "a /* b\n */ c",
        "a\rb\r\nc\u{2028}d",
        "\u{FEFF}a",
        "a\u{A0}b",
        "+ .x -. ..",
        "a \"b\"c",
        "a =1",
        "a b=",
        "{ }",
        "a { } b",
        "a }",
        "a {",
        "a \"b",
        "true",
        "a true",
        "a 1x",
        "a (t)",
        "a /-",
        "a \"\\q\"",
        "a\\b",
        "a \"b\"/-c",
        "a { /- }",
        "a /-{ } b { }",
        "(a)(b)c",
        "a (b)(c)d",
        "a (b) c",
        "(a) b",
        "a b =c",
        "a= b",
        "a b{c",
        "a 'b'x",
        "a /- /-a a",
    ] {
        agree(text);
    }
}

/// Texts that are mostly valid; what this room refuses although it is KDL (`{{`, `$(`, `x://`, `- item`, `'…'`, names with a
/// colon) is not among them.
fn texts() -> impl Strategy<Value = String> {
    let part = prop::sample::select(vec![
        "a",
        "b-c",
        "\"s\"",
        "\"two words\"",
        "#\"raw\"#",
        "\"\\n\\\"\"",
        "1",
        "-2.5",
        "0x1f",
        "#true",
        "#null",
        "k=",
        "k=1",
        "(t)",
        "(t)a",
        " ",
        " ",
        " ",
        "  ",
        "\n",
        "\n",
        ";",
        " {",
        "{\n",
        "}",
        " }\n",
        "/-",
        " /- ",
        "// c\n",
        "/* c */",
        "\\\n",
        "\"\"\"\n  m\n  \"\"\"",
        "true",
        "\"",
        "\\",
        "\t",
        "\r\n",
    ]);
    prop::collection::vec(part, 0..14).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(cases(300, "tests/regressions/syntax-agreement.txt"))]

    #[test]
    fn any_text_is_read_as_the_crate_reads_it(text in texts()) {
        agree(&text);
    }
}
