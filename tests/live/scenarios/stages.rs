//! What a stage promises: its exit code decides, its artifacts come out.

use std::io::{BufRead, BufReader};
use std::time::{Duration, Instant};

use super::harness::{Checkout, stage};
use crate::daemon::{docker, wanted};

#[test]
fn a_stage_that_never_ran_must_not_be_green() {
    if !wanted() {
        return;
    }
    let text = stage("a", "command \"false\"") + &stage("b", "needs a\n    command echo never");
    let told = Checkout::with(&text).run(&["b"], 1);
    told.says(&["not run: b"]);
    assert!(!told.out.contains("b | never"), "{}", told.out);
}

#[test]
fn an_allowed_failure_must_be_told_and_not_fail_the_run() {
    if !wanted() {
        return;
    }
    let text = stage("a", "command \"false\"\n    allow-failure") + &stage("b", "command echo fine");
    Checkout::with(&text).run(&[], 0).says(&["b | fine", "warning[stage-failed]", "its failure is allowed"]);
}

#[test]
fn a_report_without_a_test_must_not_be_green() {
    if !wanted() {
        return;
    }
    let text = stage("a", "sh \"echo '<testsuite/>' > /r.xml\"\n    artifact \"/r.xml\" report=junit");
    Checkout::with(&text).run(&[], 1).says(&["report-failed"]);
}

#[test]
fn artifacts_must_be_collected_from_a_failing_stage_too() {
    if !wanted() {
        return;
    }
    let text = stage("a", "sh \"echo kept > /r.txt; exit 3\"\n    artifact \"/r.txt\" to=\"out/\"");
    let checkout = Checkout::with(&text);
    checkout.run(&[], 1).says(&["exit code 3"]);
    let kept = checkout.read("out/r.txt");
    assert_eq!(kept, "kept\n");
}

/// An image whose entrypoint and command tell of themselves.
const TELLTALE: &str = "FROM busybox:1.35\nENTRYPOINT [\"echo\", \"entrypoint\"]\nCMD [\"command\"]\n";

#[test]
fn an_image_s_own_command_and_entrypoint_must_stand_until_they_are_replaced() {
    if !wanted() {
        return;
    }
    let told = |name: &str, more: &str| format!("stage {name} {{\n    image told\n    {more}\n}}\n");
    let text = "image told { build .; }\n".to_owned()
        + &told("as-it-is", "")
        + &told("words", "command a \"b c\" \"$HOME\"")
        + &told("shell", "sh \"echo $((40 + 2)) $0\"")
        + &told("other", "entrypoint printf \"%s|\"\n    command x \"y z\"")
        + &told("alone", "entrypoint echo alone");
    let checkout = Checkout::with(&text);
    checkout.write("Dockerfile", TELLTALE);
    let run = checkout.run(&[], 0);
    assert_eq!(run.lines("as-it-is"), ["entrypoint command"]);
    assert_eq!(run.lines("words"), ["entrypoint a b c $HOME"], "without a shell nothing is filled in");
    assert_eq!(run.lines("shell"), ["42 /bin/sh"]);
    assert_eq!(run.lines("other"), ["x|y z|"]);
    assert_eq!(run.lines("alone"), ["alone"]);
}

#[test]
fn a_failure_must_end_the_run_at_once_and_start_nothing_more() {
    if !wanted() {
        return;
    }
    let text = stage("fails", "sh \"sleep 1; exit 9\"")
        + &stage("works", "sh \"echo working; sleep 600\"")
        + &stage("next", "needs fails\n    command echo never")
        + &stage("last", "needs works\n    command echo never");
    let begun = Instant::now();
    let told = Checkout::with(&text).run(&["--jobs", "4"], 1);
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
    told.says(&["stage-failed", "exit code 9", "not run: last, next"]).never_says(&["| never"]);
}

#[test]
fn expected_exit_codes_must_count_as_success_and_others_not() {
    if !wanted() {
        return;
    }
    let text = |code: u8| {
        stage("a", &format!("expect-exit 3 4\n    sh \"exit {code}\""))
            + &stage("b", "needs a\n    command echo reached")
    };
    Checkout::with(&text(4)).run(&[], 0).says(&["b | reached"]);
    Checkout::with(&text(0)).run(&[], 1).says(&["stage-failed", "exit code 0", "not run: b"]);
}

#[test]
fn a_container_must_go_with_its_anonymous_volumes() {
    if !wanted() {
        return;
    }
    let text =
        "image data { build .; }\nstage a {\n    image data\n    sh \"grep ' /data ' /proc/self/mountinfo\"\n}\n";
    let checkout = Checkout::with(text);
    checkout.write("Dockerfile", "FROM busybox:1.35\nVOLUME /data\n");
    let told = checkout.run(&[], 0);
    let mount = told.lines("a").concat();
    let volume = mount.split("/volumes/").nth(1).and_then(|rest| rest.split('/').next()).expect("a volume of its own");
    let there = docker(&["volume", "ls", "--quiet", "--filter", &format!("name={volume}")]);
    assert_eq!(there, "", "it is left");
}

#[test]
fn artifacts_must_be_taken_when_they_are_wanted_and_to_where() {
    if !wanted() {
        return;
    }
    let text = |code: u8| {
        stage(
            "a",
            &format!(
                "sh \"mkdir -p /all/in; echo one > /all/1; echo two > /all/in/2; echo log > /log; exit {code}\"\n    \
                 artifact \"/all\" to=\"kept/\"\n    artifact \"/log\" to=\"why.txt\" on=failure\n    artifact \"/all/1\" on=success"
            ),
        )
    };
    let there = |checkout: &Checkout, file: &str| checkout.directory.path().join(file).exists();
    let green = Checkout::with(&text(0));
    green.run(&[], 0);
    assert_eq!((green.read("kept/all/1"), green.read("kept/all/in/2")), ("one\n".to_owned(), "two\n".to_owned()));
    assert!(there(&green, "1") && !there(&green, "why.txt"));
    let red = Checkout::with(&text(1));
    red.run(&[], 1);
    assert_eq!(red.read("why.txt"), "log\n");
    assert!(there(&red, "kept/all/in/2") && !there(&red, "1"));
    // One that is not there is not passed over.
    Checkout::with(&stage("a", "command \"true\"\n    artifact \"/none\"")).run(&[], 1).says(&["artifact-missing"]);
}

#[test]
fn output_must_be_told_line_by_line_as_it_comes() {
    if !wanted() {
        return;
    }
    let text = stage(
        "a",
        "mount \"./out\" \"/out\"\n    sh \"echo first; echo aside >&2; until test -e /out/go; do sleep 0.1; done; printf unfinished\"",
    );
    let checkout = Checkout::with(&text);
    checkout.write("out/there", "");
    let mut child = checkout.command(&["run"]).spawn().expect("the binary of this package can be run");
    // It is told while the stage still runs, since that waits for the file.
    let mut lines = BufReader::new(child.stdout.take().expect("it is piped")).lines().map(|line| line.expect("text"));
    let mut wait = |word: &str| lines.by_ref().find(|line| line.contains(word)).unwrap_or_else(|| panic!("no {word}"));
    let (first, second) = (wait("a | "), wait("a | "));
    assert!(first == "a | first" && second == "a | aside" || first == "a | aside" && second == "a | first");
    checkout.write("out/go", "");
    assert_eq!(wait("a | "), "a | unfinished");
    assert!(lines.any(|line| line.contains("passed in")));
    assert!(child.wait().expect("it ends").success());
}

#[test]
fn after_must_order_and_take_nothing_into_the_run() {
    if !wanted() {
        return;
    }
    let text = stage("early", "sh \"sleep 1; echo early\"")
        + &stage("fails", "allow-failure\n    sh \"sleep 1; exit 1\"")
        + &stage("late", "after early fails\n    command echo late");
    let checkout = Checkout::with(&text);
    checkout.run(&["late"], 0).says(&["late | late"]).never_says(&["early"]);
    let all = checkout.run(&["--jobs", "4"], 0);
    let at = |words: &str| all.out.find(words).unwrap_or_else(|| panic!("“{words}” is not in:\n{}", all.out));
    assert!(at("early | early") < at("late  | late") && at("fails ! failed") < at("late  | late"), "{}", all.out);
}

#[test]
fn an_init_process_must_be_there_for_stages_unless_it_is_not_wanted() {
    if !wanted() {
        return;
    }
    let text = stage("with", "sh \"cat /proc/1/comm; true\"")
        + &stage("without", "init #false\n    sh \"cat /proc/1/comm; true\"");
    let told = Checkout::with(&text).run(&[], 0);
    assert_ne!(told.lines("with"), ["sh"], "{}", told.out);
    assert_eq!(told.lines("without"), ["sh"], "{}", told.out);
}

#[test]
fn the_image_s_user_and_directory_must_be_respected_and_can_be_replaced() {
    if !wanted() {
        return;
    }
    let text = "image own { build .; }\n\
                stage image-s {\n    image own\n    sh \"id -u; id -g; pwd\"\n}\n\
                stage mine {\n    image own\n    user \"7:8\"\n    workdir \"/tmp\"\n    sh \"id -u; id -g; pwd\"\n}\n";
    let checkout = Checkout::with(text);
    checkout.write(
        "Dockerfile",
        "FROM busybox:1.35\nRUN echo app:x:1000:1000::/:/bin/sh >> /etc/passwd\nWORKDIR /app\nUSER app\n",
    );
    let told = checkout.run(&[], 0);
    assert_eq!(told.lines("image-s"), ["1000", "1000", "/app"]);
    assert_eq!(told.lines("mine"), ["7", "8", "/tmp"]);
}
