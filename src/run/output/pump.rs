use std::path::PathBuf;
use std::sync::Arc;

use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::{LineWatch, Lines, Log, MaskStream, Tail};
use crate::engine::{Chunk, Stream};
use crate::event::{Event, OutputStream};
use crate::plan::NodeId;
use crate::run::session::Task;
use crate::run::teller::Teller;

/// How many chunks wait between the engine and the pump.
const CHUNKS: usize = 4;

/// Brings the output of one process to its log files and, line by line, to those who listen, until the engine closes its end.
pub(in crate::run) struct Pump {
    task: JoinHandle<()>,
}

impl Pump {
    /// A pump for the output of the task's node, and the end for the engine to write to.
    pub(in crate::run) fn new(task: &Task) -> (mpsc::Sender<Chunk>, Pump) {
        Pump::start(task, |_, _| Vec::new())
    }

    /// The same; `watch` gets each line of both streams too.
    pub(in crate::run) fn watched(task: &Task, watch: LineWatch) -> (mpsc::Sender<Chunk>, Pump) {
        Pump::start(task, move |_, line| {
            watch.look(line);
            Vec::new()
        })
    }

    /// The same; `read` gets each line of standard output too, and what it makes of it is told behind the line.
    pub(in crate::run) fn with_reader(
        task: &Task,
        mut read: impl FnMut(&str) -> Vec<Event> + Send + 'static,
    ) -> (mpsc::Sender<Chunk>, Pump) {
        Pump::start(task, move |stream, line| match stream {
            Stream::Stdout => read(line),
            Stream::Stderr => Vec::new(),
        })
    }

    fn start(
        task: &Task,
        read: impl FnMut(Stream, &str) -> Vec<Event> + Send + 'static,
    ) -> (mpsc::Sender<Chunk>, Pump) {
        let (sender, chunks) = mpsc::channel(CHUNKS);
        let log = task.logs.of_node(task.node());
        let node = task.step().node;
        let of = |stream| Flow {
            stream,
            mask: task.teller.masker().stream(),
            lines: Lines::default(),
            file: log.path(stream),
        };
        let (stdout, stderr) = (of(Stream::Stdout), of(Stream::Stderr));
        let output = Output { teller: task.teller.clone(), node, tail: task.facts.tail(node), log, read };
        let task = tokio::spawn(output.pump(chunks, stdout, stderr));
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

/// One of the two streams on its way.
struct Flow {
    stream: Stream,
    mask: MaskStream,
    lines: Lines,
    /// Where its bytes are kept.
    file: Option<PathBuf>,
}

/// Where both streams go.
struct Output<R> {
    teller: Arc<Teller>,
    node: NodeId,
    tail: Tail,
    log: Log,
    read: R,
}

impl<R: FnMut(Stream, &str) -> Vec<Event>> Output<R> {
    async fn pump(mut self, mut chunks: mpsc::Receiver<Chunk>, mut stdout: Flow, mut stderr: Flow) {
        let mut hidings = self.teller.hidings();
        while let Some(Chunk { stream, data }) = chunks.recv().await {
            if self.teller.hidings() != hidings {
                hidings = self.teller.hidings();
                for flow in [&mut stdout, &mut stderr] {
                    let held = std::mem::replace(&mut flow.mask, self.teller.masker().stream()).finish();
                    self.take(flow, &held).await;
                }
            }
            let flow = match stream {
                Stream::Stdout => &mut stdout,
                Stream::Stderr => &mut stderr,
            };
            self.tail.wrote(stream, data.iter().filter(|byte| **byte == b'\n').count() as u64);
            let masked = flow.mask.push(&data);
            self.take(flow, &masked).await;
        }
        for flow in [&mut stdout, &mut stderr] {
            let held = flow.mask.finish();
            self.take(flow, &held).await;
            if let Some(line) = flow.lines.finish() {
                self.tell(flow.stream, line.told(flow.file.as_deref())).await;
            }
        }
        let trouble = self.log.finish().await;
        self.warn(trouble).await;
    }

    /// The file first: what is shown can be found there.
    async fn take(&mut self, flow: &mut Flow, bytes: &[u8]) {
        let trouble = self.log.write(flow.stream, bytes).await;
        if trouble.is_some() {
            flow.file = None;
        }
        self.warn(trouble).await;
        for line in flow.lines.push(bytes) {
            self.tell(flow.stream, line.told(flow.file.as_deref())).await;
        }
    }

    async fn tell(&mut self, stream: Stream, line: Vec<u8>) {
        for event in (self.read)(stream, &String::from_utf8_lossy(&line)) {
            self.teller.tell(event).await;
        }
        self.tail.push(&line);
        let stream = match stream {
            Stream::Stdout => OutputStream::Stdout,
            Stream::Stderr => OutputStream::Stderr,
        };
        self.teller.tell(Event::Output { node: self.node, stream, line }).await;
    }

    async fn warn(&mut self, trouble: Option<String>) {
        if let Some(message) = trouble {
            self.teller.tell(Event::Warning { node: None, message }).await;
        }
    }
}
