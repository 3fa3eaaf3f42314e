//! What a pipeline calls secret and its files tell is in no output of a check.

use super::Bench;

/// Secrets right in what findings draw, in a file that is included and in one that cannot be read to its end.
const TEXT: &str = "include \"more.kdl\"\nsecret token default=\"hunter-2-canary\"\nsecret broken default=#\"raw \"canary\" too\"# evn=X\n\
    stage a {\n    image \"busybox:1.35\" // hunter-2-canary\n    env A \"hunter-2-canary\" ; timeout 10s\n    needs \"hunter-2-canary\"\n\
    sh \"echo two\\nline-canary\"\n}\n";
const MORE: &str =
    "secret lines default=\"two\\nline-canary\" ; secret token default=none\nsecret token default=third-canary-3\n";

#[test]
fn no_format_shows_the_default_of_a_secret() {
    let bench = Bench::new([("pipeline.kdl", TEXT), ("more.kdl", MORE)]);
    for format in [
        "full",
        "narratable",
        "concise",
        "json",
        "json-lines",
        "sarif",
        "github",
        "gitlab",
        "checkstyle",
        "rdjson",
        "junit",
    ] {
        let said = bench.check(&["--format", format]);
        assert_eq!(said.code, 1, "{format}");
        for canary in ["hunter-2", "raw \"canary", "raw \\\"canary", "line-canary", "canary-3"] {
            assert!(!said.out.contains(canary) && !said.err.contains(canary), "{format} shows {canary}:\n{}", said.out);
        }
    }
    let said = bench.check(&[]);
    assert!(said.out.contains("***************"), "what is drawn keeps its width:\n{}", said.out);
}

#[test]
fn a_secret_that_is_a_word_like_any_other_spoils_nothing_else() {
    let text =
        "secret db-password default=password\nstage a {\n    image \"busybox:1.35\"\n    env P (secret)db-passwrd\n}\n";
    let said = Bench::new([("pipeline.kdl", text)]).check(&[]);
    assert!(said.out.contains("`db-password`") && said.out.contains("(secret)db-passwrd"), "{}", said.out);
    assert!(!said.out.contains("=password"), "{}", said.out);
}
