use std::sync::Arc;

use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::lines::Line;
use super::{LineWatch, Lines, Tail};
use crate::engine::{Chunk, Stream};
use crate::event::{Event, OutputStream};
use crate::plan::NodeId;
use crate::run::teller::Teller;

/// How many chunks wait between the engine and the pump.
const CHUNKS: usize = 64;

/// Turns the output of one process into lines, until the engine closes its end.
pub(in crate::run) struct Pump {
    task: JoinHandle<()>,
}

impl Pump {
    /// A pump for the output of `node`, and the end for the engine to write to.
    pub(in crate::run) fn new(teller: Arc<Teller>, node: NodeId, tail: Tail) -> (mpsc::Sender<Chunk>, Pump) {
        Pump::start(teller, node, tail, |_, _| Vec::new())
    }

    /// The same; `watch` gets each line of both streams too.
    pub(in crate::run) fn watched(
        teller: Arc<Teller>,
        node: NodeId,
        tail: Tail,
        watch: LineWatch,
    ) -> (mpsc::Sender<Chunk>, Pump) {
        Pump::start(teller, node, tail, move |_, line| {
            watch.look(line);
            Vec::new()
        })
    }

    /// The same; `read` gets each line of standard output too, and what it makes of it is told behind the line.
    pub(in crate::run) fn with_reader(
        teller: Arc<Teller>,
        node: NodeId,
        tail: Tail,
        mut read: impl FnMut(&str) -> Vec<Event> + Send + 'static,
    ) -> (mpsc::Sender<Chunk>, Pump) {
        Pump::start(teller, node, tail, move |stream, line| match stream {
            Stream::Stdout => read(line),
            Stream::Stderr => Vec::new(),
        })
    }

    fn start(
        teller: Arc<Teller>,
        node: NodeId,
        tail: Tail,
        read: impl FnMut(Stream, &str) -> Vec<Event> + Send + 'static,
    ) -> (mpsc::Sender<Chunk>, Pump) {
        let (sender, chunks) = mpsc::channel(CHUNKS);
        let task = tokio::spawn(pump(chunks, teller, node, tail, read));
        (sender, Pump { task })
    }

    /// Waits until the last line has been told.
    pub(in crate::run) async fn drained(mut self) {
        // A pump that panicked has told what it could; the step's own end is what counts.
        let _ = (&mut self.task).await;
    }
}

/// Nobody waits for what a service that stays up will write after the run.
impl Drop for Pump {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn pump(
    mut chunks: mpsc::Receiver<Chunk>,
    teller: Arc<Teller>,
    node: NodeId,
    tail: Tail,
    mut read: impl FnMut(Stream, &str) -> Vec<Event>,
) {
    let margin = teller.masker().longest();
    let (mut stdout, mut stderr) = (Lines::new(margin), Lines::new(margin));
    let mut tell = async |stream: Stream, line: Line| {
        for event in read(stream, &String::from_utf8_lossy(&line.bytes)) {
            teller.tell(event).await;
        }
        let line = line.told(|bytes| teller.masker().bytes(bytes));
        tail.push(&line);
        let stream = match stream {
            Stream::Stdout => OutputStream::Stdout,
            Stream::Stderr => OutputStream::Stderr,
        };
        teller.tell(Event::Output { node, stream, line }).await;
    };
    while let Some(Chunk { stream, data }) = chunks.recv().await {
        let lines = match stream {
            Stream::Stdout => &mut stdout,
            Stream::Stderr => &mut stderr,
        };
        for line in lines.push(&data) {
            tell(stream, line).await;
        }
    }
    for (stream, lines) in [(Stream::Stdout, &mut stdout), (Stream::Stderr, &mut stderr)] {
        if let Some(line) = lines.finish() {
            tell(stream, line).await;
        }
    }
}
