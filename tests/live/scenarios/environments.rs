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

/// A service that says what it does, one that needs it, and a test that must pass before they count.
const SHOP: &str = r##"
service db {
    image "busybox:1.35"
    sh #"trap 'echo db ends; exit 0' TERM; echo db up; while true; do sleep 0.1; done"#
    healthcheck "true"
    stop grace="10s"
}
service web {
    image "busybox:1.35"
    needs db
    sh #"trap 'echo web ends; sleep 1; echo web ended; exit 0' TERM; mkdir /w; echo hi > /w/index.html; httpd -p 8000 -h /w; echo web up; while true; do sleep 0.1; done"#
    port 8000
    port 9000
    healthcheck http="/" port=8000
    stop grace="10s"
}
acceptance accepted {
    target web port=8000
    test "it answers" { http GET "/" { expect status STATUS } }
}
"##;

#[test]
fn the_last_lines_must_say_where_it_is_reached_and_only_once_it_is_accepted() {
    if !wanted() {
        return;
    }
    let shop = Checkout::with(&SHOP.replace("STATUS", "200"));
    let up = shop.pipe(&["up"]);
    assert_eq!(up.code, 0, "{}\n{}", up.out, up.err);
    let port = |port: &str| shop.pipe(&["port", "web", port]).out.trim().to_owned();
    let lines: Vec<&str> = up.out.lines().collect();
    let urls = [format!("web  http://{}", port("8000")), format!("web  http://{}", port("9000"))];
    assert_eq!(lines[lines.len() - 2..], urls);
    assert!(up.out.find("+ it answers") < up.out.find(&urls[0]), "{}", up.out);
    assert_eq!(shop.pipe(&["down"]).code, 0);

    let told = shop.pipe(&["up", "--progress", "json"]);
    let last = told.events().pop().expect("there are events");
    assert_eq!((last["event"].as_str(), last["verdict"].as_str()), (Some("run-finished"), Some("passed")));
    assert_eq!(last["urls"][0]["url"], format!("http://{}", port("8000")));
    assert_eq!((last["urls"][0]["node"].as_str(), last["urls"][0]["port"].as_u64()), (Some("web"), Some(8000)));
    assert_eq!(shop.pipe(&["down"]).code, 0);
}

#[test]
fn what_is_not_accepted_must_not_stay_up_nor_be_told_a_place() {
    if !wanted() {
        return;
    }
    let shop = Checkout::with(&SHOP.replace("STATUS", "500"));
    let up = shop.pipe(&["up"]);
    assert_eq!(up.code, 1, "{}\n{}", up.out, up.err);
    assert_eq!(shop.held(), Vec::<String>::new());
    assert!(!up.out.contains("\nweb  http://"), "{}", up.out);
}

#[test]
fn services_must_end_before_those_that_they_need() {
    if !wanted() {
        return;
    }
    let shop = Checkout::with(&SHOP.replace("STATUS", "200"));
    let run = shop.run(&[], 0);
    assert!(run.out.find("| web ended") < run.out.find("| db ends"), "{}", run.out);

    assert_eq!(shop.pipe(&["up"]).code, 0);
    let mut follow = shop.command(&["logs", "--follow"]).spawn().expect("the binary of this package can be run");
    std::thread::sleep(std::time::Duration::from_millis(500));
    assert_eq!(shop.pipe(&["down"]).code, 0);
    let logs = super::harness::Told::of({
        let out = follow.stdout.take();
        let mut text = Vec::new();
        std::io::Read::read_to_end(&mut out.expect("it is piped"), &mut text).expect("its output");
        std::process::Output { status: follow.wait().expect("it ends"), stdout: text, stderr: Vec::new() }
    });
    let (web, db) = (logs.out.find("web | web ended"), logs.out.find("db  | db ends"));
    assert!(web.is_some() && web < db, "{}", logs.out);
}

#[test]
fn what_is_not_there_must_be_told_with_what_is() {
    if !wanted() {
        return;
    }
    let shop = Checkout::with(&SHOP.replace("STATUS", "200"));
    let told = |arguments: &[&str], words: &[&str]| {
        let told = shop.pipe(arguments);
        assert_eq!((told.code, told.out.as_str()), (2, ""), "{}", told.err);
        for word in words {
            assert!(told.err.contains(word), "“{word}” is not in:\n{}", told.err);
        }
    };
    told(&["port", "web"], &["error[not-up]: nothing of this pipeline is there", "pipe up"]);
    told(&["logs"], &["error[not-up]: nothing of this pipeline is there"]);
    assert_eq!(shop.pipe(&["down"]).out, "nothing to remove\n");

    assert_eq!(shop.pipe(&["up"]).code, 0);
    told(&["port", "wep"], &["called `wep` is there", "did you mean `web`?"]);
    told(&["logs", "web", "dbb"], &["called `dbb` is there", "did you mean `db`?"]);
    told(&["port", "web", "77"], &["`web` publishes no port 77", "it publishes `8000` and `9000`"]);
    told(&["port", "db"], &["`db` publishes no port"]);
    let ps = shop.pipe(&["ps"]);
    assert!(ps.out.lines().any(|line| line.starts_with("web ") && line.contains("running")), "{}", ps.out);
    assert_eq!(shop.pipe(&["down"]).code, 0);
}
