//! `pipe up`, and what looks at what it left up.

use std::time::{Duration, Instant};

use super::harness::{Checkout, stage, wait_for_line};
use crate::daemon::{docker, wanted};

#[test]
fn an_environment_must_stay_up_until_it_is_taken_down() {
    if !wanted() {
        return;
    }
    let text = "service web {\n    image \"busybox:1.35\"\n    sh \"echo serving; mkdir /w; echo hi > /w/index.html; exec httpd -f -p 8000 -h /w\"\n    port 8000\n    healthcheck http=\"/\" port=8000\n    stop grace=\"1s\"\n}\n";
    let checkout = Checkout::with(text);
    let up = checkout.pipe(&["up"]);
    assert_eq!(up.code, 0, "{}\n{}", up.out, up.err);
    let address = checkout.pipe(&["port", "web", "8000"]);
    assert_eq!(address.code, 0, "{}", address.err);
    std::net::TcpStream::connect(address.out.trim()).expect("the port answers");
    up.says(&[&format!("http://{}", address.out.trim())]);
    assert!(checkout.pipe(&["ps"]).out.contains("running"));
    assert!(checkout.pipe(&["logs", "web"]).out.contains("serving"));
    let down = checkout.pipe(&["down"]);
    assert_eq!(down.code, 0, "{}", down.out);
    assert_eq!(checkout.held(), Vec::<String>::new());
    assert_eq!(checkout.pipe(&["ps"]).out.lines().count(), 1, "the head of the table alone");
}

/// A service that tells of its end in a file of the host, and takes a second for it; or that never ends by itself.
fn service(name: &str, script: &str, more: &str) -> String {
    format!(
        "service {name} {{\n    image \"busybox:1.35\"\n    mount \"./out\" \"/out\"\n    sh #\"{script}\"#\n    healthcheck \"true\"\n    {more}\n}}\n"
    )
}

const LINGERS: &str = "trap 'sleep 1; echo bye > /out/bye; exit 0' USR1; while :; do sleep 0.1; done";
const IGNORES: &str = "trap '' TERM INT; while :; do sleep 0.1; done";

#[test]
fn taking_down_must_stop_each_service_as_its_pipeline_asks() {
    if !wanted() {
        return;
    }
    let text = service("graceful", LINGERS, "stop signal=SIGUSR1 grace=\"30s\"")
        + &service("stubborn", IGNORES, "stop grace=\"500ms\"")
        + &service("hasty", IGNORES, "");
    let checkout = Checkout::with(&text);
    checkout.write("out/there", "");
    let up = checkout.pipe(&["up", "graceful", "stubborn", "hasty"]);
    assert_eq!(up.code, 0, "{}\n{}", up.out, up.err);
    let begun = Instant::now();
    let down = checkout.pipe(&["down"]);
    assert_eq!(down.code, 0, "{}\n{}", down.out, down.err);
    assert!(begun.elapsed() < Duration::from_secs(10), "nobody waits for who was not asked: {:?}", begun.elapsed());
    assert_eq!(checkout.read("out/bye"), "bye\n");
    assert!(
        down.err.contains("`stubborn` ignored its stop signal for 500ms") && !down.err.contains("hasty"),
        "{}",
        down.err
    );
    assert_eq!(checkout.held(), Vec::<String>::new());
}

#[test]
fn a_second_environment_must_replace_the_first() {
    if !wanted() {
        return;
    }
    let text =
        "volume data\n".to_owned() + &service("app", "exec httpd -f -p 8000", "mount data \"/data\"\n    port 8000");
    let checkout = Checkout::with(&text);
    checkout.write("out/there", "");
    let first = checkout.pipe(&["up", "app"]);
    assert_eq!(first.code, 0, "{}\n{}", first.out, first.err);
    assert_eq!(checkout.held().len(), 3);
    let second = checkout.pipe(&["up", "app"]);
    assert_eq!(second.code, 0, "{}\n{}", second.out, second.err);
    assert!(second.err.contains(&format!("replacing what run {} left up", first.run_id())), "{}", second.err);
    assert_eq!(checkout.held().len(), 3, "one environment, and not two");
    // A run beside it makes an environment of its own, which does not touch it; nor does one that is kept.
    checkout.write(
        "pipeline.kdl",
        &(text + "stage look {\n    image \"busybox:1.35\"\n    needs app\n    command echo looked\n}\n"),
    );
    let beside = checkout.pipe(&["run", "--keep"]);
    assert_eq!(beside.code, 0, "{}\n{}", beside.out, beside.err);
    let ps = checkout.pipe(&["ps"]);
    assert_eq!(ps.out.lines().filter(|line| line.starts_with("app ")).count(), 2, "{}", ps.out);
    ps.says(&[&format!("{}  pipe up", second.run_id()), &format!("{}  --keep", beside.run_id())]);
    // The environment that is up is the one that is asked for its port.
    let port = second.out.lines().last().and_then(|line| line.split_once("http://")).expect("its URL").1;
    assert_eq!(checkout.pipe(&["port", "app"]).out.trim(), port);
    assert_eq!(checkout.pipe(&["down"]).code, 0);
    assert_eq!(checkout.held(), Vec::<String>::new());
}

#[test]
fn an_environment_that_is_coming_up_must_not_be_disturbed() {
    if !wanted() {
        return;
    }
    let text = service("app", "echo waking; exec sleep 600", "").replace("\"true\"", "\"test -e /out/go\"");
    let checkout = Checkout::with(&text);
    checkout.write("out/there", "");
    let mut first = checkout.command(&["up", "app"]).spawn().expect("the binary of this package can be run");
    wait_for_line(&mut first, "app | waking");
    let second = checkout.pipe(&["up", "app"]);
    assert_eq!(second.code, 2, "{}\n{}", second.out, second.err);
    assert!(second.err.contains("already-coming-up"), "{}", second.err);
    let down = checkout.pipe(&["down"]);
    assert!(down.err.contains("it has not ended yet") && down.out.contains("nothing to remove"), "{}", down.err);
    checkout.write("out/go", "");
    assert!(first.wait().expect("it ends").success());
    assert_eq!(checkout.pipe(&["down"]).code, 0);
    assert_eq!(checkout.held(), Vec::<String>::new());
}

#[test]
fn a_kept_run_must_stay_and_say_how_to_look_inside_and_how_to_remove_it() {
    if !wanted() {
        return;
    }
    let text = service("app", "echo inside > /file; exec sleep 600", "")
        + &stage("look", "needs app\n    sh \"echo found > /found\"");
    let checkout = Checkout::with(&text);
    checkout.write("out/there", "");
    let kept = checkout.pipe(&["run", "--keep"]);
    assert_eq!(kept.code, 0, "{}\n{}", kept.out, kept.err);
    kept.says(&["kept 3, left 0", &format!("`pipe down {}` removes all of it", checkout.file.display())]);
    // What it prints can be typed.
    let advice = |node: &str| {
        let line = kept.out.lines().find(|line| line.starts_with(&format!("kept {node}: "))).expect("advice");
        line.split('`').nth(1).expect("a command").to_owned()
    };
    let inside = advice("app").replace("-it ", "");
    let inside: Vec<&str> = inside.split(' ').skip(1).chain(["-c", "cat /file"]).collect();
    assert_eq!(docker(&inside), "inside");
    let copy =
        advice("look").replace("/PATH", "/found").replace(" .", &format!(" {}", checkout.directory.path().display()));
    docker(&copy.split(' ').skip(1).collect::<Vec<_>>());
    assert_eq!(checkout.read("found"), "found\n");
    checkout.pipe(&["logs", "look"]);
    assert_eq!(checkout.held().len(), 3);
    let again = checkout.pipe(&["run", "--keep"]);
    assert_eq!(again.code, 0, "{}\n{}", again.out, again.err);
    assert_eq!(checkout.held().len(), 3, "kept runs do not pile up");
    assert_eq!(checkout.pipe(&["down"]).code, 0);
    assert_eq!(checkout.held(), Vec::<String>::new());
}

#[test]
fn a_run_that_is_kept_on_failure_must_stay_when_it_is_red_and_cleaning_removes_it() {
    if !wanted() {
        return;
    }
    let text =
        |code: u8| service("app", "exec sleep 600", "") + &stage("a", &format!("needs app\n    sh \"exit {code}\""));
    let checkout = Checkout::with(&text(0));
    checkout.write("out/there", "");
    checkout.run(&["--keep=on-failure"], 0).never_says(&["kept"]);
    checkout.write("pipeline.kdl", &text(3));
    let red = checkout.pipe(&["run", "--keep=on-failure"]);
    assert_eq!(red.code, 1, "{}\n{}", red.out, red.err);
    red.says(&["stage-failed", "kept 3, left 0", "kept app: ", "kept a: ", "` removes all of it"]);
    assert_eq!(red.inspect("a", "{{.State.ExitCode}}"), "3");
    assert_eq!(red.inspect("app", "{{.State.Running}}"), "true");
    let clean = checkout.pipe(&["clean"]);
    assert_eq!(clean.code, 0, "{}", clean.out);
    clean.says(&["removed 2 containers, 1 network, left 0"]);
    assert_eq!(checkout.held(), Vec::<String>::new());
}
