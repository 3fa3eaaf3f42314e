use std::collections::HashMap;

use tokio::sync::mpsc;

use crate::engine::{BuildProgress, Stream};
use crate::event::{BuildStepEnd, Event, OutputStream};
use crate::run::output::{Line, Lines, Log, MaskStream};
use crate::run::session::Task;

/// How many bytes of a line without an end are held back from the log file, so that steps that write at once do not write into one
/// another's lines.
const LINE: usize = 64 * 1024;

/// Tells how the steps of a build fare, and what they write; this goes to the log files of the build too.
pub(super) async fn tell(task: &Task, mut progress: mpsc::Receiver<BuildProgress>) {
    let node = task.step().node;
    let log = task.logs.of_build(task.node());
    let mut output = BuildOutput { task, names: HashMap::new(), steps: HashMap::new(), log, writer: None };
    while let Some(progress) = progress.recv().await {
        match progress {
            BuildProgress::Started { step, name } => {
                output.names.insert(step, name.clone());
                task.teller.tell(Event::Build { node, step: name, done: None }).await;
            }
            BuildProgress::Finished { step, cached } => {
                output.end(step, if cached { BuildStepEnd::Cached } else { BuildStepEnd::Done }).await;
            }
            BuildProgress::Failed { step, .. } => output.end(step, BuildStepEnd::Failed).await,
            BuildProgress::Log { step, data } => output.wrote(step, &data).await,
            BuildProgress::Transfer { step, id, current, total } => {
                let what = if id.is_empty() { output.name(&step) } else { id };
                task.teller.tell(Event::Transfer { node, what, current, total }).await;
            }
            BuildProgress::Warning(message) => task.warn(message).await,
        }
    }
    output.finish().await;
}

/// What the steps of a build write, on its way.
struct BuildOutput<'t> {
    task: &'t Task,
    names: HashMap<String, String>,
    steps: HashMap<String, StepOutput>,
    log: Log,
    /// The step that wrote last to the log file.
    writer: Option<String>,
}

/// The same of one step.
struct StepOutput {
    mask: MaskStream,
    lines: Lines,
    /// The line that is not yet in the log file.
    open: Vec<u8>,
}

impl BuildOutput<'_> {
    fn name(&self, step: &str) -> String {
        self.names.get(step).cloned().unwrap_or_else(|| step.to_owned())
    }

    async fn wrote(&mut self, step: String, data: &[u8]) {
        let of = || StepOutput { mask: self.task.teller.masker().stream(), lines: Lines::default(), open: Vec::new() };
        let output = self.steps.entry(step.clone()).or_insert_with(of);
        let masked = output.mask.push(data);
        let lines = output.lines.push(&masked);
        output.open.extend_from_slice(&masked);
        let end = output.open.iter().rposition(|byte| *byte == b'\n').map_or(0, |newline| newline + 1);
        let known = if output.open.len() - end > LINE { output.open.len() } else { end };
        let known: Vec<u8> = output.open.drain(..known).collect();
        self.keep(step, &known).await;
        for line in lines {
            self.tell(line).await;
        }
    }

    async fn end(&mut self, step: String, end: BuildStepEnd) {
        self.last_words(&step).await;
        let step = self.name(&step);
        self.task.teller.tell(Event::Build { node: self.task.step().node, step, done: Some(end) }).await;
    }

    /// What is held back of a step.
    async fn last_words(&mut self, step: &str) {
        let Some(StepOutput { mut mask, mut lines, mut open }) = self.steps.remove(step) else { return };
        let held = mask.finish();
        let mut rest = lines.push(&held);
        rest.extend(lines.finish());
        open.extend(held);
        if !open.is_empty() && !open.ends_with(b"\n") {
            open.push(b'\n');
        }
        self.keep(step.to_owned(), &open).await;
        for line in rest {
            self.tell(line).await;
        }
    }

    /// The builder is done, or broke off.
    async fn finish(mut self) {
        let mut left: Vec<String> = self.steps.keys().cloned().collect();
        left.sort();
        for step in left {
            self.last_words(&step).await;
        }
        let trouble = self.log.finish().await;
        self.warn(trouble).await;
    }

    /// To the log file, with the name of the step where another one wrote before.
    async fn keep(&mut self, step: String, bytes: &[u8]) {
        if bytes.is_empty() {
            return;
        }
        if self.writer.as_ref() != Some(&step) {
            let title = format!("=> {}\n", self.task.teller.masker().text(&self.name(&step)));
            let trouble = self.log.write(Stream::Stdout, title.as_bytes()).await;
            self.warn(trouble).await;
            self.writer = Some(step);
        }
        let trouble = self.log.write(Stream::Stdout, bytes).await;
        self.warn(trouble).await;
    }

    async fn warn(&self, trouble: Option<String>) {
        if let Some(message) = trouble {
            self.task.teller.tell(Event::Warning { node: None, message }).await;
        }
    }

    async fn tell(&self, line: Line) {
        let node = self.task.step().node;
        let line = line.told(self.log.path(Stream::Stdout).as_deref());
        self.task.facts.tail(node).push(&line);
        self.task.teller.tell(Event::Output { node, stream: OutputStream::Stdout, line }).await;
    }
}
