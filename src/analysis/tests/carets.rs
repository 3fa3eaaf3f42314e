//! A mistake in a string is told at its character, whatever the form of the string.

use super::*;

/// Codes, lines (from 1) and texts of what is told of one request with these `checks` in its block.
fn told_at(checks: &str) -> Vec<(String, usize, String)> {
    let text = format!(
        "service app {{ image \"x:1\"; port 8000; healthcheck tcp=8000 }}\n\
         acceptance a {{ target app; test t {{ http POST \"/\" {{\n{checks}\n}} }} }}\n"
    );
    let files = Files::single("pipeline.kdl", &text);
    let analysis = analyze(&files, &Inputs::new(&MemoryWorkspace::default()));
    let told = analysis.diagnostics.iter().filter(|diagnostic| diagnostic.severity > Severity::Advice);
    told.map(|diagnostic| {
        let span = diagnostic.span().expect("it has a place");
        let line = files.root().line_of(span.start as usize) - 1;
        (diagnostic.code.to_string(), line, files.slice(span).to_owned())
    })
    .collect()
}

fn assert_at(checks: &str, code: &str, line: usize, under: &str) {
    assert_eq!(told_at(checks), [(code.to_owned(), line, under.to_owned())], "{checks}");
}

#[test]
fn json_is_told_of_at_its_character() {
    assert_at("json \"{\\\"a\\\": 1,}\"; expect status 200", "bad-json", 1, "}");
    assert_at("json #\"{\"a\": x}\"#; expect status 200", "bad-json", 1, "x");
    let lines = "json \"\"\"\n    {\n      \"a\": 1\n      \"b\": 2\n    }\n    \"\"\"\nexpect status 200";
    assert_at(lines, "bad-json", 4, "\"");
    let raw = "json #\"\"\"\r\n  {\r\n    \"a\": nul\r\n  }\r\n  \"\"\"#\nexpect status 200";
    assert_eq!(told_at(raw)[0].1, 3);
    let holes = "json #\"{\"a\": \"{{test.id}}\", \"b\": {{test.id}}, c}\"#; expect status 200";
    assert_eq!(told_at(holes).last(), Some(&("bad-json".to_owned(), 1, "c".to_owned())));
    assert_at("json \"{\\\"a\\\": 1\"; expect status 200", "bad-json", 1, "");
}

#[test]
fn expressions_and_paths_are_told_of_at_their_character() {
    assert_at("expect body matches=\"^\\\\d+(\\\\w\"", "bad-regex", 1, "(");
    assert_at("expect body matches=#\"a\\q\"#", "bad-regex", 1, "\\q");
    assert_at("expect body matches=\"\\u{61}[z-a]\"", "bad-regex", 1, "z-a");
    assert_at("expect json \"$.a[\\\"b\\\"\" equals=1", "bad-json-path", 1, "");
    assert_at("expect json #\"$.a[?@.b = 1]\"# equals=1", "bad-json-path", 1, "=");
}

#[test]
fn holes_are_told_of_where_they_stand() {
    let lines = "body \"\"\"\n    one \\\n       two\n    \\u{e9} {{nobody}}\n    \"\"\"\nexpect status 200";
    assert_at(lines, "unknown-variable", 4, "{{nobody}}");
    assert_at("body \"\\t{{}}\"; expect status 200", "bad-interpolation", 1, "{{}}");
}
