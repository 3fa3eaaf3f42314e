//! What services promise to those that need them.

use super::harness::{Checkout, Told, stage, unique, wait_for_line};
use crate::daemon::{docker, wanted};

/// A web server on busybox whose only page says `word`.
fn web(name: &str, word: &str) -> String {
    format!(
        "service {name} {{\n    image \"busybox:1.35\"\n    sh \"mkdir /w; echo {word} > /w/index.html; exec httpd -f -p 8000 -h /w\"\n    healthcheck tcp=8000\n}}\n"
    )
}

#[test]
fn services_must_be_reached_by_name_within_their_own_run_alone() {
    if !wanted() {
        return;
    }
    let get = "wget -q -O - http://web:8000/";
    let checkout = |word: &str| {
        Checkout::with(
            &(web("web", word)
                + &stage(
                    "look",
                    &format!("needs web\n    sh \"{get}; sleep 2; {get}; nslookup only || echo unknown\""),
                )),
        )
    };
    let (one, other) = (checkout("one"), checkout("other"));
    // A third one is up all the while, with a service that the others must not see.
    let third = Checkout::with(&(web("web", "third") + &web("only", "third")));
    assert_eq!(third.pipe(&["up", "web", "only"]).code, 0);
    let first = one.command(&["run"]).spawn().expect("the binary of this package can be run");
    let second = other.run(&[], 0);
    let first = Told::of(first.wait_with_output().expect("it ends"));
    assert_eq!(third.pipe(&["down"]).code, 0);
    for (told, word) in [(&first, "one"), (&second, "other")] {
        assert_eq!(told.code, 0, "{}", told.out);
        let lines = told.lines("look");
        assert_eq!((lines[0], lines[1], lines.last()), (word, word, Some(&"unknown")), "{}", told.out);
    }
}

#[test]
fn what_a_target_needs_must_be_brought_up_and_nothing_else() {
    if !wanted() {
        return;
    }
    let text = web("db", "rows")
        + &web("app", "page").replacen("image", "needs db\n    image", 1)
        + &web("unneeded", "nothing")
        + &stage("accept", "needs app\n    sh \"wget -q -O - http://app:8000/; wget -q -O - http://db:8000/\"");
    let told = Checkout::with(&text).run(&["accept"], 0);
    assert_eq!(told.lines("accept"), ["page", "rows"]);
    told.says(&["db", "healthy after"]).never_says(&["unneeded"]);
}

#[test]
fn a_service_must_open_its_gate_when_its_check_passes_and_not_before() {
    if !wanted() {
        return;
    }
    // The variables in the check are the container's own, and need no quoting of any kind.
    let text = "service db {\n    image \"busybox:1.35\"\n    mount \"./out\" \"/out\"\n    env {\n        WORD open\n    }\n    \
                sh \"echo waiting; until test -e /out/go; do sleep 0.1; done; echo $WORD > /ready; exec sleep 600\"\n    \
                healthcheck \"test \\\"$(cat /ready)\\\" = $WORD\" interval=\"1s\" retries=60\n}\n"
        .to_owned()
        + &stage("user", "needs db\n    mount \"./out\" \"/out\"\n    sh \"cat /out/go\"");
    let checkout = Checkout::with(&text);
    checkout.write("out/there", "");
    let mut child = checkout.command(&["run"]).stderr(std::process::Stdio::inherit()).spawn().expect("it runs");
    let before = wait_for_line(&mut child, "db   | waiting");
    std::thread::sleep(std::time::Duration::from_secs(2));
    assert!(!before.contains("user >"), "{before}");
    checkout.write("out/go", "gone\n");
    assert!(child.wait().expect("it ends").success());
}

#[test]
fn templates_must_merge_with_their_needs_and_variables() {
    if !wanted() {
        return;
    }
    let text = web("db", "rows")
        + "template base {\n    image \"busybox:1.35\"\n    needs db\n    env {\n        HOST db\n        MODE release\n    }\n}\n\
           template page {\n    extends base\n    env {\n        MODE page\n    }\n    command sh \"-c\" \"echo $HOST $MODE $URL; wget -q -O - http://$HOST:8000/\"\n}\n"
        + "stage first {\n    extends page\n    env {\n        URL \"http://first\"\n    }\n}\n"
        + "stage second {\n    extends page\n    needs first\n    env {\n        HOST \"db\"\n        URL \"http://second\"\n    }\n}\n";
    let told = Checkout::with(&text).run(&["second"], 0);
    assert_eq!(told.lines("first"), ["db page http://first", "rows"]);
    assert_eq!(told.lines("second"), ["db page http://second", "rows"]);
}

#[test]
fn a_service_must_go_when_nothing_needs_it_any_more() {
    if !wanted() {
        return;
    }
    let (name, text) = (unique("retire"), web("db", "rows"));
    let text = format!(
        "pipeline {name}\n{text}{}{}",
        stage("user", "needs db\n    command echo used"),
        stage("later", "needs user\n    sh \"echo later; sleep 3\"")
    );
    let checkout = Checkout::with(&text);
    let mut child = checkout.command(&["run"]).spawn().expect("the binary of this package can be run");
    wait_for_line(&mut child, "later | later");
    std::thread::sleep(std::time::Duration::from_millis(1500));
    let label = format!("label=dev.pipe.pipeline={name}");
    let there = docker(&["ps", "--filter", &label, "--format", "{{.Label \"dev.pipe.node\"}}"]);
    assert_eq!(there, "later");
    assert!(child.wait().expect("it ends").success());
}

#[test]
fn a_long_wait_must_be_told_with_its_reason_and_its_end_with_each_try() {
    if !wanted() {
        return;
    }
    let text = "service db {\n    image \"busybox:1.35\"\n    sh \"exec sleep 600\"\n    \
                healthcheck \"echo no disk yet; exit 7\" interval=\"1s\" timeout=\"1s\" retries=4\n}\n"
        .to_owned()
        + &stage("user", "needs db\n    command echo never");
    let told = Checkout::with(&text).run(&[], 1);
    told.says(&["db   - awaited for 5.", "more; try ", "code 7, no disk yet", "db   x not ready"]);
    told.says(&["not-ready", "last tries of its check", "not run: user"]).never_says(&["| never"]);
}

#[test]
fn what_is_ready_must_go_ahead_while_other_things_are_built() {
    if !wanted() {
        return;
    }
    let text = "image slow { build .; }\n".to_owned()
        + &web("db", "rows")
        + &stage("quick", "needs db\n    command echo quick")
        + "stage late {\n    image slow\n    command echo late\n}\n";
    let checkout = Checkout::with(&text);
    checkout.write("Dockerfile", &format!("FROM busybox:1.35\nRUN echo {}; sleep 6\n", unique("slow")));
    let told = checkout.run(&["--jobs", "2"], 0);
    let at = |words: &str| told.out.find(words).unwrap_or_else(|| panic!("“{words}” is not in:\n{}", told.out));
    assert!(at("quick | quick") < at("slow  + built"), "{}", told.out);
}

#[test]
fn a_service_that_its_author_wants_restarted_must_come_up_in_the_end() {
    if !wanted() {
        return;
    }
    let service = "service app {\n    image \"busybox:1.35\"\n    \
                   sh \"echo try >> /tmp/tries; test $(wc -l < /tmp/tries) = 3 || exit 7; mkdir /w; cp /tmp/tries /w; exec httpd -f -p 8000 -h /w\"\n    \
                   healthcheck tcp=8000\n    restart on-failure max=3 backoff=\"100ms\"\n}\n";
    let ask = stage("ask", "needs app\n    command wget -q -O - \"http://app:8000/tries\"");
    let told = Checkout::with(&(service.to_owned() + &ask)).run(&[], 0);
    assert_eq!(told.lines("ask"), ["try", "try", "try"]);
    told.says(&["`app` ended with exit code 7, and is started again (2 of 3)"]).never_says(&["(3 of 3)"]);
}
