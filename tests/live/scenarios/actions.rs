//! Tests that disturb services, and tests that are chosen: on a real daemon.

use super::harness::Checkout;
use crate::daemon::wanted;

/// A store that answers over HTTP, and a gate before it; `tests` stand in their acceptance.
fn with_tests(tests: &str) -> Checkout {
    let text = r##"
service store {
    image "busybox:1.35"
    port 8000
    sh "mkdir -p /site; echo kept >/site/kept; trap 'exit 5' TERM; httpd -f -p 8000 -h /site & wait"
    healthcheck tcp=8000 interval="100ms"
    stop grace="5s"
}
service other {
    image "busybox:1.35"
    command sleep "1000"
    healthcheck none
}
acceptance resilience {
    target store port=8000
TESTS
}
"##;
    Checkout::with(&text.replace("TESTS", tests))
}

#[test]
fn services_that_tests_disturb_must_be_what_they_were_for_the_next_test() {
    if !wanted() {
        return;
    }
    let told = with_tests(
        r#"
    test "it ends well and comes back" {
        stop store {
            expect exit-code 5
            expect killed #false
            expect stopped-in lt=5000
        }
        start store
        http GET "/kept" { expect status 200 }
    }
    test "it is left down" { stop store; }
    test "it is back" { http GET "/kept" { expect status 200 } }
    test "it is left frozen" { pause store; }
    test "it is thawed" { http GET "/kept" { expect status 200 } }
    test "it is left alone" { disconnect store; }
    test "it can be reached" { http GET "/kept" { expect status 200 } }
    test "it is killed" { kill store; }
    test "it is restarted" {
        restart store
        eventually within="10s" { http GET "/kept" { expect status 200 } }
    }
"#,
    )
    .run(&[], 0);
    told.says(&["9 tests passed"]);
}

#[test]
fn a_stop_that_takes_too_long_must_fail_under_its_expectation() {
    if !wanted() {
        return;
    }
    let checkout = with_tests(
        r#"
    test "the other one obeys" { stop other grace="300ms" { expect killed #false; } }
    test "nothing is wrong with the store" { http GET "/kept" { expect status 200 } }
"#,
    );
    checkout.run(&[], 1).says(&["killed is not as expected", "1 test passed, 1 test failed"]);
    // What failed is known to the next run, and nothing else is run.
    checkout.run(&["--failed", "--shuffle"], 1).says(&["1 of 2 tests chosen", "`--shuffle=", "1 test failed"]);
    let nothing = checkout.run(&["--test", "no such test"], 2);
    assert!(nothing.err.contains("no test fits"), "{}", nothing.err);
    let order = || checkout.pipe(&["plan", "--shuffle=7"]).out;
    assert!(order().contains("`--shuffle=7` repeats it") && order() == order(), "{}", order());
    let planned = checkout.pipe(&["plan", "--test", "nothing is WRONG"]);
    assert!(planned.out.contains("//   resilience/nothing is wrong with the store"), "{}", planned.out);
}

#[test]
fn tests_in_another_tool_must_land_in_the_report() {
    if !wanted() {
        return;
    }
    let checkout = Checkout::with(
        r##"
acceptance tool {
    image "busybox:1.35"
    sh #"""
        echo 'TAP version 14'
        echo '1..2'
        echo 'ok 1 - adds'
        echo 'not ok 2 - subtracts'
        echo '  ---'
        echo '  message: 2 is not 1'
        echo '  ...'
        """#
}
"##,
    );
    let told = checkout.run(&["--report", "junit=report.xml"], 1);
    told.says(&["1 test passed, 1 test failed", "2 is not 1"]);
    let report = checkout.read("report.xml");
    assert!(report.contains("subtracts") && report.contains("2 is not 1"), "{report}");
}
