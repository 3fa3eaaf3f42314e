//! What the command line promises: names, targets, the version, exit codes.

use std::process::Command;

use super::harness::{Checkout, Told, stage};
use crate::daemon::{heeding, wanted};

/// Two stages and a version.
fn pipeline() -> Checkout {
    let text = "pipeline demo { default b }\nparam app-version env=APP_VERSION { command git rev-parse --short HEAD }\n"
        .to_owned()
        + &stage("a", "command echo a1")
        + &stage("b", "env { VERSION \"{{app-version}}\" }\n    sh \"echo version $VERSION\"");
    Checkout::with(&text)
}

/// `pipe …` in the checkout's directory, without naming the file.
fn here(checkout: &Checkout, arguments: &[&str]) -> Command {
    let mut command = checkout.command(&["run"]);
    let directory = command.get_current_dir().expect("it has one").to_owned();
    command = heeding(env!("CARGO_BIN_EXE_pipe"));
    command.args(arguments).current_dir(directory).env_remove("APP_VERSION");
    command
}

fn told(command: &mut Command) -> Told {
    Told::of(command.output().expect("the binary of this package can be run"))
}

fn git(checkout: &Checkout, arguments: &[&str]) -> String {
    let mut git = Command::new("git");
    git.args(["-c", "user.name=t", "-c", "user.email=t@example.org"]).args(arguments);
    let output = git.current_dir(checkout.directory.path()).output().expect("git can be run");
    String::from_utf8(output.stdout).expect("git speaks UTF-8").trim().to_owned()
}

#[test]
fn the_version_must_be_the_commit_and_nothing_else() {
    let checkout = pipeline();
    let none = told(&mut here(&checkout, &["version"]));
    assert_eq!((none.code, none.out.as_str()), (2, ""), "there is no commit");
    assert!(none.err.contains("set APP_VERSION"), "{}", none.err);

    git(&checkout, &["init", "-q"]);
    git(&checkout, &["commit", "-q", "--allow-empty", "-m", "first"]);
    let commit = git(&checkout, &["rev-parse", "--short", "HEAD"]);
    let told_commit = told(&mut here(&checkout, &["version"]));
    assert_eq!((told_commit.code, told_commit.out), (0, format!("{{\"Version\":\"{commit}\"}}\n")));

    let wins = told(here(&checkout, &["version"]).env("APP_VERSION", "7.1"));
    assert_eq!((wins.code, wins.out.as_str()), (0, "{\"Version\":\"7.1\"}\n"));
    let set = told(here(&checkout, &["version", "--set", "app-version=8"]).env("APP_VERSION", "7.1"));
    assert_eq!(set.out, "{\"Version\":\"8\"}\n");
    // Without git on this machine the variable is all that is needed.
    let without = told(here(&checkout, &["version"]).env("PATH", "/nowhere").env("APP_VERSION", "7.1"));
    assert_eq!((without.code, without.out.as_str()), (0, "{\"Version\":\"7.1\"}\n"));
    let without = told(here(&checkout, &["version"]).env("PATH", "/nowhere"));
    assert_eq!(without.code, 2);
    assert!(without.err.contains("set APP_VERSION"), "{}", without.err);
}

#[test]
fn without_a_target_the_default_must_run_and_see_the_version() {
    if !wanted() {
        return;
    }
    let run = told(here(&pipeline(), &["run"]).env("APP_VERSION", "7.1"));
    assert_eq!(run.code, 0, "{}\n{}", run.out, run.err);
    run.says(&["b | version 7.1"]);
    assert!(!run.out.contains("a1"), "only the default:\n{}", run.out);
}

#[test]
fn commands_must_be_shown_before_what_they_write() {
    if !wanted() {
        return;
    }
    let run = told(&mut here(&pipeline(), &["run", "a"]));
    assert_eq!(run.code, 0, "{}\n{}", run.out, run.err);
    let (command, output) = (run.out.find("a > run echo a1"), run.out.find("a | a1"));
    assert!(command.is_some() && command < output, "{}", run.out);
    let quiet = told(&mut here(&pipeline(), &["run", "a", "--progress", "quiet"]));
    assert!(quiet.code == 0 && !quiet.out.contains("echo a1"), "{}", quiet.out);
}

#[test]
fn a_file_of_a_targets_name_must_not_be_taken_for_it() {
    if !wanted() {
        return;
    }
    let checkout = pipeline();
    checkout.write("a", "this is no pipeline");
    let run = told(&mut here(&checkout, &["run", "a"]));
    assert_eq!(run.code, 0, "{}\n{}", run.out, run.err);
    run.says(&["a | a1"]);
    let other = told(&mut here(checkout.write("notes", ""), &["run", "notes"]));
    assert_eq!(other.code, 2);
    assert!(other.err.contains("error[unknown-target]") && other.err.contains("./notes"), "{}", other.err);
}

#[test]
fn each_end_must_have_its_exit_code() {
    let checkout = pipeline();
    checkout.write("broken.kdl", "stage a { imag busybox }\n");
    checkout.write("good.kdl", &stage("a", "command \"true\""));
    let code = |arguments: &[&str]| told(&mut here(&checkout, arguments)).code;
    assert_eq!(code(&["check", "good.kdl"]), 0);
    assert_eq!(code(&["check", "broken.kdl"]), 1, "findings");
    assert_eq!(code(&["run", "broken.kdl"]), 2, "the pipeline is wrong");
    assert_eq!(code(&["run", "good.kdl", "no-such-target"]), 2);
    assert_eq!(code(&["run", "no-such-file.kdl"]), 2);
    assert_eq!(code(&["run", "--no-such-flag"]), 2);
    assert_eq!(code(&["run", "good.kdl", "--set", "nonsense"]), 2);
    let nobody = told(here(&checkout, &["run", "good.kdl"]).env("DOCKER_HOST", "unix:///nowhere/docker.sock"));
    assert_eq!(nobody.code, 3, "the engine");
    assert!(nobody.err.contains("engine-unreachable") && nobody.err.contains("/nowhere/docker.sock"), "{}", nobody.err);
    if wanted() {
        checkout.write(
            "late.kdl",
            &("pipeline late { timeout \"1s\"; }\n".to_owned() + &stage("a", "command sleep \"60\"")),
        );
        assert_eq!(code(&["run", "late.kdl"]), 4, "the pipeline's time is up");
        checkout.write("red.kdl", &stage("a", "sh \"exit 7\""));
        assert_eq!(code(&["run", "red.kdl"]), 1);
    }
}
