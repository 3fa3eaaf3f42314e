use std::time::Duration;

use pipe::engine::{Chunk, ContainerId, Stream};
use tokio::sync::mpsc;

use super::stage::{Act, Stage, soon};

fn pieces() -> Vec<(Stream, Vec<u8>)> {
    vec![
        (Stream::Stdout, b"first\nsecond ".to_vec()),
        (Stream::Stderr, b"warning\n".to_vec()),
        (Stream::Stdout, b"half\n".to_vec()),
        (Stream::Stderr, b"\xff\xfe no text\n".to_vec()),
        (Stream::Stdout, b"no line break at the end".to_vec()),
    ]
}

async fn collect(mut output: mpsc::Receiver<Chunk>) -> Vec<u8> {
    let mut all = Vec::new();
    while let Some(chunk) = soon(output.recv()).await {
        all.extend_from_slice(&chunk.data);
    }
    all
}

pub async fn each_stream_is_complete_and_in_order(stage: &dyn Stage) {
    let (exit, out, err) = stage.run("writes", Act::Writes(pieces())).await;
    assert_eq!(exit.code, 0);
    assert_eq!(String::from_utf8_lossy(&out), "first\nsecond half\nno line break at the end");
    assert_eq!(err, b"warning\n\xff\xfe no text\n");
}

pub async fn the_exit_answers_after_the_last_byte(stage: &dyn Stage) {
    let id = stage.create("drains", Act::Floods(50_000)).await;
    // One place, and a reader that takes its time before it reads at all.
    let (sender, mut output) = mpsc::channel(1);
    let running = stage.engine().start(&id, sender).await.expect("a start");
    let mut exit = tokio::spawn(running.exit);
    let mut read = 0;
    assert!(tokio::time::timeout(Duration::from_secs(2), &mut exit).await.is_err(), "unread output, and an exit");
    while let Some(chunk) = soon(output.recv()).await {
        read += chunk.data.len();
    }
    assert_eq!(read, 50_000 * 11);
    assert_eq!(soon(exit).await.expect("no panic").expect("an exit").code, 0);
}

pub async fn nobody_needs_to_listen(stage: &dyn Stage) {
    let id = stage.create("alone", Act::Writes(pieces())).await;
    let running = stage.engine().start(&id, mpsc::channel(1).0).await.expect("a start");
    assert_eq!(soon(running.exit).await.expect("an exit").code, 0);
}

pub async fn logs_are_kept_after_the_end(stage: &dyn Stage) {
    let lines = vec![(Stream::Stdout, b"one\n".to_vec()), (Stream::Stdout, b"two\n".to_vec())];
    let started = stage.start("logs", Act::Writes(lines)).await;
    let id = started.id.clone();
    started.ended().await;
    let read = |tail| {
        let engine = stage.engine();
        let id = id.clone();
        async move {
            let (sender, output) = mpsc::channel(4);
            let (result, text) = tokio::join!(engine.logs(&id, tail, false, sender), collect(output));
            result.expect("logs");
            String::from_utf8(text).expect("text")
        }
    };
    assert_eq!(read(None).await, "one\ntwo\n");
    assert_eq!(read(Some(1)).await, "two\n");
    let nobody = ContainerId("no-such-container".into());
    let error = stage.engine().logs(&nobody, None, false, mpsc::channel(1).0).await.expect_err("nobody");
    assert!(matches!(error.kind, pipe::engine::ErrorKind::NotFound), "{error}");
}

pub async fn logs_are_followed_to_the_end(stage: &dyn Stage) {
    let started = stage.start("followed", Act::Runs).await;
    let (sender, output) = mpsc::channel(4);
    let (engine, id) = (stage.engine(), started.id.clone());
    let follow = tokio::spawn(async move { engine.logs(&id, None, true, sender).await });
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(!follow.is_finished(), "the log ended before the container did");
    stage.engine().kill(&started.id, "SIGKILL").await.expect("a kill");
    collect(output).await;
    soon(follow).await.expect("no panic").expect("logs");
}
