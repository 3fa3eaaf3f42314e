//! What ends in the middle: by our will or by accident.

use std::fs;
use std::time::{Duration, Instant};

use pipe::engine::docker::buildkit::Builder;
use pipe::engine::docker::{Dialer, Environment};
use pipe::engine::{BuildProgress, ErrorKind};
use tokio::sync::mpsc::{self, Receiver};
use tokio::time::sleep;

use super::cable::Cable;
use super::site::{Site, build};
use crate::daemon::wanted;

/// A step that sleeps for longer than any test; its process is known by its argument.
fn sleeper() -> (Site, String) {
    let site = Site::new("FROM busybox:1.35\nARG WORD\nRUN echo began-$WORD && sleep 600.$(echo $WORD | tr x 1)\n");
    let marker = format!("600.{}", site.word.replace('x', "1"));
    (site, marker)
}

/// Until the sleep runs.
async fn asleep(progress: &mut Receiver<BuildProgress>, marker: &str) {
    while let Some(one) = progress.recv().await {
        if matches!(&one, BuildProgress::Log { data, .. } if data.starts_with(b"began")) {
            within(Duration::from_secs(10), "the step never slept", || is_running(marker)).await;
            return;
        }
    }
    panic!("the step never began");
}

#[tokio::test]
async fn a_dropped_build_stops_in_the_daemon() {
    if !wanted() {
        return;
    }
    let (site, marker) = sleeper();
    let (sender, mut receiver) = mpsc::channel(64);
    tokio::select! {
        result = site.builder.build(site.request(), sender) => panic!("the build ended: {result:?}"),
        () = asleep(&mut receiver, &marker) => {}
    }
    // The future is gone by now.
    within(Duration::from_secs(5), "the step still runs", || !is_running(&marker)).await;
    // The session outlives it.
    site.write("Dockerfile", "FROM busybox:1.35\n");
    site.build(site.request()).await.image();
}

#[tokio::test]
async fn a_connection_lost_in_the_middle_is_an_error_and_the_next_build_has_a_new_one() {
    if !wanted() {
        return;
    }
    let (site, marker) = sleeper();
    let socket = site.path("cable.sock");
    let cable = Cable::lay(&socket);
    let environment =
        Environment { docker_host: Some(format!("unix://{}", socket.display())), ..Environment::default() };
    let builder = Builder::new(Dialer::new(&environment).expect("a dialer"), None);
    let (sender, mut receiver) = mpsc::channel(64);
    let cut = async {
        asleep(&mut receiver, &marker).await;
        cable.cut();
        while receiver.recv().await.is_some() {}
    };
    let (result, ()) = tokio::join!(builder.build(site.request(), sender), cut);
    let error = result.expect_err("an error");
    assert!(matches!(&error.kind, ErrorKind::Unreachable(_)), "{error:?}");
    assert_eq!(error.message, "the connection to the engine was lost during the build");
    within(Duration::from_secs(5), "the step still runs", || !is_running(&marker)).await;

    site.write("Dockerfile", "FROM busybox:1.35\nARG WORD\nCOPY Dockerfile /copy\n");
    build(&builder, site.request()).await.image();
}

async fn within(limit: Duration, otherwise: &str, holds: impl Fn() -> bool) {
    let begin = Instant::now();
    while !holds() {
        assert!(begin.elapsed() < limit, "{otherwise}");
        sleep(Duration::from_millis(50)).await;
    }
}

/// Whether a process sleeps for so long; the daemon's processes are this machine's.
fn is_running(argument: &str) -> bool {
    let processes = fs::read_dir("/proc").expect("/proc").flatten();
    processes.map(|entry| entry.path().join("cmdline")).filter_map(|path| fs::read(path).ok()).any(|line| {
        let words: Vec<&[u8]> = line.split(|byte| *byte == 0).collect();
        words.first().is_some_and(|name| name.ends_with(b"sleep")) && words.contains(&argument.as_bytes())
    })
}
