//! What `retry` promises: attempts that are told, each in a fresh container, after the failures that were named.

use super::harness::{Checkout, stage};
use crate::daemon::wanted;

/// Fails until the volume holds two lines; tells whether its container is fresh.
const THIRD_TIME: &str = r#"volume tries
stage flaky {
    image "busybox:1.35"
    mount tries "/tries"
    sh """
        test ! -e /used && echo fresh
        touch /used
        echo x >> /tries/log
        test $(wc -l < /tries/log) -ge 3 || exit 7
        """
    RETRY
}
"#;

#[test]
fn a_stage_must_pass_when_one_of_its_attempts_does_and_not_as_a_plain_pass() {
    if !wanted() {
        return;
    }
    let checkout = Checkout::with(&THIRD_TIME.replace("RETRY", "retry 3 on=\"exit 7\" backoff=\"100ms\""));
    let told = checkout.run(&["--report", "junit=r.xml"], 0);
    told.says(&["attempt 1 of 4 failed with exit code 7", "succeeded at attempt 3 of 4", "1 when tried again"]);
    assert_eq!(told.lines("flaky").iter().filter(|line| **line == "fresh").count(), 3, "{}", told.out);
    let report = checkout.read("r.xml");
    assert_eq!(report.matches("<flakyFailure").count(), 2, "{report}");
}

#[test]
fn attempts_must_come_to_an_end() {
    if !wanted() {
        return;
    }
    let told = Checkout::with(&THIRD_TIME.replace("RETRY", "retry 1")).run(&[], 1);
    told.says(&["attempt 1 of 2 failed with exit code 7", "failed with exit code 7"]);
}

#[test]
fn another_failure_must_not_be_tried_again() {
    if !wanted() {
        return;
    }
    let text = stage("a", "sh \"exit 3\"\n    retry 3 on=\"exit 4, oom\"");
    Checkout::with(&text).run(&[], 1).says(&["exit code 3"]).never_says(&["attempt"]);
}

#[test]
fn a_stage_that_takes_too_long_must_be_tried_again_where_that_is_asked_for() {
    if !wanted() {
        return;
    }
    let text = stage("a", "sh \"sleep 30\"\n    timeout \"300ms\"\n    retry 1 on=timeout");
    Checkout::with(&text).run(&[], 1).says(&["attempt 1 of 2 took longer than", "timed-out"]);
}
