//! Each mistake: its code, its place, its fix, and what the rest of the text becomes.

use super::*;
use crate::diagnostic::Diagnostic;

/// Code, primary place and document of a text with one mistake.
fn one(text: &str) -> (String, String, String) {
    let (files, _, diagnostics) = read(text);
    assert_eq!(diagnostics.len(), 1, "{text:?}: {diagnostics:?}");
    let only = diagnostics.iter().next().expect("there is one");
    let place = files.slice(only.span().expect("every mistake has a place"));
    (only.code.slug().to_owned(), place.to_owned(), document(text))
}

fn assert_one(text: &str, code: &str, place: &str, document: &str) {
    assert_eq!(one(text), (code.to_owned(), place.to_owned(), document.to_owned()), "{text:?}");
}

/// `text` with all fixes of all its diagnostics applied.
fn fixed(text: &str) -> String {
    let (_, _, diagnostics) = read(text);
    let mut edits: Vec<_> =
        diagnostics.iter().flat_map(|diagnostic: &Diagnostic| &diagnostic.fixes).flat_map(|fix| &fix.edits).collect();
    edits.sort_by_key(|edit| edit.span);
    let mut out = text.to_owned();
    for edit in edits.into_iter().rev() {
        out.replace_range(edit.span.range(), &edit.text);
    }
    out
}

#[test]
fn values_that_need_quotes_are_read_as_if_quoted() {
    for value in [
        "10s",
        "5m",
        "1.2.3",
        "8080:80",
        "./x",
        "/todos",
        "a/b",
        "{{x}}",
        "a:{{ x }}/b",
        "${HOME}",
        "$(git log)",
        "http://h/p",
        "unit[a=1]",
        "[::1]:80",
        "a#b",
        "f(x)",
        "C:\\dir",
        "registry:5000/x:{{v}}",
    ] {
        let (code, place, _) = one(&format!("node {value} after"));
        assert_eq!((code.as_str(), place.as_str()), ("unquoted-value", value));
        let (_, document, _) = read(&format!("node {value} after"));
        assert_eq!(document.nodes[0].entries[0].value.value, Value::String(value.to_owned()));
        assert_eq!(document.nodes[0].entries.len(), 2, "{value}");
    }
    assert_one("8080 x", "unquoted-value", "8080", "8080 \"x\"");
    assert_one("a timeout=10s", "unquoted-value", "10s", "a timeout=\"10s\"");
}

#[test]
fn what_kdl_takes_bare_is_left_alone() {
    for value in [
        "a:b", "--flag", "-x", "+", "a,b", "don't", "a.b.c", "latest", "é", "$VAR", "*", "a|b", "1_000", "0xff",
        "-1.5e3",
    ] {
        let text = format!("node {value}");
        assert!(read(&text).2.is_empty(), "{value}: {:?}", read(&text).2);
    }
    assert_eq!(document("a b//c"), "a \"b\"");
    assert_eq!(document("a b/*c*/d"), "a \"b\" \"d\"");
}

#[test]
fn keywords_want_their_hash() {
    assert_one("a init=true", "bare-keyword", "true", "a init=#true");
    assert_one("a null", "bare-keyword", "null", "a #null");
    assert_one("a #True", "bare-keyword", "#True", "a #true");
    assert_one("true 1", "unquoted-value", "true", "true 1");
}

#[test]
fn comments_of_shells_are_told_once() {
    let text = "# one\n#two\na 1 # three\n#!x\nb";
    assert_one(text, "hash-comment", "#", "a 1\nb");
    assert_eq!(fixed(text), "// one\n//two\na 1 // three\n//!x\nb");
}

#[test]
fn keys_of_yaml_and_toml_are_names() {
    assert_one("image: x", "key-colon", "image:", "image \"x\"");
    assert_one("a { A=1\n B = \"two\" }", "equals-after-name", "=", "a { A 1; B \"two\" }");
    assert_eq!(fixed("a { A=1\n B = \"two\" }"), "a { A 1\n B \"two\" }");
    assert_eq!(fixed("db: {\n image: x\n}"), "db {\n image x\n}");
}

#[test]
fn lists_become_values() {
    for text in ["a [\"x\", \"y\"]", "a [x,y]", "a \"x\", \"y\"", "a \"x\",\"y\"", "a x , y", "a [ x y ]"] {
        assert_eq!(one(text).0, "list-syntax", "{text}");
        assert_eq!(document(text), "a \"x\" \"y\"", "{text}");
        assert!(read(&fixed(text)).2.is_empty(), "{text} is mended to {}", fixed(text));
    }
    assert_one("needs:\n  - db\n  - migrate\nb", "list-syntax", "-", "needs \"db\" \"migrate\"\nb");
    assert_eq!(fixed("needs:\n  - db\n  - migrate\nb"), "needs db migrate\nb");
    assert_one("needs {\n - db\n}", "list-syntax", "-", "needs {  } !");
    assert_one("[section]\na 1", "list-syntax", "[section]", "section\na 1");
}

#[test]
fn strings_of_other_languages_are_read() {
    assert_one("a 'b c' d", "single-quotes", "'b c'", "a \"b c\" \"d\"");
    assert_one("a 'b'", "single-quotes", "'b'", "a \"b\"");
    assert_one("a r\"b\\c\"", "kdl1-raw-string", "r\"b\\c\"", "a \"b\\\\c\"");
    assert_one("a r#\"b\"c\"#", "kdl1-raw-string", "r#\"b\"c\"#", "a \"b\\\"c\"");
}

#[test]
fn an_unclosed_string_ends_with_its_line() {
    assert_one("a \"b c\nd 1", "unclosed-string", "\"", "a \"b c\"\nd 1");
    assert_one("a \"b {\n c\n}\nd", "unclosed-string", "\"", "a \"b\" { c }\nd");
    assert_eq!(fixed("a \"b {\n c\n}"), "a \"b\" {\n c\n}");
    assert_one("a #\"b\nd", "unclosed-string", "#\"", "a \"b\"\nd");
    assert_one("a {\n  sh \"\"\"\n    x\n    y\n  b 1\n}", "unclosed-string", "\"\"\"", "a { sh \"x\\ny\"; b 1 }");
}

#[test]
fn an_unclosed_comment_takes_the_rest() {
    assert_one("a 1\n/* b\nc", "unclosed-comment", "/*", "a 1");
    assert_eq!(read("a /* b /* c */ d").2.iter().next().map(|only| only.labels.len()), Some(2));
}

#[test]
fn a_missing_brace_is_found_by_indentation() {
    let text = "a {\n  b {\n    c 1\n  d 2\n}\ne 3\n";
    assert_one(text, "unclosed-brace", "{", "a { b { c 1 }; d 2 }\ne 3");
    assert_eq!(fixed(text), "a {\n  b {\n    c 1\n  }\n  d 2\n}\ne 3\n");
    assert_one("a {\n  b 1\nc {\n  d 2\n}\n", "unclosed-brace", "{", "a { b 1 }\nc { d 2 }");
    assert_one("a {\n  b 1", "unclosed-brace", "{", "a { b 1 }");
    assert_one("a { b {\n", "unclosed-brace", "{", "a { b {  } }");
}

#[test]
fn a_brace_too_many_is_one_mistake() {
    assert_one("a {\n  b\n}\n}\nc", "stray-brace", "}", "a { b }\nc");
    assert_one("}}}}\na", "stray-brace", "}", "a");
    assert_eq!(fixed("a {\n}\n}\n"), "a {\n}\n\n");
}

#[test]
fn a_brace_on_its_own_line_belongs_to_its_node() {
    assert_one("a 1\n{\n  b\n}\nc", "brace-on-its-own", "{", "a 1 { b }\nc");
    assert_eq!(fixed("a 1\n{\n  b\n}"), "a 1 {\n  b\n}");
    assert_one("a;\n{ b }", "brace-on-its-own", "{", "a");
}

#[test]
fn nodes_on_one_line_want_a_separator() {
    assert_one("a { b } c", "missing-separator", "c", "a { b }\nc");
    assert_eq!(fixed("a { b } c"), "a { b }; c");
}

#[test]
fn escapes_of_regular_expressions_are_doubled() {
    assert_one(r#"a "[0-9]\d""#, "bad-escape", r"\d", r#"a "[0-9]\\d""#);
    assert_one(r#"a "\u{D800}""#, "bad-escape", r"\u{D800}", r#"a "\\u{D800}""#);
    assert_one(r#"a "\u{1234567}""#, "bad-escape", r"\u{123456", r#"a "\\u{1234567}""#);
    assert_eq!(fixed(r#"a "\d\w""#), r#"a "\\d\\w""#);
    assert_one(r#"a "caf\u00e9""#, "bad-escape", r"\u00e9", "a \"café\"");
    assert_one(r#"a "\uD83D\uDE00""#, "bad-escape", r"\uD83D\uDE00", "a \"😀\"");
    assert_eq!(fixed(r#"a "\u00e9\uD83D\uDE00\u0000""#), r#"a "\u{E9}\u{1F600}\\u0000""#);
}

#[test]
fn multi_line_strings_have_a_shape() {
    assert_one("a \"\"\"b\"\"\" c", "multiline-string", "\"\"\"b\"\"\"", "a \"b\" \"c\"");
    assert_one("a \"\"\"b\nc\n\"\"\"\nd", "multiline-string", "\"\"\"", "a \"b\\nc\"\nd");
    assert_one("a \"\"\"\n  b\n c\n  \"\"\"\nd", "multiline-string", " c", "a \" b\\nc\"\nd");
    assert_one("a \"\"\"\n  b\"\"\"\nd", "multiline-string", "\"\"\"", "a \"b\"\nd");
    let labels = |text: &str| {
        let diagnostic = read(text).2.into_iter().next().expect("its shape is wrong");
        diagnostic.labels.into_iter().map(|label| label.text).collect::<Vec<_>>()
    };
    assert_eq!(labels("a \"\"\"\n  b\n c\n  \"\"\""), ["begins with 1 space", "2 spaces before these"]);
    assert_eq!(labels("a \"\"\"\nb\n\t\"\"\""), ["begins with no tab", "1 tab before these"]);
    assert_eq!(labels("a \"\"\"\n\t b\n  \"\"\""), ["begins with `→·`", "`··` before these"]);
}

#[test]
fn what_cannot_be_mended_leaves_its_node_incomplete() {
    assert_one("a \"b\"c d\ne", "glued-values", "\"b\"c", "a \"d\" !\ne");
    assert_one("a c b=", "missing-value", "b=", "a \"c\" !");
    assert_one("a (x)", "missing-value", "(x)", "a !");
    assert_one("a (x b", "unclosed-type", "(x b", "a !");
    assert_one("a ) b\nc", "kdl-syntax", ")", "a !\nc");
    assert_one("a == 5\nb", "no-operators", "==", "b");
    assert_eq!(fixed("c a == 5; c a==5; c == 5"), "c a equals=5; c a equals=5; c equals=5");
    assert_eq!(fixed("a \"b\"c\"d\" e"), "a #\"b\"c\"d\"# e");
}

#[test]
fn what_stands_in_quotes_with_quotes_is_one_value() {
    assert_one("a \"{\"b\": 1}\" c", "quote-in-string", "\"{\"b\": 1}\"", "a \"{\\\"b\\\": 1}\" \"c\"");
    assert_one("a \"say \"hi\"\"", "quote-in-string", "\"say \"hi\"\"", "a \"say \\\"hi\\\"\"");
}

#[test]
fn slashdashes_blocks_and_semicolons_have_their_place() {
    assert_one("a /-", "bad-slashdash", "/-", "a");
    assert_one("a { /- }", "bad-slashdash", "/-", "a {  }");
    assert_one("a /- /- b c", "bad-slashdash", "/-", "a \"c\"");
    assert_one("a { b } { c }", "second-block", "{", "a { b }");
    assert_eq!(fixed("a { b } { c }"), "a { b \n c }");
    assert_one("a;;b", "stray-semicolon", ";", "a\nb");
    for text in ["a /-", "a { /- }", "a { b } /-", "a { b } { c }", "a {} { c }", "a;;b", "; a"] {
        assert!(read(&fixed(text)).2.is_empty(), "{text} is mended to {}", fixed(text));
    }
}

#[test]
fn numbers_of_other_languages_are_read() {
    assert_one("a .5", "bad-number", ".5", "a 0.5");
    assert_one("a -3.", "bad-number", "-3.", "a -3.0");
    assert_one("a 0xFG", "bad-number", "0xFG", "a \"0xFG\"");
    assert_one("a b=0b12", "bad-number", "0b12", "a b=\"0b12\"");
    let large = format!("1{}", "0".repeat(60));
    assert_one(&format!("a {large} b"), "bad-number", &large, &format!("a \"{large}\" \"b\""));
    assert_one("a 0bcafe1", "unquoted-value", "0bcafe1", "a \"0bcafe1\"");
    let fit = format!("a {} -{} 0x7{} {}.5 1e300", i128::MAX, i128::MAX, "f".repeat(31), i128::MAX);
    assert!(read(&fit).2.is_empty(), "{:?}", read(&fit).2);
}

#[test]
fn what_looks_alike_is_told_with_its_code() {
    let warned = |text: &str| {
        let (_, _, diagnostics) = read(text);
        let labels = diagnostics.iter().map(|diagnostic| format!("{}: {}", diagnostic.code, diagnostic.labels[0].text));
        labels.collect::<Vec<_>>()
    };
    assert_eq!(warned("st\u{430}ge a"), ["confusable-character: `а` U+0430, Cyrillic"]);
    assert_eq!(warned("a \"d\u{430}ta\""), ["confusable-character: `а` U+0430, Cyrillic"]);
    assert_eq!(warned("a b\u{FF1D}c"), ["confusable-character: `＝` U+FF1D, full width"]);
    assert_eq!(warned("a\u{200B} b"), ["confusable-character: U+200B stands here"]);
    assert_eq!(warned("a \u{2013}-b"), [""; 0]);
    assert_eq!(warned("a \u{2013}master"), ["confusable-character: `–` U+2013"]);
    assert_eq!(fixed("st\u{430}g\u{435} n\u{200B}\u{200D}a \u{2013}x \"y\u{200B}z\""), "stage na --x \"yz\"");
    let whole = "a \u{441}\u{43E}\u{440} \u{3B1}-version na\u{EF}ve \"\u{1F469}\u{200D}\u{1F4BB} x\" \"\u{438}\u{43C}\u{44F} a\u{440}\"";
    assert_eq!(warned(whole), [""; 0]);
}

#[test]
fn line_ends_that_differ_are_an_advice() {
    let (_, _, diagnostics) = read("a\r\nb\nc\n");
    let only = diagnostics.iter().next().expect("there is one");
    assert_eq!((only.code.slug(), only.labels[0].text.as_str()), ("mixed-line-endings", "the first CRLF"));
    assert_eq!(fixed("a\r\nb\nc\n\rd"), "a\nb\nc\n\nd");
    assert_eq!(fixed("a\r\nb\r\nc\n"), "a\r\nb\r\nc\r\n");
    for text in ["a\nb\n", "a\r\nb\r\n", "a\rb\r"] {
        assert!(read(text).2.is_empty());
    }
}

#[test]
fn kdl_1_is_read_as_kdl_2() {
    assert_one("/- kdl-version 1\na", "kdl1-version", "1", "a");
    assert_eq!(fixed("/- kdl-version 1\na"), "/- kdl-version 2\na");
    for text in ["/- kdl-version 2\na", "/- kdl-version 10\na", "/- kdl-version1\na", "b\n/- kdl-version 1\na"] {
        assert!(read(text).2.is_empty(), "{text}");
    }
    assert_one("a \"b\n  c\" d", "kdl1-multiline-string", "\"", "a \"b\\n  c\" \"d\"");
    assert_one("a \"\n b\n\"\nd", "kdl1-multiline-string", "\"", "a \"\\n b\\n\"\nd");
    assert_one("a r\"b\\\n  c\" d", "kdl1-raw-string", "r\"", "a \"b\\\\\\n  c\" \"d\"");
    assert_one("a r#\"b\"\r\n\"#\r\nd", "kdl1-raw-string", "r#\"", "a \"b\\\"\\n\"\nd");
    let told = read("a \"b\n c\\/d\n   \n e\" f").2.into_iter().map(|it| it.code.slug()).collect::<Vec<_>>();
    assert_eq!(told, ["kdl1-multiline-string", "bad-escape"]);
    assert_eq!(fixed("a \"b\n c\\/d\n   \n e\" f"), "a \"\"\"\n    b\n     c/d\n      \\s\n     e\n    \"\"\" f");
    assert_eq!(document("a \"b\n c\\/d\n   \n e\" f"), document(&fixed("a \"b\n c\\/d\n   \n e\" f")));
}

#[test]
fn quotes_of_letters_are_read() {
    assert_one("a “b c” d", "typographic-quotes", "“b c”", "a \"b c\" \"d\"");
    assert_one("a „b“", "typographic-quotes", "„b“", "a \"b\"");
    assert_one("a ‘b’ c", "typographic-quotes", "‘b’", "a \"b\" \"c\"");
    assert_one("a «b c»", "typographic-quotes", "«b c»", "a \"b c\"");
}

#[test]
fn forbidden_characters_are_named_and_left_out() {
    assert_one("a \"b\0c\"", "disallowed-character", "\0", "a \"bc\"");
    assert_one("a b\u{202E}c", "disallowed-character", "\u{202E}", "a \"bc\"");
    assert_one("// \u{2066}x\na", "disallowed-character", "\u{2066}", "a");
    assert_one("a /b\u{202E}", "disallowed-character", "\u{202E}", "a \"/b\"");
    assert_one("a\u{FEFF} 1", "disallowed-character", "\u{FEFF}", "a 1");
}

#[test]
fn one_broken_line_silences_nothing_else() {
    let text =
        "pipeline p\nservice db {\n  image \"x\"y\n  port 8080:80\n  env {\n    A \"1\n  }\n}\nstage s { b true }\n";
    let codes: Vec<_> = read(text).2.into_iter().map(|diagnostic| diagnostic.code.slug()).collect();
    assert_eq!(codes, ["glued-values", "unquoted-value", "unclosed-string", "bare-keyword"]);
    assert_eq!(
        document(text),
        "pipeline \"p\"\nservice \"db\" { image !; port \"8080:80\"; env { A \"1\" } }\nstage \"s\" { b #true }"
    );
}
