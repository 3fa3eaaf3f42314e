//! What a failure shows: its code, its evidence, its place.

use std::time::{Duration, Instant};

use super::harness::{Checkout, stage};
use crate::daemon::wanted;

#[test]
fn an_unknown_image_must_be_drawn_and_fail() {
    if !wanted() {
        return;
    }
    Checkout::of("failing", "unknown-image.kdl").run(&[], 1).says(&["image-unavailable", "no-such-repository"]);
}

#[test]
fn a_failing_build_must_show_its_step_and_its_line() {
    if !wanted() {
        return;
    }
    Checkout::of("failing", "build-step.kdl").run(&[], 1).says(&["build-failed", "Dockerfile:"]);
}

#[test]
fn a_service_that_exits_while_awaited_must_fail_at_once() {
    if !wanted() {
        return;
    }
    let begun = Instant::now();
    let told = Checkout::of("failing", "exits-while-awaited.kdl").run(&[], 1);
    told.says(&["unknown option: fast-mode", "exit code 4", "not run: migrate"]);
    told.names("service-exited", "healthcheck \"test -e /tmp/ready\"", "mend what its last lines say");
    assert!(begun.elapsed() < Duration::from_secs(30), "it did not wait for the budget of the check");
}

#[test]
fn a_health_wait_that_runs_out_must_show_each_attempt() {
    if !wanted() {
        return;
    }
    let told = Checkout::of("failing", "health-budget.kdl").run(&[], 1);
    told.says(&["not ready yet", "waiting for a disk"]);
    told.names("not-ready", "healthcheck \"echo not ready yet; exit 1\"", "mend what the tries complain of");
}

#[test]
fn a_check_whose_tool_is_missing_must_say_that() {
    if !wanted() {
        return;
    }
    Checkout::of("failing", "check-tool-missing.kdl").run(&[], 1).names(
        "probe-tool-missing",
        "healthcheck \"curl",
        "`healthcheck http=\"/\" port=N`",
    );
}

#[test]
fn a_failing_expectation_must_show_request_and_answer() {
    if !wanted() {
        return;
    }
    Checkout::of("failing", "http-expectation.kdl").run(&[], 1).says(&[
        "expectation-failed",
        "Wash the cat",
        "Wash the car",
        "curl",
    ]);
}

#[test]
fn a_failing_bats_case_must_be_told_by_name() {
    if !wanted() {
        return;
    }
    let told = Checkout::of("failing", "bats-case.kdl").run(&[], 1);
    told.says(&["test-failed", "(in test file ", "  case.bats:8", "   >   8 |     [ \"$answer\" -eq 42 ]"]);
}

#[test]
fn a_suite_without_a_test_must_not_be_green() {
    if !wanted() {
        return;
    }
    Checkout::of("failing", "no-test.kdl").run(&[], 1).says(&["no-tests-ran"]);
}

#[test]
fn a_port_in_use_must_be_found_before_anything_starts() {
    if !wanted() {
        return;
    }
    let holder = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = holder.local_addr().expect("its address").port();
    let text = format!(
        "service web {{\n    image \"busybox:1.35\"\n    command httpd -f -p \"8000\"\n    port 8000 host={port}\n    healthcheck tcp=8000\n}}\n{}",
        stage("look", "needs web\n    command echo reached")
    );
    let told = Checkout::with(&text).run(&[], 1);
    told.names("port-taken", &format!("port 8000 host={port}"), "`port N` alone publishes on a free port");
    assert!(!told.out.contains("look | reached"), "{}", told.out);
}

#[test]
fn a_stage_that_takes_too_long_must_be_stopped() {
    if !wanted() {
        return;
    }
    Checkout::of("failing", "times-out.kdl").run(&[], 1).says(&["timed-out", "counting the stars"]);
}

#[test]
fn a_failure_after_a_success_must_be_red() {
    if !wanted() {
        return;
    }
    Checkout::of("failing", "exits-7.kdl").run(&[], 1).says(&["stage-failed", "exit code 7", "no such table"]);
}
