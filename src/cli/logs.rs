use futures_util::future::join_all;
use tokio::sync::mpsc;

use super::ExitStatus;
use super::args::{LogsArgs, SetArgs};
use super::connect::with_engine;
use super::environment::{containers, label, not_up};
use super::identity::spec_hash;
use super::load::load;
use super::locate::file_and_words;
use super::outside::whole_masker;
use super::run_log::log_of_run;
use super::state::homes;
use super::terminal::{complain_of, output_style, print};
use crate::diagnostic::render::printable;
use crate::engine::{Chunk, ContainerId, Engine, EngineError, Object, Stream, labels};
use crate::run::Masker;

/// How many bytes of a line are waited for; a longer one is shown in pieces.
const LONGEST: usize = 64 * 1024;

/// Shows what the containers of this pipeline have written, each line with the name in front where there are several.
pub fn logs(args: &LogsArgs) -> ExitStatus {
    if let [word] = args.words.as_slice()
        && let Some((run, node)) = word.split_once('/')
        && let Some(status) = log_of_run(&homes(), run, node, args.tail, args.follow)
    {
        return status;
    }
    let (file, names) = file_and_words(&args.words);
    let loaded = match load(file.as_deref(), &SetArgs { set: Vec::new() }) {
        Ok(loaded) => loaded,
        Err(status) => return status,
    };
    let (spec, masker) = (spec_hash(&loaded.identity), whole_masker(loaded.analysis.pipeline.as_ref(), &loaded.disk));
    with_engine(async |engine, _| {
        let mut containers = containers(engine.as_ref(), &spec).await?;
        let is_there = |name: &&String| containers.iter().any(|object| label(object, labels::NODE) == **name);
        let missing: Vec<&String> = names.iter().filter(|name| !is_there(name)).collect();
        for name in &missing {
            complain_of(not_up(Some(name), &containers));
        }
        if containers.is_empty() && names.is_empty() {
            complain_of(not_up(None, &containers));
        }
        if containers.is_empty() || !missing.is_empty() {
            return Ok(ExitStatus::Usage);
        }
        containers.retain(|object| names.is_empty() || names.contains(&label(object, labels::NODE)));
        let width = containers.iter().map(|object| label(object, labels::NODE).len()).max().unwrap_or(0);
        let alone = containers.len() == 1;
        let all = containers.iter().map(|object| {
            let prefix = if alone { String::new() } else { format!("{:<width$} | ", label(object, labels::NODE)) };
            show(engine.as_ref(), object, prefix, args, &masker)
        });
        for answer in join_all(all).await {
            answer?;
        }
        Ok(ExitStatus::Success)
    })
}

async fn show(
    engine: &dyn Engine,
    object: &Object,
    prefix: String,
    args: &LogsArgs,
    masker: &Masker,
) -> Result<(), EngineError> {
    let (sender, mut chunks) = mpsc::channel::<Chunk>(64);
    let id = ContainerId(object.id.clone());
    let colour = output_style().color;
    let show = |line: &[u8]| print(&format!("{prefix}{}", printable(line, colour)));
    let shown = async {
        let (mut stdout, mut stderr) = ((masker.stream(), Lines::default()), (masker.stream(), Lines::default()));
        while let Some(Chunk { stream, data }) = chunks.recv().await {
            let (mask, lines) = match stream {
                Stream::Stdout => &mut stdout,
                Stream::Stderr => &mut stderr,
            };
            lines.take(&mask.push(&data), show);
        }
        for (mut mask, mut lines) in [stdout, stderr] {
            lines.take(&mask.finish(), show);
            lines.end(show);
        }
    };
    let (answer, ()) = tokio::join!(engine.logs(&id, args.tail, args.follow, sender), shown);
    answer
}

/// The line that one of the two streams is writing.
#[derive(Default)]
pub(super) struct Lines {
    open: Vec<u8>,
}

impl Lines {
    /// Takes in bytes; shows the lines that they complete.
    pub(super) fn take(&mut self, data: &[u8], mut show: impl FnMut(&[u8])) {
        for piece in data.split_inclusive(|byte| *byte == b'\n') {
            self.open.extend_from_slice(piece);
            if let Some(line) = self.open.strip_suffix(b"\n") {
                show(line);
                self.open.clear();
            } else if self.open.len() >= LONGEST {
                show(&self.open);
                self.open.clear();
            }
        }
    }

    /// Shows the last line, where it has no newline.
    pub(super) fn end(&mut self, mut show: impl FnMut(&[u8])) {
        if !self.open.is_empty() {
            show(&self.open);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_come_whole_and_never_grow_without_end() {
        let (mut lines, mut seen) = (Lines::default(), Vec::new());
        for data in [&b"a"[..], b"b\nc\n", b"d"] {
            lines.take(data, |line| seen.push(line.to_vec()));
        }
        lines.end(|line| seen.push(line.to_vec()));
        assert_eq!(seen, [b"ab".to_vec(), b"c".to_vec(), b"d".to_vec()]);
        let mut flood = Lines::default();
        let mut longest = 0;
        for _ in 0..100 {
            flood.take(&[b'x'; 10_000], |line| longest = longest.max(line.len()));
        }
        assert!(flood.open.len() < LONGEST && longest < 2 * LONGEST, "{longest}");
    }
}
