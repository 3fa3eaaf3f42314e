//! What a test that failed tells of its cause: what became of services, what was done to them, and what they wrote.

use serde_json::Value;

use super::harness::Checkout;
use crate::daemon::wanted;

/// The one test of a run's report that is called so.
fn tested(checkout: &Checkout, name: &str) -> Value {
    let lines = checkout.read("r.json");
    let mut events = lines.lines().map(|line| serde_json::from_str::<Value>(line).expect("it is JSON"));
    events.find(|event| event["event"] == "tested" && event["name"] == name).expect("it is told")
}

#[test]
fn a_test_whose_service_dies_must_tell_of_that_and_of_what_all_services_wrote() {
    if !wanted() {
        return;
    }
    let checkout = Checkout::of("failing", "dies-in-a-test.kdl");
    let told = checkout.run(&["--report", "json=r.json", "--report", "junit=r.xml"], 1);
    let tested = tested(&checkout, "it stays up when it grows");
    let check = &tested["failures"][0]["check"];
    let cause = check["causes"][0].as_str().expect("there is a cause");
    // Not every daemon tells of each process that was killed for want of memory.
    let seen = ["`app` was OOM-killed ", "`app` ended with exit code 137 (SIGKILL), "];
    assert!(seen.iter().any(|seen| cause.starts_with(seen)) && cause.contains(" this request"), "{cause}");
    assert!(check["tries"][0]["outcome"] == "passed", "{check:#}");
    let services: Vec<&str> =
        tested["logs"].as_array().into_iter().flatten().filter_map(|it| it["service"].as_str()).collect();
    assert_eq!(services, ["app", "clock"], "{tested:#}");
    assert!(tested["logs"][0]["lines"].as_array().is_some_and(|lines| lines.contains(&"growing".into())));
    let file = tested["logs"][1]["files"][0].as_str().expect("it is kept");
    assert!(std::fs::read_to_string(file).is_ok_and(|log| log.lines().all(|line| line == "tick")), "{file}");
    told.says(&["error[expectation-failed]", "  cause: `app` ", "`app` wrote while this test ran:\n    growing"]);
    told.says(&["`clock` wrote while this test ran:\n", "    tick\n", "  all of it: /", "error[service-exited]"]);
    assert!(checkout.read("r.xml").contains("cause: `app` "));
}

#[test]
fn what_a_test_did_to_a_service_must_be_told_with_what_failed() {
    if !wanted() {
        return;
    }
    let checkout = Checkout::of("failing", "fault-step.kdl");
    let told = checkout.run(&["--report", "json=r.json"], 1);
    let stopped = tested(&checkout, "it ends when it is told to");
    let check = &stopped["failures"][0]["check"];
    assert_eq!(check["request"], "stop stubborn grace=\"500ms\"");
    let answer = check["answer"].as_str().expect("it ended");
    assert!(answer.starts_with("exit code 137 after ") && answer.ends_with("; its grace ran out, and it was killed"));
    let frozen = tested(&checkout, "it answers though it was frozen");
    let cause = frozen["failures"][0]["check"]["causes"][0].as_str().expect("there is a cause");
    assert!(
        cause.starts_with("`stubborn` was paused by this test ") && cause.ends_with(" before this request"),
        "{cause}"
    );
    told.says(&["killed is not as expected", "  $ stop stubborn grace=\"500ms\"\n    exit code 137 after "]);
}

#[test]
fn what_is_too_long_must_be_cut_and_lie_whole_in_a_file_without_secrets() {
    if !wanted() {
        return;
    }
    let secret = "correct-horse-battery";
    let text = r##"
secret word env=PIPE_TEST_WORD
service web {
    image "busybox:1.35"
    port 8000
    env { WORD (secret)word; }
    sh "mkdir /site; (seq 1 2000; echo $WORD; echo end) >/site/long; exec httpd -f -p 8000 -h /site"
    healthcheck tcp=8000
}
acceptance tests {
    target web port=8000
    test "the text" { http GET "/long" { expect body contains=nothing; expect status 201; } }
}
"##;
    let checkout = Checkout::with(text);
    let mut command = checkout.command(&["run", "--report", "json=r.json"]);
    let told = super::harness::Told::of(command.env("PIPE_TEST_WORD", secret).output().expect("it can be run"));
    assert_eq!(told.code, 1, "{}\n{}", told.out, told.err);
    assert_eq!(checkout.held(), Vec::<String>::new());
    let failures = &tested(&checkout, "the text")["failures"];
    let file = |check: &Value, key: &str| {
        let path = check[key].as_str().unwrap_or_else(|| panic!("no {key} in {failures:#}")).to_owned();
        std::fs::read_to_string(path).expect("it is kept")
    };
    let body = file(&failures[0]["check"], "actual_file");
    assert!(body.starts_with("1\n2\n") && body.ends_with("2000\n***\nend\n"), "the whole text as it is");
    assert!(file(&failures[0]["check"], "answer_file").contains("\n***\nend"));
    assert_eq!(failures[0]["check"]["answer_file"], failures[1]["check"]["answer_file"], "one answer, one file");
    told.never_says(&[secret, "\n  1999"]).says(&["bytes more)", "all of it: /"]);
    assert_eq!(told.out.matches("$ curl").count(), 1, "what was asked is shown once:\n{}", told.out);
}
