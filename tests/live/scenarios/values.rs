//! What comes from outside: params, secrets, files of variables.

use sha2::{Digest, Sha256};

use super::harness::{Checkout, Told, stage};
use crate::daemon::wanted;

#[test]
fn a_param_s_sources_must_be_asked_in_their_order() {
    if !wanted() {
        return;
    }
    let text = "param word fallback env=PIPE_SCENARIO_WORD { command echo commanded; }\n".to_owned()
        + &stage("a", "command echo \"{{word}}\"");
    let checkout = Checkout::with(&text);
    let word = |variable: Option<&str>, arguments: &[&str]| {
        let mut command = checkout.command(&[&["run"], arguments].concat());
        command.env_remove("PIPE_SCENARIO_WORD").envs(variable.map(|value| ("PIPE_SCENARIO_WORD", value)));
        let told = Told::of(command.output().expect("the binary of this package can be run"));
        assert_eq!(told.code, 0, "{}\n{}", told.out, told.err);
        told.lines("a").concat()
    };
    assert_eq!(word(Some("variable"), &["--set", "word=set"]), "set");
    assert_eq!(word(Some("variable"), &[]), "variable");
    assert_eq!(word(None, &[]), "commanded");
    checkout.write("pipeline.kdl", &text.replace("echo commanded", "\"./no-such-program\""));
    assert_eq!(word(None, &[]), "fallback");
}

#[test]
fn a_param_s_command_must_run_only_when_its_value_is_wanted() {
    if !wanted() {
        return;
    }
    let text = "param version { command \"./version.sh\"; }\n".to_owned()
        + &stage("with", "command echo \"{{version}}\"")
        + &stage("without", "command echo without");
    let checkout = Checkout::with(&text);
    // There is no such program: whoever does not want the value does not notice.
    checkout.run(&["without"], 0).says(&["| without"]);
    let told = checkout.run(&["with"], 2);
    assert!(told.err.contains("param-command-failed") && told.err.contains("--set version=VALUE"), "{}", told.err);
    assert!(!told.out.contains("run r"), "nothing has begun:\n{}", told.out);
    checkout.run(&["with", "--set", "version=1"], 0).says(&["| 1"]);
}

#[test]
fn a_secret_must_come_from_its_file_or_variable_and_not_be_shown() {
    if !wanted() {
        return;
    }
    let text = "secret one file=\"secrets/one\"\nsecret two env=PIPE_SCENARIO_TWO default=developing\n".to_owned()
        + &stage(
            "a",
            "env {\n        ONE (secret)one\n        TWO (secret)two\n    }\n    \
             sh \"printf %s \\\"$ONE\\\" | wc -c; printf %s \\\"$TWO\\\" | sha256sum; echo one=$ONE two=$TWO\"",
        );
    let checkout = Checkout::with(&text);
    checkout.write("secrets/one", "canary-of-the-file\n");
    let output = checkout.command(&["run"]).env("PIPE_SCENARIO_TWO", "canary-of-the-variable").output();
    let told = Told::of(output.expect("the binary of this package can be run"));
    assert_eq!(told.code, 0, "{}\n{}", told.out, told.err);
    let lines = told.lines("a");
    assert_eq!(lines[0], "18", "the newline at the end of a file is not the secret's");
    let hash = format!("{:x}  -", Sha256::digest("canary-of-the-variable"));
    assert_eq!(lines[1], hash, "the variable's value arrives");
    told.says(&["one=", "two="]).never_says(&["canary-of-the-file", "canary-of-the-variable"]);
    std::fs::remove_file(checkout.directory.path().join("secrets/one")).expect("it was there");
    let told = checkout.pipe(&["run"]);
    assert_eq!(told.code, 2, "{}", told.out);
    assert!(told.err.contains("secrets/one"), "{}", told.err);
}

#[test]
fn variables_must_come_from_files_and_be_overridden_by_nearer_ones() {
    if !wanted() {
        return;
    }
    let text = "param port \"8000\"\ntemplate base {\n    image \"busybox:1.35\"\n    env-file \"base.env\"\n    env {\n        FROM template\n        MODE template\n    }\n}\n\
                stage a {\n    extends base\n    env {\n        MODE stage\n        DOLLAR \"$HOME ${X:-y}\"\n        port\n    }\n    sh \"env | grep -E '^(FILE|QUOTED|FROM|MODE|DOLLAR|port)=' | sort\"\n}\n";
    let checkout = Checkout::with(text);
    checkout.write("base.env", "# comment\nFILE=of the file\nexport QUOTED=\"a b\"\nMODE=file\nFROM=file\n");
    let told = checkout.run(&[], 0);
    assert_eq!(
        told.lines("a"),
        ["DOLLAR=$HOME ${X:-y}", "FILE=of the file", "FROM=template", "MODE=stage", "QUOTED=a b", "port=8000"]
    );
}
