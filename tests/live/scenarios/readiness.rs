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
