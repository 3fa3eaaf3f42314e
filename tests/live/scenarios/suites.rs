//! What runs around tests, whatever happens to them; and reports of other tools.

use rustix::process::Signal;

use super::harness::{Checkout, stage};
use super::interrupts::interrupted;
use crate::daemon::wanted;

/// A store that answers over HTTP, and a notebook that writes down what is said to it.
fn with_suite(suite: &str) -> Checkout {
    let text = r##"
service store {
    image "busybox:1.35"
    port 8000
    sh "if [ -e /once ]; then exec sleep 1000; fi; mkdir -p /site; echo kept >/site/kept; exec httpd -f -p 8000 -h /site"
    healthcheck tcp=8000 interval="100ms" retries=3 timeout="300ms"
}
service notebook {
    image "busybox:1.35"
    command sleep "1000"
    healthcheck none
}
acceptance kept {
    target store port=8000
    teardown { exec notebook sh "-c" "echo torn down >/proc/1/fd/1" }
    after-all { exec notebook sh "-c" "echo all is over >/proc/1/fd/1" }
SUITE
}
"##;
    Checkout::with(&text.replace("SUITE", suite))
}

/// The first test hangs, and says so.
const HANGS: &str = r##"
    test "hangs" {
        pause store
        exec notebook sh "-c" "echo it hangs >/proc/1/fd/1"
        http GET "/kept" timeout="10m"
    }
    test "comes next" { http GET "/kept" { expect status 200 } }
"##;

#[test]
fn an_interrupt_while_a_service_is_frozen_must_tear_the_test_down_and_leave_nothing() {
    if !wanted() {
        return;
    }
    let checkout = with_suite(HANGS);
    let told = interrupted(&checkout, "notebook | it hangs", Signal::INT);
    assert_eq!(told.code, 130, "{}\n{}", told.out, told.err);
    assert_eq!(checkout.held(), Vec::<String>::new(), "{}", told.out);
    told.says(&[", left 0", "notebook | torn down", "notebook | all is over", "it was broken off"]);
    // What was not judged is no failure to take up.
    let nothing = checkout.run(&["--failed"], 2);
    assert!(nothing.err.contains("no test failed when it was last run"), "{}", nothing.err);
}

#[test]
fn a_suite_out_of_time_must_fail_the_test_at_work_and_tear_it_down() {
    if !wanted() {
        return;
    }
    let checkout = with_suite(&format!("    timeout \"3s\"{HANGS}"));
    let told = checkout.run(&["--report", "junit=all.xml"], 1);
    told.says(&[
        "error[timed-out]: `kept` did not end within 3.00s",
        "“hangs”",
        "an end within 3s",
        "notebook | torn down",
        "notebook | all is over",
        "the 3s of all tests were over",
        "1 test failed, 1 test skipped",
    ]);
    assert!(checkout.read("all.xml").contains("the 3s of all tests were over"));
}

#[test]
fn a_service_that_does_not_come_back_must_end_its_suite_with_the_reason() {
    if !wanted() {
        return;
    }
    // Once there is a mark in its container, it starts and never listens.
    let told = with_suite(
        r##"
    test "spoils it" {
        exec store touch "/once"
        stop store grace="200ms"
    }
    test "needs it" { http GET "/kept" { expect status 200 } }
"##,
    )
    .run(&[], 1);
    told.says(&[
        "up and healthy again after the test",
        "`store` is not what it was before “spoils it”: it was not ready within",
        "notebook | all is over",
        "1 test failed, 1 test skipped",
    ]);
}

#[test]
fn stages_that_write_tap_or_leave_junit_must_land_in_one_report() {
    if !wanted() {
        return;
    }
    let tap = |name: &str, lines: &str, more: &str| {
        stage(name, &format!("sh #\"\"\"\n        printf '{lines}'\n        \"\"\"#\n    report tap\n    {more}"))
    };
    let text = tap("twelve", "1..2\\nok 1 - adds\\nok 2 - later # SKIP no disk\\n", "")
        + &tap("thirteen", "TAP version 13\\nnot ok 1 - todo # TODO soon\\nok 2 - works\\n1..2\\n", "after twelve")
        + &tap(
            "fourteen",
            "TAP version 14\\n1..2\\n# Subtest: outer\\n    ok 1 - inner\\n    1..1\\nok 1 - outer\\nnot ok 2 - breaks\\n  ---\\n  message: 2 is not 1\\n  ...\\n",
            "after thirteen junit",
        )
        + &stage(
            "junit",
            "after thirteen\n    sh #\"\"\"\n        echo '<testsuite name=\"unit\"><testcase name=\"has a title\"/></testsuite>' >/r.xml\n        \"\"\"#\n    artifact \"/r.xml\" to=\"out/\" report=junit",
        );
    let checkout = Checkout::with(&text);
    let told = checkout.run(&["--report", "junit=all.xml"], 1);
    told.says(&["4 tests passed, 1 test failed, 2 tests skipped", "“fourteen: breaks” failed", "2 is not 1"]);
    let xml = checkout.read("all.xml");
    for case in ["adds", "later", "works", "outer &gt; inner", "breaks", "has a title"] {
        assert!(xml.contains(&format!("name=\"{case}\"")), "{case} is not in:\n{xml}");
    }
}
