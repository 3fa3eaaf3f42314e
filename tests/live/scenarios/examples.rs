//! The examples of the repository, run as their readers would.

use super::harness::{Checkout, Told};
use crate::daemon::wanted;

#[test]
fn a_green_run_must_leave_nothing_and_say_so() {
    if !wanted() {
        return;
    }
    let hello = Checkout::of("hello", "pipeline.kdl");
    hello.run(&[], 0).says(&["passed in", ", left 0"]);
}

#[test]
fn a_diamond_must_pass_and_report_its_tests() {
    if !wanted() {
        return;
    }
    let diamond = Checkout::of("diamond", "pipeline.kdl");
    let report = diamond.directory.path().join("reports/all.xml");
    diamond.run(&["--report", &format!("junit={}", report.display())], 0).says(&["3 tests passed"]);
    let xml = std::fs::read_to_string(report).expect("the report is there");
    assert!(xml.contains("the items came from the database") && !xml.contains("<failure"), "{xml}");
}

#[test]
fn an_image_must_be_checked_as_container_structure_test_does() {
    if !wanted() {
        return;
    }
    Checkout::of("image-checks", "pipeline.kdl").run(&[], 0).says(&["5 tests passed"]);
}

#[test]
fn the_main_example_must_run_to_green_and_build_only_what_is_wanted() {
    if !wanted() {
        return;
    }
    let main = Checkout::of("todobackend", "pipeline.kdl");
    let unit = main.run(&["unit", "--set", "app-version=test"], 0);
    unit.says(&["tests passed"]);
    assert!(!unit.out.contains("release"), "the release image is not wanted by the unit tests:\n{}", unit.out);
    let all = main.run(&["--set", "app-version=test"], 0);
    all.says(&["the root answers", "an item can be created", "healthy after"]);
}

#[test]
fn a_run_must_need_nothing_of_the_host_but_a_daemon() {
    if !wanted() {
        return;
    }
    let text = "image web { build .; }\nstage a {\n    image web\n    command cat \"/built\"\n}\n\
                acceptance ok {\n    target web-server port=8000\n    test \"it answers\" {\n        http GET \"/\" { expect status 404; }\n    }\n}\n\
                service web-server {\n    image \"busybox:1.35\"\n    command httpd -f -p \"8000\"\n    port 8000\n    healthcheck tcp=8000\n}\n";
    let checkout = Checkout::with(text);
    checkout.write("Dockerfile", "FROM busybox:1.35\nRUN echo built > /built\n");
    // No program of the host can be found, and no variable tells anything; where the daemon is may have to be said.
    let mut command = checkout.command(&["run"]);
    command.env_clear().envs(std::env::vars().filter(|(name, _)| name.starts_with("DOCKER_")));
    command.env("PATH", "/nonexistent");
    let told = Told::of(command.output().expect("the binary of this package can be run"));
    assert_eq!(told.code, 0, "{}\n{}", told.out, told.err);
    told.says(&["| built", "1 test passed", "left 0"]);
}
