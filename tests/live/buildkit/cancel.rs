//! What a dropped build leaves running: nothing.

use std::fs;
use std::time::{Duration, Instant};

use pipe::engine::BuildProgress;
use tokio::sync::mpsc;
use tokio::time::sleep;

use super::site::Site;
use crate::daemon::wanted;

#[tokio::test]
async fn a_dropped_build_stops_in_the_daemon() {
    if !wanted() {
        return;
    }
    let site = Site::new("FROM busybox:1.35\nARG WORD\nRUN echo began-$WORD && sleep 600.$(echo $WORD | tr x 1)\n");
    let marker = format!("600.{}", site.word.replace('x', "1"));
    let (sender, mut receiver) = mpsc::channel(64);
    let building = site.builder.build(site.request(), sender);
    let began = async {
        while let Some(one) = receiver.recv().await {
            if matches!(&one, BuildProgress::Log { data, .. } if data.starts_with(b"began")) {
                return;
            }
        }
        panic!("the step never began");
    };
    tokio::select! {
        result = building => panic!("the build ended: {result:?}"),
        () = began => {}
    }
    // The future is gone by now, and with it the step, which may just be about to begin its sleep.
    sleep(Duration::from_millis(500)).await;
    let dropped = Instant::now();
    while is_running(&marker) {
        assert!(dropped.elapsed() < Duration::from_secs(10), "`sleep {marker}` still runs");
        sleep(Duration::from_millis(100)).await;
    }
    // The session outlives it.
    site.write("Dockerfile", "FROM busybox:1.35\n");
    site.build(site.request()).await.image();
}

/// Whether a process has this argument; the daemon's processes are this machine's.
fn is_running(argument: &str) -> bool {
    let processes = fs::read_dir("/proc").expect("/proc").flatten();
    processes.map(|entry| entry.path().join("cmdline")).filter_map(|path| fs::read(path).ok()).any(|line| {
        let words: Vec<&[u8]> = line.split(|byte| *byte == 0).collect();
        words.first().is_some_and(|name| name.ends_with(b"sleep")) && words.contains(&argument.as_bytes())
    })
}
