//! When a service counts as ready, and what happens when it is no more.

use super::harness::{Checkout, stage};
use crate::daemon::wanted;

/// A database whose first server listens on its socket only, for three seconds and more.
const TWO_PHASES: &str = r#"
service db {
    image "mariadb:10.11"
    env {
        MARIADB_DATABASE todo
        MARIADB_USER todo
        MARIADB_PASSWORD sesame
        MARIADB_RANDOM_ROOT_PASSWORD yes
    }
    mount tmpfs "/var/lib/mysql"
    mount "./init" "/docker-entrypoint-initdb.d" read-only
    healthcheck "mariadb-show -u $MARIADB_USER -p$MARIADB_PASSWORD" interval="1s" retries=60
}
stage migrate {
    image "mariadb:10.11"
    needs db
    command mariadb -h db -u todo "-psesame" todo -e "select 'connected'"
}
"#;

#[test]
fn a_database_must_not_open_its_gate_in_its_first_phase() {
    if !wanted() {
        return;
    }
    let checkout = Checkout::with(TWO_PHASES);
    checkout.write("init/wait.sh", "echo the window opens; sleep 3; echo the window closes\n");
    let told = checkout.run(&["--progress", "json"], 0);
    let passed_over_the_socket = |event: &serde_json::Value| {
        event["event"] == "probed" && event["passed"] == false && event["code"] == 0 && event["node"] == "db"
    };
    assert!(told.events().iter().any(passed_over_the_socket), "the window was never looked into:\n{}", told.out);
    let closes = told.at(|event| event["line"] == "the window closes");
    let starts =
        told.at(|event| event["event"] == "step-started" && event["node"] == "migrate" && event["operation"] == "run");
    assert!(closes < starts, "{}", told.out);
    told.says(&["connected"]);
}

#[test]
fn a_service_that_dies_under_a_stage_must_be_the_cause() {
    if !wanted() {
        return;
    }
    // The stage fails because of it, at about the same time.
    let text = "service db {\n    image \"busybox:1.35\"\n    sh \"mkdir /w; echo hi > /w/index.html; httpd -p 8000 -h /w; sleep 2; echo the disk is full; exit 9\"\n    healthcheck tcp=8000\n}\n"
        .to_owned()
        + &stage("work", "needs db\n    sh \"while wget -q -O /dev/null http://db:8000/; do sleep 0.1; done; exit 5\"");
    let told = Checkout::with(&text).run(&[], 1);
    told.says(&["error[service-exited]: `db` ended while it was needed, with exit code 9", "    the disk is full"]);
    let first = told.out.find("error[").expect("it failed");
    assert!(told.out[first..].starts_with("error[service-exited]"), "the cause comes first:\n{}", told.out);
}

#[test]
fn a_service_that_died_before_its_user_starts_must_not_count_as_ready() {
    if !wanted() {
        return;
    }
    let text =
        "service db {\n    image \"busybox:1.35\"\n    sh \"sleep 1; echo gone; exit 0\"\n    healthcheck \"true\"\n}\n"
            .to_owned()
            + &stage("slow", "command sleep \"3\"") + &stage("work", "needs db slow\n    command echo reached");
    let told = Checkout::with(&text).run(&[], 1);
    told.says(&["`db` ended while it was needed", "    gone", "cut short: slow\nnot run: work\n"]);
    assert!(!told.out.contains("work | reached"), "{}", told.out);
}

#[test]
fn a_line_of_the_output_must_open_the_gate_and_one_that_never_comes_must_not() {
    if !wanted() {
        return;
    }
    let service = |pattern: &str| {
        format!(
            "service app {{\n    image \"busybox:1.35\"\n    sh \"echo starting; sleep 1; echo up and ready >&2; exec sleep 1000\"\n    \
             healthcheck log=\"{pattern}\" interval=\"1s\" timeout=\"1s\" retries=1\n}}\n"
        )
    };
    let ask = stage("ask", "needs app\n    command echo asked");
    let told = Checkout::with(&(service("^up .*ready$") + &ask)).run(&["--progress", "json"], 0);
    let up = told.at(|event| event["line"] == "up and ready");
    let asked = told.at(|event| event["line"] == "asked");
    assert!(up < asked, "{}", told.out);
    let told = Checkout::with(&(service("^never$") + &ask)).run(&[], 1);
    told.says(&["error[not-ready]", "no line of the output matched `^never$`"]);
}

#[test]
fn the_check_of_an_image_must_open_the_gate_and_one_without_must_be_told() {
    if !wanted() {
        return;
    }
    let text = "image own { build .; }\nservice app {\n    image own\n    healthcheck image stable=\"100ms\"\n}\n"
        .to_owned()
        + &stage("ask", "needs app\n    command echo asked");
    let checkout = Checkout::with(&text);
    checkout.write(
        "Dockerfile",
        "FROM busybox:1.35\nCMD sleep 1; touch /tmp/up; exec sleep 1000\nHEALTHCHECK --interval=1s --retries=9 CMD test -e /tmp/up\n",
    );
    let told = checkout.run(&["--progress", "json"], 0);
    let probed =
        |passed: bool| move |event: &serde_json::Value| event["event"] == "probed" && event["passed"] == passed;
    assert!(told.at(probed(false)) < told.at(probed(true)), "{}", told.out);
    assert_eq!(told.events().iter().filter(|event| event["line"] == "asked").count(), 1);
    let text = "service app {\n    image \"busybox:1.35\"\n    command sleep \"1000\"\n    healthcheck image\n}\n"
        .to_owned()
        + &stage("ask", "needs app\n    command echo asked");
    Checkout::with(&text).run(&[], 1).says(&["error[unchecked-image]: the image `busybox:1.35` of `app` declares no"]);
}

#[test]
fn a_script_must_be_read_by_the_interpreter_that_its_annotation_names() {
    if !wanted() {
        return;
    }
    let text = "stage a {\n    image \"debian:bookworm-slim\"\n    sh (bash)\"set -o pipefail; a=(1 2 3); [[ -n $a ]] && echo ${#a[@]}; false | true; echo no\"\n    expect-exit 1\n}\n";
    assert_eq!(Checkout::with(text).run(&[], 0).lines("a"), ["3"]);
}
