//! A signal takes everything back.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use super::harness::{Checkout, Told, stage, unique, wait_for_line};
use crate::daemon::{docker, left_empty, wanted};
use crate::faults::proxy::{Fault, Proxy};

/// Sends signals, each once the run has said its word (the same word: right behind the one before), and answers how it ended.
fn interrupted_by(run: &mut Command, signals: &[(&str, Signal)]) -> Told {
    let mut child = run.spawn().expect("the binary of this package can be run");
    let pid = Pid::from_child(&child);
    let lines = BufReader::new(child.stdout.take().expect("it is piped")).lines();
    let mut out = String::new();
    let mut pending = signals.iter().peekable();
    for line in lines {
        let line = line.expect("its output is text");
        out.push_str(&line);
        out.push('\n');
        while let Some((_, signal)) = pending.next_if(|(word, _)| line.contains(word)) {
            kill_process(pid, *signal).expect("it runs");
            // Two at once would be heard as one.
            std::thread::sleep(Duration::from_millis(100));
        }
    }
    assert!(pending.peek().is_none(), "it never said “{}”:\n{out}", pending.peek().map_or("", |(word, _)| word));
    let output = child.wait_with_output().expect("it ends");
    Told { out, ..Told::of(output) }
}

pub fn interrupted(checkout: &Checkout, word: &str, signal: Signal) -> Told {
    interrupted_by(&mut checkout.command(&["run"]), &[(word, signal)])
}

/// It ended with this code, and took back all it had made.
#[track_caller]
fn taken_back(checkout: &Checkout, told: &Told, code: i32) {
    assert_eq!(told.code, code, "{}\n{}", told.out, told.err);
    assert_eq!(checkout.held(), Vec::<String>::new(), "{}", told.out);
    told.says(&[", left 0"]);
}

#[test]
fn an_interrupt_must_take_everything_back() {
    if !wanted() {
        return;
    }
    let service = "service db {\n    image \"busybox:1.35\"\n    sh \"echo up; exec sleep 600\"\n    init\n    healthcheck \"exit 1\" retries=100\n}\n";
    let waits = service.to_owned() + &stage("a", "needs db\n    command echo never");
    let works = stage("a", "sh \"echo working; sleep 600\"");
    for (text, word) in [(waits.as_str(), "db | up"), (works.as_str(), "a | working")] {
        for (signal, name, code) in
            [(Signal::INT, "SIGINT", 130), (Signal::TERM, "SIGTERM", 143), (Signal::HUP, "SIGHUP", 129)]
        {
            let checkout = Checkout::with(text);
            let told = interrupted(&checkout, word, signal);
            taken_back(&checkout, &told, code);
            told.says(&[&format!("interrupted by {name} in")]);
        }
    }
}

#[test]
fn an_interrupt_while_an_image_is_pulled_must_end_the_pull() {
    if !wanted() {
        return;
    }
    // A registry that takes connections and never answers.
    let registry = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = registry.local_addr().expect("its address");
    let checkout = Checkout::with(&stage("a", "").replace("busybox:1.35", &format!("{address}/slow:1")));
    let run = checkout.command(&["run"]).spawn().expect("the binary of this package can be run");
    let connection = registry.accept().expect("the engine asks the registry");
    let begun = Instant::now();
    kill_process(Pid::from_child(&run), Signal::INT).expect("it runs");
    let told = Told::of(run.wait_with_output().expect("it ends"));
    assert!(begun.elapsed() < Duration::from_secs(10), "it waited for the registry:\n{}", told.out);
    drop(connection);
    taken_back(&checkout, &told, 130);
}

#[test]
fn an_interrupt_while_an_image_is_built_must_end_the_build() {
    if !wanted() {
        return;
    }
    let checkout = Checkout::with("image app { build . }\nstage a {\n    image app\n}\n");
    checkout.write("Dockerfile", "FROM busybox:1.35\nRUN sleep 601\n");
    let begun = Instant::now();
    let told = interrupted(&checkout, "RUN sleep 601", Signal::INT);
    assert!(begun.elapsed() < Duration::from_secs(30), "{}", told.out);
    taken_back(&checkout, &told, 130);
}

#[test]
fn an_interrupt_at_any_moment_must_take_everything_back() {
    if !wanted() {
        return;
    }
    for delay in (0..8).map(|turn| Duration::from_millis(turn * 250)) {
        let diamond = Checkout::of("diamond", "pipeline.kdl");
        let mut run = diamond.command(&["run"]).spawn().expect("the binary of this package can be run");
        let mut lines = BufReader::new(run.stdout.take().expect("it is piped")).lines().map(|line| line.expect("text"));
        // Before its first word it has made nothing, and a signal simply ends it.
        let mut out = vec![lines.next().expect("it says that it runs")];
        std::thread::sleep(delay);
        kill_process(Pid::from_child(&run), Signal::TERM).expect("it runs");
        out.extend(lines);
        let told = Told { out: out.join("\n"), ..Told::of(run.wait_with_output().expect("it ends")) };
        taken_back(&diamond, &told, 143);
    }
}

#[test]
fn an_interrupt_while_tests_run_must_end_them() {
    if !wanted() {
        return;
    }
    let text = r##"
service web {
    image "busybox:1.35"
    sh #"mkdir -p /w/cgi-bin; printf '#!/bin/sh\necho asked >&2\nsleep 600\n' > /w/cgi-bin/slow; chmod +x /w/cgi-bin/slow; exec httpd -f -p 8000 -h /w"#
    port 8000
    healthcheck tcp=8000
}
acceptance a {
    target web port=8000
    test "it is slow" { http GET "/cgi-bin/slow" timeout="10m" { expect status 200 } }
}
"##;
    let checkout = Checkout::with(text);
    let told = interrupted(&checkout, "web | asked", Signal::INT);
    taken_back(&checkout, &told, 130);
}

/// A stage that takes its time to end, and does not tell whether it ever will.
fn stubborn() -> Checkout {
    Checkout::with(&stage(
        "a",
        "init #false\n    stop grace=\"5m\"\n    sh \"trap '' TERM; echo working; while true; do sleep 1; done\"",
    ))
}

#[test]
fn a_second_interrupt_must_not_wait_for_anybody() {
    if !wanted() {
        return;
    }
    let checkout = stubborn();
    let begun = Instant::now();
    let words = [("a | working", Signal::INT), ("SIGINT: stopping", Signal::INT)];
    let told = interrupted_by(&mut checkout.command(&["run"]), &words);
    assert!(begun.elapsed() < Duration::from_secs(60), "it waited for the grace:\n{}", told.out);
    taken_back(&checkout, &told, 130);
    told.says(&["SIGINT: killing"]);
}

#[test]
fn a_third_interrupt_must_leave_at_once_and_the_rest_to_its_guardian() {
    if !wanted() {
        return;
    }
    let checkout = stubborn();
    // The container is not gone yet when the third one comes: the daemon is slow to say so.
    let slow = Duration::from_secs(2);
    let proxy = Proxy::new(move |request| request.is("DELETE", "/containers/", "").then_some(Fault::Late(slow)));
    let words = [("a | working", Signal::INT), ("SIGINT: stopping", Signal::INT), ("SIGINT: stopping", Signal::INT)];
    let told = interrupted_by(checkout.command(&["run"]).env("DOCKER_HOST", proxy.host()), &words);
    assert_eq!(told.code, 130, "{}\n{}", told.out, told.err);
    told.says(&["SIGINT: leaving", "left behind: container "]);
    left_empty(told.run_id(), Duration::from_secs(5));
}

#[test]
fn an_interrupt_during_the_tear_down_must_not_break_it_off() {
    if !wanted() {
        return;
    }
    let text = "service web {\n    image \"busybox:1.35\"\n    sh \"trap 'echo ending; sleep 2; exit 0' TERM; while true; do sleep 0.1; done\"\n    healthcheck \"true\"\n    stop grace=\"20s\"\n}\n".to_owned()
        + &stage("a", "needs web\n    command echo done");
    let checkout = Checkout::with(&text);
    let told = interrupted(&checkout, "web | ending", Signal::INT);
    // All that was wanted had passed.
    taken_back(&checkout, &told, 0);
}

#[test]
fn an_interrupt_must_not_touch_what_was_there_before() {
    if !wanted() {
        return;
    }
    let text = "service web {\n    image \"busybox:1.35\"\n    sh \"exec httpd -f -p 8000\"\n    port 8000\n    healthcheck tcp=8000\n}\n".to_owned()
        + &stage("a", "needs web\n    sh \"echo working; sleep 600\"");
    let checkout = Checkout::with(&text);
    assert_eq!(checkout.pipe(&["up", "web"]).code, 0);
    let before = checkout.held();
    let told = interrupted(&checkout, "a   | working", Signal::INT);
    assert_eq!(told.code, 130, "{}", told.out);
    assert_eq!(checkout.held(), before);
    let address = checkout.pipe(&["port", "web"]).out;
    std::net::TcpStream::connect(address.trim()).expect("it is still up");
    assert_eq!(checkout.pipe(&["down"]).code, 0);
}

#[test]
fn a_service_that_ignores_its_stop_signal_must_be_named_with_a_hint() {
    if !wanted() {
        return;
    }
    let service = "service web {\n    image \"busybox:1.35\"\n    command httpd -f -p \"8000\"\n    healthcheck tcp=8000\n    stop grace=\"1s\"\n}\n";
    let checkout = Checkout::with(&(service.to_owned() + &stage("a", "needs web\n    command \"true\"")));
    let told = checkout.run(&[], 0);
    told.names("signal-ignored", "stop grace=\"1s\"", "`init`");
    told.says(&["warning[signal-ignored]: `web` ignored SIGTERM for 1.00s and was killed", "--die-on-term"]);
    assert_eq!(checkout.pipe(&["up", "web"]).code, 0);
    let down = checkout.pipe(&["down"]);
    assert!(down.code == 0 && down.err.contains("`web` ignored its stop signal for 1s"), "{}\n{}", down.out, down.err);
}

#[test]
fn a_screen_that_nobody_reads_must_not_hold_an_interrupted_run() {
    if !wanted() {
        return;
    }
    let checkout = Checkout::with(&stage("a", "sh \"while :; do echo flood flood flood flood; done\""));
    let mut child = checkout.command(&["run"]).spawn().expect("the binary of this package can be run");
    // Its pipe is full once the flood is far longer than what a pipe holds; none of it is ever read.
    while !checkout.pipe(&["ps"]).out.contains("running") {
        assert!(child.try_wait().expect("it can be asked").is_none(), "it ended before the flood");
    }
    kill_process(Pid::from_child(&child), Signal::INT).expect("it runs");
    let deadline = Instant::now() + Duration::from_secs(60);
    let status = loop {
        match child.try_wait().expect("it can be asked") {
            Some(status) => break status,
            None if Instant::now() < deadline => std::thread::sleep(Duration::from_millis(20)),
            None => panic!("it still waits for its screen"),
        }
    };
    assert_eq!(status.code(), Some(130));
    assert_eq!(checkout.held(), Vec::<String>::new());
}

#[test]
fn a_stage_with_always_must_run_after_the_first_interrupt() {
    if !wanted() {
        return;
    }
    let text = stage("a", "sh \"echo working; sleep 600\"") + &stage("tidy", "always\n    command echo \"tidied up\"");
    let checkout = Checkout::with(&text);
    let told = interrupted(&checkout, "| working", Signal::INT);
    taken_back(&checkout, &told, 130);
    told.says(&["| tidied up"]);
}

#[test]
fn a_run_that_was_suspended_must_go_on_and_lose_nothing() {
    if !wanted() {
        return;
    }
    let checkout = Checkout::with(&stage("a", "sh \"echo working; seq 1 2000; echo last\""));
    let mut command = checkout.command(&["run"]);
    let mut child = command.spawn().expect("the binary of this package can be run");
    let pid = Pid::from_child(&child);
    let mut lines = BufReader::new(child.stdout.take().expect("it is piped")).lines().map(|line| line.expect("text"));
    let mut out: Vec<String> = lines.by_ref().take_while(|line| !line.contains("a | working")).collect();
    kill_process(pid, Signal::TSTP).expect("it runs");
    let stat = || std::fs::read_to_string(format!("/proc/{}/stat", child.id())).expect("it is there");
    let begun = Instant::now();
    while !stat().contains(") T ") {
        assert!(begun.elapsed() < Duration::from_secs(10), "it is not suspended: {}", stat());
        std::thread::sleep(Duration::from_millis(10));
    }
    // The stage runs on, to its end.
    let run = Told { code: 0, out: out.join("\n"), err: String::new() }.run_id().to_owned();
    let ended = || {
        docker(&[
            "ps",
            "--all",
            "--quiet",
            "--filter",
            &format!("label=dev.pipe.run={run}"),
            "--filter",
            "status=exited",
        ])
    };
    while ended().is_empty() {
        assert!(begun.elapsed() < Duration::from_secs(30), "the stage hangs");
    }
    kill_process(pid, Signal::CONT).expect("it is there");
    out.extend(lines);
    let told = Told { out: out.join("\n"), ..Told::of(child.wait_with_output().expect("it ends")) };
    assert_eq!(told.code, 0, "{}\n{}", told.out, told.err);
    assert_eq!(checkout.held(), Vec::<String>::new());
    assert_eq!(told.lines("a").len(), 2_001, "all but the line that was waited for");
}

#[test]
fn a_hang_up_that_is_to_be_ignored_must_be() {
    if !wanted() {
        return;
    }
    let checkout = Checkout::with(&stage("a", "sh \"echo working; sleep 1; echo last\""));
    let mut shell = Command::new("/bin/sh");
    shell.args(["-c", r#"trap '' HUP; exec "$0" "$@""#, env!("CARGO_BIN_EXE_pipe"), "run"]).arg(&checkout.file);
    shell.current_dir(checkout.directory.path()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let told = interrupted_by(&mut shell, &[("| working", Signal::HUP)]);
    assert_eq!(told.code, 0, "{}\n{}", told.out, told.err);
    told.says(&["| last"]);
    assert_eq!(checkout.held(), Vec::<String>::new());
}

/// Somebody looks into the run's network with a container of theirs: that goes on, and the network goes all the same.
#[test]
fn a_stranger_in_its_network_must_not_keep_it_there() {
    if !wanted() {
        return;
    }
    let name = unique("visited");
    let checkout = Checkout::with(&(format!("pipeline {name}\n") + &stage("a", "sh \"echo working; sleep 600\"")));
    let stranger = docker(&["run", "--detach", "--init", "--name", &name, "busybox:1.35", "sleep", "600"]);
    let mut run = checkout.command(&["run"]).spawn().expect("the binary of this package can be run");
    wait_for_line(&mut run, "a | working");
    let network = docker(&["network", "ls", "--quiet", "--filter", &format!("label=dev.pipe.pipeline={name}")]);
    docker(&["network", "connect", &network, &stranger]);
    kill_process(Pid::from_child(&run), Signal::TERM).expect("it runs");
    let told = Told::of(run.wait_with_output().expect("it ends"));
    let alive = docker(&["inspect", "--format", "{{.State.Running}}", &stranger]);
    docker(&["rm", "--force", &stranger]);
    assert_eq!((told.code, alive.as_str()), (143, "true"), "{}", told.err);
    assert_eq!(checkout.held(), Vec::<String>::new());
}

#[test]
fn a_run_that_is_interrupted_must_write_its_reports() {
    if !wanted() {
        return;
    }
    let tests = "service web {\n    image \"busybox:1.35\"\n    command httpd -f -p \"8000\"\n    port 8000\n    healthcheck tcp=8000\n}\n\
        acceptance first { target web port=8000; test \"nothing is there\" { http GET \"/\" { expect status 404 } } }\n";
    let checkout = Checkout::with(&(tests.to_owned() + &stage("a", "needs first\n    sh \"echo working; sleep 600\"")));
    let mut command = checkout.command(&["run"]);
    for report in ["junit=r.xml", "tap=r.tap", "json=r.json", "html=r.html", "markdown=r.md"] {
        command.args(["--report", report]);
    }
    let told = interrupted_by(&mut command, &[("a     | working", Signal::INT)]);
    taken_back(&checkout, &told, 130);
    for (report, words) in [
        ("r.xml", "<skipped message=\"cancelled\"/>"),
        ("r.tap", "Bail out! interrupted by signal 2"),
        ("r.json", "\"verdict\":\"interrupted\""),
        ("r.html", ": interrupted by SIGINT in "),
        ("r.md", "interrupted by SIGINT"),
    ] {
        let text = checkout.read(report);
        assert!(text.contains(words) && text.contains("nothing is there") != (report == "r.md"), "{report}: {text}");
    }
}
