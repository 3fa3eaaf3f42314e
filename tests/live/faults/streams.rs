//! Connections that break at any byte of their streams: the output is whole and each byte of it comes once, and the exit code is the
//! process's own.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use pipe::engine::docker::{Docker, Environment, Patience};
use pipe::engine::{Chunk, ContainerId, ContainerSpec, Engine, Stream};
use tokio::sync::mpsc;

use super::dice::{Dice, resets};
use super::proxy::{Fault, Proxy, Request};
use crate::contract::stage::{Act, Stage};
use crate::daemon::wanted;
use crate::stage::DockerStage;

/// Writes lines on both streams, slowly enough that a break comes in the middle, the last one without its end, and ends with 7.
const SCRIPT: &str = "i=0; while [ $i -lt 60 ]; do i=$((i+1)); echo out $i; [ $((i % 5)) -gt 0 ] || echo err $i >&2; \
                      [ $((i % 20)) -gt 0 ] || sleep 0.05; done; printf 'the end'; exit 7";

fn expected() -> (String, String) {
    let out: String = (1..=60).map(|line| format!("out {line}\n")).collect();
    let err: String = (1..=12).map(|line| format!("err {}\n", line * 5)).collect();
    (out + "the end", err)
}

async fn through(proxy: &Proxy) -> Docker {
    let environment = Environment { docker_host: Some(proxy.host()), ..Environment::default() };
    let patience = Patience {
        idle: Duration::from_millis(500),
        heartbeat: Duration::from_millis(500),
        silence: Duration::from_secs(1),
        ..Patience::default()
    };
    Docker::connect_with(environment, patience).await.expect("a daemon")
}

fn spec(stage: &dyn Stage, name: &str) -> ContainerSpec {
    let mut spec = stage.spec(name, Act::Ends(0));
    spec.command = Some(vec!["sh".into(), "-c".into(), SCRIPT.into()]);
    spec
}

/// Runs the script in a container; what it wrote to each stream, and its exit code.
async fn run(docker: &Docker, id: &ContainerId) -> (String, String, i64) {
    let (sender, mut chunks) = mpsc::channel(16);
    let running = docker.start(id, sender).await.expect("a start");
    let exit = tokio::spawn(running.exit);
    let mut streams = (Vec::new(), Vec::new());
    while let Some(Chunk { stream, data }) = chunks.recv().await {
        match stream {
            Stream::Stdout => streams.0.extend_from_slice(&data),
            Stream::Stderr => streams.1.extend_from_slice(&data),
        }
    }
    let exit = exit.await.expect("no panic").expect("an exit");
    let text = |bytes| String::from_utf8(bytes).expect("text");
    (text(streams.0), text(streams.1), exit.code)
}

/// Strikes up to `strikes` requests that `is_meant` is true of, each with a fault of the dice.
fn rule(
    seed: u64,
    strikes: usize,
    is_meant: impl Fn(&Request) -> bool + Send + 'static,
    most: usize,
) -> impl FnMut(&Request) -> Option<Fault> + Send + 'static {
    let mut dice = Dice::new(seed);
    let mut left = strikes;
    let mut stalls = true;
    move |request| {
        if left == 0 || !is_meant(request) {
            return None;
        }
        left -= 1;
        let at = dice.below(most);
        Some(match dice.below(3) {
            0 => Fault::Reset(at),
            // A question that is not answered twice is given up.
            1 if std::mem::take(&mut stalls) => Fault::Stall(at),
            _ => Fault::Cut(at),
        })
    }
}

/// Breaks a kind of stream again and again, each time in a container of its own.
async fn hold(title: &'static str, most: usize, is_meant: fn(&Request) -> bool) {
    if !wanted() {
        return;
    }
    let rounds = resets(8);
    let told = Arc::new(Mutex::new(0));
    let counted = told.clone();
    DockerStage::hold(move |stage| {
        Box::pin(async move {
            for seed in 0..rounds as u64 {
                let proxy = Proxy::new(rule(seed, 1 + (seed % 3) as usize, is_meant, most));
                let docker = through(&proxy).await;
                let id = docker.create_container(spec(stage, &format!("broken-{seed}"))).await.expect("a container");
                let told = tokio::time::timeout(Duration::from_secs(60), run(&docker, &id)).await;
                let (out, err, code) = told.unwrap_or_else(|_| panic!("{title}, seed {seed}: no end"));
                let (all_out, all_err) = expected();
                assert_eq!((out.as_str(), code), (all_out.as_str(), 7), "{title}, seed {seed}");
                assert_eq!(err, all_err, "{title}, seed {seed}");
                docker.remove_container(&id).await.expect("a removal");
                *counted.lock().expect("not poisoned") += proxy.struck();
            }
        })
    })
    .await;
    let struck = *told.lock().expect("not poisoned");
    println!("{title}: {rounds} containers, {struck} breaks");
    assert!(struck >= rounds, "{struck} breaks in {rounds} rounds");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_output_that_breaks_anywhere_is_whole() {
    // The head of the answer has about 120 bytes, the frames about 1,500.
    hold("attach", 1_700, |request| request.is("POST", "/containers/", "/attach")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wait_that_breaks_anywhere_costs_no_verdict() {
    hold("wait", 400, |request| request.is("POST", "/containers/", "/wait")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_streams_of_a_container_may_break() {
    hold("attach, wait and log", 1_200, |request| {
        ["/attach", "/wait", "/logs"]
            .iter()
            .any(|end| request.path.starts_with("/containers/") && request.path.ends_with(end))
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_log_that_breaks_anywhere_is_whole() {
    if !wanted() {
        return;
    }
    DockerStage::hold(|stage| {
        Box::pin(async move {
            let made: &dyn Stage = stage;
            let id = stage.docker.create_container(spec(made, "log")).await.expect("a container");
            run(&stage.docker, &id).await;
            let rounds = resets(24) as u64;
            for seed in 0..rounds {
                let proxy = Proxy::new(rule(seed, 1 + (seed % 3) as usize, |it| it.path.ends_with("/logs"), 1_900));
                let docker = through(&proxy).await;
                let (sender, mut chunks) = mpsc::channel(16);
                let (follow, reader, of) = (seed % 2 == 0, docker.clone(), id.clone());
                // Its last lines, or all of it: those are told from others in another way.
                let tail = (seed % 4 < 2).then_some(40);
                let told = tokio::spawn(async move { reader.logs(&of, tail, follow, sender).await });
                let mut out = Vec::new();
                while let Some(chunk) = chunks.recv().await {
                    if chunk.stream == Stream::Stdout {
                        out.extend_from_slice(&chunk.data);
                    }
                }
                told.await.expect("no panic").unwrap_or_else(|error| panic!("seed {seed}: {error}"));
                let (all, out) = (expected().0, String::from_utf8_lossy(&out));
                match tail {
                    None => assert_eq!(out.trim_end(), all, "seed {seed}"),
                    // Which lines of the two streams are the last forty may differ by those that came at one moment.
                    Some(_) => {
                        let (out, lines) = (out.trim_end(), out.lines().count());
                        assert!(all.ends_with(out) && (30..=40).contains(&lines), "seed {seed}: {out}");
                    }
                }
            }
            println!("log: {rounds} reads");
        })
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bytes_that_come_one_by_one_are_the_same() {
    if !wanted() {
        return;
    }
    DockerStage::hold(|stage| {
        Box::pin(async move {
            let made: &dyn Stage = stage;
            let proxy = Proxy::new(|_| Some(Fault::Slices));
            let docker = through(&proxy).await;
            let id = docker.create_container(spec(made, "sliced")).await.expect("a container");
            let (out, err, code) = run(&docker, &id).await;
            assert_eq!((out, err, code), (expected().0, expected().1, 7));
        })
    })
    .await;
}
