//! Whole runs of the binary through a proxy that breaks, delays, loses and garbles what the daemon says.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::dice::{Dice, resets};
use super::proxy::{Fault, Proxy, Request};
use crate::daemon::{docker, wanted};
use crate::scenarios::harness::{Checkout, Told, unique};

/// A network, a volume, a service that must be ready, a build, two stages, an artifact: something of every endpoint.
fn pipeline(name: &str) -> String {
    format!(
        r#"pipeline "{name}"

volume data

image tool {{
    build "." {{
        inline "FROM busybox:1.35\nRUN echo built > /built\n"
    }}
}}

service db {{
    image "busybox:1.35"
    mount data "/data"
    sh "trap 'exit 0' TERM; echo up; touch /ready; while :; do sleep 0.1; done"
    healthcheck "test -e /ready" interval="200ms" retries=50
}}

stage work {{
    image tool
    needs db
    mount data "/data"
    sh "for i in $(seq 1 40); do echo line $i; done; cat /built; echo done > /out; sleep 0.2"
    artifact "/out" to="out.txt"
}}

stage last {{
    image "busybox:1.35"
    needs work
    sh "echo last"
}}
"#
    )
}

fn checkout() -> (Checkout, String) {
    let name = unique("faulty");
    (Checkout::with(&pipeline(&name)), name)
}

fn run(checkout: &Checkout, proxy: &Proxy, patience: &str) -> Told {
    let mut command = checkout.command(&["run", "--progress", "plain"]);
    command.env("DOCKER_HOST", proxy.host()).env("PIPE_ENGINE_PATIENCE", patience);
    Told::of(command.output().expect("the binary of this package can be run"))
}

/// What of a pipeline the daemon still has.
fn held(name: &str) -> String {
    let label = format!("label=dev.pipe.pipeline={name}");
    let containers = docker(&["ps", "--all", "--quiet", "--filter", &label]);
    let networks = docker(&["network", "ls", "--quiet", "--filter", &label]);
    let volumes = docker(&["volume", "ls", "--quiet", "--filter", &label]);
    format!("{containers}{networks}{volumes}")
}

fn assert_whole(told: &Told, checkout: &Checkout, title: &str) {
    assert_eq!(told.code, 0, "{title}\n{}\n{}", told.out, told.err);
    let lines: Vec<String> = (1..=40).map(|line| format!("line {line}")).chain(["built".to_owned()]).collect();
    assert_eq!(told.lines("work"), lines, "{title}\n{}", told.out);
    assert_eq!(told.lines("last"), ["last"], "{title}");
    assert_eq!(checkout.read("out.txt").trim(), "done", "{title}");
}

/// Each endpoint in turn breaks once, in each way, and the run does not mind.
#[test]
fn whatever_breaks_once_the_run_passes() {
    if !wanted() {
        return;
    }
    let (first, name) = checkout();
    let proxy = Proxy::new(|_| None);
    assert_whole(&run(&first, &proxy, "10s"), &first, "nothing breaks");
    let mut endpoints: Vec<String> = proxy.seen().iter().map(Request::endpoint).collect();
    endpoints.sort();
    endpoints.dedup();
    assert!(endpoints.len() > 15, "{endpoints:?}");
    assert_eq!(held(&name), "");
    // A command that was run in a container must not be run again; its try counts as failed, and the next one passes.
    let all: Vec<(String, Fault)> = endpoints
        .into_iter()
        .flat_map(|endpoint| {
            [Fault::Lost, Fault::Refused, Fault::Reset(1), Fault::Reset(40), Fault::Cut(150)]
                .map(|fault| (endpoint.clone(), fault))
        })
        .collect();
    let mut dice = Dice::new(4);
    let some = if std::env::var_os("PIPE_TEST_RESETS").is_some() { all.len() } else { 8 };
    let mut tried: BTreeMap<String, usize> = BTreeMap::new();
    let mut left: Vec<usize> = (0..all.len()).collect();
    for _ in 0..some {
        let (endpoint, fault) = all[left.swap_remove(dice.below(left.len()))].clone();
        let (checkout, name) = checkout();
        let title = format!("{endpoint} once: {fault:?}");
        let mut once = Some((endpoint.clone(), fault));
        let proxy = Proxy::new(move |request| {
            once.take_if(|(endpoint, _)| *endpoint == request.endpoint()).map(|(_, fault)| fault)
        });
        let told = run(&checkout, &proxy, "10s");
        assert_whole(&told, &checkout, &title);
        assert_eq!(held(&name), "", "{title}\n{}", told.out);
        *tried.entry(endpoint).or_default() += proxy.struck();
    }
    println!("broken once each: {tried:?}");
}

/// Resets at random bytes of any answer, one in so many.
#[test]
fn a_run_through_a_line_that_breaks_at_random_passes_or_blames_the_engine() {
    if !wanted() {
        return;
    }
    let (mut passed, mut blamed, mut struck) = (0, 0, 0);
    let rounds = (resets(40) / 10) as u64;
    for seed in 0..rounds {
        let (checkout, name) = checkout();
        let mut dice = Dice::new(seed);
        let proxy = Proxy::new(move |_| match dice.below(12) {
            0 => Some(Fault::Reset(dice.below(600))),
            1 => Some(Fault::Cut(dice.below(600))),
            2 => Some(Fault::Late(Duration::from_millis(dice.below(200) as u64))),
            _ => None,
        });
        let told = run(&checkout, &proxy, "10s");
        let title = format!("seed {seed}");
        match told.code {
            0 => assert_whole(&told, &checkout, &title),
            // A line that breaks four times at one question is given up; that is no verdict.
            code => assert_eq!(code, 3, "{title}\n{}\n{}", told.out, told.err),
        }
        passed += usize::from(told.code == 0);
        blamed += usize::from(told.code == 3);
        struck += proxy.struck();
        drop(proxy);
        Told::of(checkout.command(&["clean"]).output().expect("the binary of this package can be run"));
        assert_eq!(held(&name), "", "{title}\n{}", told.out);
    }
    println!("{rounds} runs, {struck} faults: {passed} passed, {blamed} blamed the engine");
    assert!(passed * 2 >= blamed, "{passed} passed, {blamed} did not");
}

/// What stands before the daemon and answers for it is told as what it is.
#[test]
fn an_answer_that_makes_no_sense_is_the_engine_s_failure() {
    if !wanted() {
        return;
    }
    let pages: [(&[u8], &str); 4] = [
        (
            b"HTTP/1.1 500 Oops\r\nContent-Length: 23\r\nConnection: close\r\n\r\n<html>Oops, said proxy</",
            "engine-garbled",
        ),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\nConnection: close\r\n\r\n{\"Id\": \"a", "engine-garbled"),
        (b"\x16\x03\x01\x02\x00", "engine-garbled"),
        (
            b"HTTP/1.1 500 Oops\r\nContent-Length: 20\r\nConnection: close\r\n\r\n{\"message\":\"a bug\"} ",
            "engine-failed",
        ),
    ];
    for (page, code) in pages {
        let (checkout, name) = checkout();
        let proxy =
            Proxy::new(move |request| request.is("POST", "/containers/", "create").then_some(Fault::Answer(page)));
        let told = run(&checkout, &proxy, "5s");
        assert_eq!(told.code, 3, "{}\n{}", told.out, told.err);
        told.says(&[code]);
        assert_eq!(held(&name), "", "{}", told.out);
    }
}

/// A daemon that takes connections and says nothing more, in the middle of a run.
#[test]
fn a_daemon_that_falls_silent_is_waited_for_and_then_blamed() {
    if !wanted() {
        return;
    }
    let (checkout, _) = checkout();
    let silent = Arc::new(Mutex::new(false));
    let proxy = Proxy::new(move |request| {
        let mut silent = silent.lock().expect("not poisoned");
        *silent |= request.is("POST", "/containers/", "/start");
        silent.then_some(Fault::Reset(0))
    });
    let told = run(&checkout, &proxy, "3s");
    assert_eq!(told.code, 3, "{}\n{}", told.out, told.err);
    told.says(&["lost connection to Docker", "engine-lost"]).never_says(&["stage-failed"]);
}
