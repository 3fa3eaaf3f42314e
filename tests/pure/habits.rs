//! What people write who come from compose, YAML, shells and other tools: each is told once, with the line to type instead.

use pipe::analysis::analyze;
use pipe::diagnostic::Severity;
use pipe::model::Inputs;
use pipe::source::{Files, MemoryWorkspace};

/// A line each error and warning: its code and its help.
fn told(text: &str) -> Vec<String> {
    let workspace = MemoryWorkspace::default().with("Dockerfile", "FROM busybox:1.35 AS release\n");
    let analysis = analyze(&Files::single("pipeline.kdl", text), &Inputs::new(&workspace));
    let loud = analysis.diagnostics.iter().filter(|diagnostic| diagnostic.severity >= Severity::Warning);
    loud.map(|diagnostic| format!("{}: {}", diagnostic.code, diagnostic.help.as_deref().unwrap_or("-"))).collect()
}

/// What is told of a line in a service that is otherwise well.
fn in_service(line: &str) -> Vec<String> {
    let needs = if line.contains("needs db") { "" } else { "needs db" };
    told(&format!(
        "service db {{\n    image \"busybox:1.35\"\n    command sleep 9\n    healthcheck tcp=80\n}}\n\
         service web {{\n    image \"busybox:1.35\"\n    {needs}\n    {line}\n}}\n\
         stage last {{\n    image \"busybox:1.35\"\n    needs web\n    command echo done\n}}\n"
    ))
}

/// What is told of a line in a test of an acceptance that is otherwise well.
fn in_test(line: &str) -> Vec<String> {
    told(&format!(
        "service web {{\n    image \"busybox:1.35\"\n    command sleep 9\n    port 80\n    healthcheck tcp=80\n}}\n\
         acceptance api {{\n    target web\n    test \"it\" {{\n        {line}\n    }}\n}}\n"
    ))
}

const READY: &str = "command sleep 9; healthcheck tcp=80";

#[test]
fn a_compose_file_is_told_as_a_whole() {
    let text = "version: \"3\"\nservices:\n  web:\n    image: nginx\n    ports:\n      - \"80:80\"\n";
    let found = told(text);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("yaml-text: write `service web {"), "{found:?}");
}

#[test]
fn words_of_compose_have_a_name_here() {
    let habits = [
        ("depends_on db", "unknown-node: write `needs`"),
        ("dependsOn db", "unknown-node: write `needs`"),
        ("env_file \".env\"", "unknown-node: write `env-file`"),
        ("stop_grace_period \"3s\"", "unknown-node: write `stop`"),
        (
            "build .",
            "misplaced-node: declare the image at the top level, `image app { build . }`, and name it here: `image app`",
        ),
        ("mount \"db:/data\"", "missing-argument: write `mount db \"/data\"`"),
        ("mount \"./src:/data:ro\"", "missing-argument: write `mount \"./src\" \"/data\" read-only`"),
        ("mount tmpfs \"/x\" read-only=#true", "unknown-property: write the word alone: `read-only`"),
        ("port \"localhost:8080:80\"", "bad-address: write `\"127.0.0.1:8080:80\"`"),
        (
            "needs db condition=service_healthy",
            "unknown-property: write `gate=healthy`, `gate=started` or `gate=succeeded`",
        ),
    ];
    for (line, help) in habits {
        assert_eq!(in_service(&format!("{READY}\n    {line}")), [help], "{line}");
    }
}

#[test]
fn healthchecks_of_compose_are_put_on_their_line() {
    let found = in_service("command sleep 9\n    healthcheck { test \"pg_isready\" }");
    assert_eq!(found, ["misplaced-node: write the command on the line of `healthcheck`: `healthcheck \"pg_isready\"`"]);
    let found = in_service("command sleep 9\n    healthcheck tcp=80 retry=3");
    assert_eq!(found, ["unknown-property: write `retries`"]);
    let found = in_service("command sleep 9\n    healthcheck disable=#true");
    assert_eq!(found, ["unknown-property: write `healthcheck none`"]);
}

#[test]
fn a_word_that_needs_quotes_is_told_once() {
    assert_eq!(in_service(&format!("{READY}\n    env DEBUG true")), ["bare-keyword: write `\"true\"`"]);
    assert_eq!(
        told("stage a {\n    image \"busybox:1.35\"\n    command true\n}\n"),
        ["bare-keyword: write `\"true\"`"]
    );
    assert_eq!(in_service(&format!("{READY}\n    mount db:/data")), ["missing-argument: write `mount db \"/data\"`"]);
    assert_eq!(
        told("stage a {\n    image \"busybox:1.35\"\n    command ls --color=never\n}\n"),
        ["unknown-property: quote the word: `\"--color=never\"`"]
    );
}

#[test]
fn quotes_of_other_languages() {
    assert_eq!(
        told("stage a {\n    image \"busybox:1.35\"\n    sh \"echo \"hi\"\"\n}\n"),
        ["quote-in-string: write `#\"echo \"hi\"\"#`, a raw string"]
    );
    assert_eq!(
        told("stage a {\n    image \"busybox:1.35\"\n    sh '''\n      echo hi\n    '''\n}\n"),
        ["single-quotes: write `\"\"\"` at both ends, each on a line of its own"]
    );
}

#[test]
fn names_with_something_that_belongs_elsewhere() {
    let found = in_service(&format!("{READY}\n    after last,"));
    assert_eq!(found, ["unknown-reference: did you mean `last`?"]);
    let found = in_service(&format!("{READY}\n    needs db.healthy"));
    assert_eq!(found, ["unknown-reference: did you mean `db`?"]);
    let found = told("template base { image \"busybox:1.35\" }\nstage a { extends base; needs base; command ls }\n");
    assert_eq!(found, ["unknown-reference: a template is taken over, not waited for: `extends base`"]);
}

#[test]
fn nodes_on_one_line() {
    let found = told("stage a { image \"busybox:1.35\" sh \"echo\" }\n");
    assert!(
        found.contains(
            &"too-many-arguments: start a new line, or write `;`, before `sh`: it is a node of its own".to_owned()
        ),
        "{found:?}"
    );
}

#[test]
fn arguments_written_as_properties() {
    assert_eq!(
        told("image a { build context=. }\nstage b { image a; command ls }\n"),
        ["unknown-property: write the value alone: `build .`"]
    );
    let service = format!("service web {{\n    image \"busybox:1.35\"\n    {READY}\n}}\n");
    let found = told(&format!("{service}acceptance a {{ test \"t\" {{ tcp web port=81 {{ expect open }} }} }}\n"));
    assert!(found.contains(&"unknown-property: write the value alone: `tcp web 81`".to_owned()), "{found:?}");
}

#[test]
fn variables_of_other_tools_in_an_image() {
    for text in ["busybox:${TAG}", "busybox:$TAG"] {
        assert_eq!(
            told(&format!("stage a {{ image \"{text}\"; command ls }}\n")),
            ["bad-image-reference: declare `param tag env=TAG`, and write `\"busybox:{{tag}}\"`"]
        );
    }
}

#[test]
fn a_query_that_is_asked_for_nothing() {
    let service = format!("service web {{\n    image \"busybox:1.35\"\n    {READY}\n}}\n");
    let tcp = |expect: &str| {
        told(&format!("{service}acceptance a {{ test \"t\" {{ tcp web 80 {{ expect {expect} }} }} }}\n"))
    };
    assert_eq!(tcp("open"), ["asserts-nothing: write `expect open #true`"]);
    assert_eq!(
        tcp("duration"),
        ["asserts-nothing: add what it must be, such as `expect duration 0` or `expect duration lt=100`"]
    );
}

#[test]
fn a_command_line_in_one_string() {
    let exec = |line: &str| {
        let service = format!("service web {{\n    image \"busybox:1.35\"\n    {READY}\n}}\n");
        let found = told(&format!("{service}acceptance a {{ test \"t\" {{ exec web \"{line}\" }} }}\n"));
        assert_eq!(found.len(), 1, "{found:?}");
        found[0].clone()
    };
    assert_eq!(exec("ls /w"), "command-needs-shell: write `exec web ls /w`, or `exec web sh -c \"ls /w\"`");
    assert_eq!(exec("ls; id"), "command-needs-shell: write `exec web sh -c \"ls; id\"`");
}

#[test]
fn commands_for_a_shell() {
    let found = told(
        "param v { command \"git rev-parse HEAD\" }\nstage a { image \"busybox:1.35\"; command echo \"{{v}}\" }\n",
    );
    assert_eq!(
        found,
        ["command-needs-shell: write `command git rev-parse HEAD`, or `command sh -c \"git rev-parse HEAD\"`"]
    );
    let found = told("stage a { image \"busybox:1.35\"; command \"MODE=x\" ls }\n");
    assert_eq!(found, ["command-needs-shell: write `env MODE \"x\"` on a line of its own, or `sh \"MODE=x ls\"`"]);
}

#[test]
fn requests_and_what_is_expected_of_them() {
    let habits = [
        ("http \"/\" { expect status 200 }", "missing-argument: write `http GET \"/\"`"),
        ("http GET \"/\" { status 200 }", "unknown-node: write `expect status 200`"),
        ("http GET \"/\" { expect status=200 }", "unknown-property: write `expect status 200`"),
        ("http GET \"/\" { expect status \"200\" }", "wrong-type: write `200`"),
        ("http GET \"/\" { expect status \"2xx\" }", "wrong-type: write `expect status { between 200 299 }`"),
        ("http GET \"/\" { expect json \"$.a\" == 5 }", "no-operators: write `equals=5`"),
        ("http GET \"/\" { expect json \".a\" equals=5 }", "bad-json-path: write a path from the root: `\"$.a\"`"),
        ("http GET \"/\" { header \"X-Y: z\"; expect status 200 }", "missing-argument: write `header X-Y \"z\"`"),
        (
            "http POST \"/\" { json \"{\"a\": 1}\"; expect status 200 }",
            "quote-in-string: write `#\"{\"a\": 1}\"#`, a raw string",
        ),
    ];
    for (line, help) in habits {
        assert_eq!(in_test(line), [help], "{line}");
    }
}
