//! What waits for what, and what does not.

use serde_json::Value;

use super::harness::{Checkout, stage};
use crate::daemon::wanted;

/// A workflow in the shape of the main example: a build that takes its time, a database, two stages between it and the application.
fn workflow() -> Checkout {
    let text = r#"
image release { build . }
service db {
    image "busybox:1.35"
    sh "sleep 1; touch /ready; exec sleep 600"
    healthcheck "test -e /ready" interval="1s" retries=30
}
stage migrate {
    image release
    needs db
    sh "sleep 2"
}
stage collectstatic {
    image release
    sh "sleep 2"
}
service app {
    image release
    needs db migrate collectstatic
    command httpd -f -p "8000"
    port 8000
    healthcheck tcp=8000
}
acceptance todos {
    target app port=8000
    test "it answers" { http GET "/" { expect status 404 } }
}
"#
    .to_owned()
        + &stage("after", "after todos\n    command \"true\"");
    let checkout = Checkout::with(&text);
    let unique = checkout.directory.path().display().to_string();
    checkout.write("Dockerfile", &format!("FROM busybox:1.35\nRUN echo {unique} && sleep 3\n"));
    checkout
}

#[test]
fn gates_must_hold_and_what_is_independent_must_run_side_by_side() {
    if !wanted() {
        return;
    }
    let told = workflow().run(&["todos", "--progress", "json", "--jobs", "4"], 0);
    let step = |event: &'static str, node: &'static str, operation: &'static str| {
        told.at(move |told: &Value| told["event"] == event && told["node"] == node && told["operation"] == operation)
    };
    let begins = |node, operation| step("step-started", node, operation);
    let ends = |node, operation| step("step-settled", node, operation);
    // Gates.
    assert!(ends("release", "build") <= begins("migrate", "run"), "{}", told.out);
    assert!(ends("db", "await") <= begins("migrate", "run"), "{}", told.out);
    assert!(ends("migrate", "run") <= begins("app", "start"), "{}", told.out);
    assert!(ends("collectstatic", "run") <= begins("app", "start"), "{}", told.out);
    assert!(ends("app", "await") <= begins("todos", "test"), "{}", told.out);
    // Side by side.
    assert!(ends("db", "await") < ends("release", "build"), "the database came up meanwhile:\n{}", told.out);
    assert!(begins("migrate", "run") < ends("collectstatic", "run"), "{}", told.out);
    assert!(begins("collectstatic", "run") < ends("migrate", "run"), "{}", told.out);
    assert!(!told.out.contains("\"node\":\"after\""), "nobody asked for it");
}
