use std::cell::RefCell;
use std::collections::VecDeque;
use std::path::PathBuf;

use super::ExitStatus;
use super::logs::Lines;
use super::terminal::{complain_of, output_style, print};
use crate::diagnostic::render::printable;
use crate::diagnostic::{Diagnostic, codes::command, listed};
use crate::store::{Directory, LogFiles, RunDirectory, Turn};

/// Shows what a node of a run wrote, from the run's log files: there may be no container any more to ask. Where `follow`, what comes as
/// long as the run goes on, too. `None` where no run of this name is remembered.
pub(super) fn log_of_run(
    homes: &[PathBuf],
    run: &str,
    node: &str,
    tail: Option<u32>,
    follow: bool,
) -> Option<ExitStatus> {
    let directory = Directory::existing_at(&RunDirectory::path_of(homes, run)?).ok()?;
    let shown = RefCell::new(Shown::new(tail));
    let mut take = |turn: Turn| shown.borrow_mut().take(&turn);
    let read = match follow {
        true => LogFiles::of(node).follow(&directory, &mut take, || shown.borrow_mut().catch_up()),
        false => LogFiles::of(node).read(&directory, take),
    };
    let shown = shown.into_inner();
    match read {
        Ok(()) => {
            shown.end();
            Some(ExitStatus::Success)
        }
        Err(error) => {
            complain_of(no_log(run, node, &LogFiles::nodes(&directory), &error));
            Some(ExitStatus::Usage)
        }
    }
}

fn no_log(run: &str, node: &str, nodes: &[String], error: &std::io::Error) -> Diagnostic {
    let diagnostic = Diagnostic::new(command::NOT_UP, format!("run {run} has kept no output of `{node}`"));
    match (error.kind(), nodes) {
        (std::io::ErrorKind::NotFound, []) => diagnostic
            .note(
                "none of its containers wrote anything, or its log files are gone: those of the last 20 runs are kept",
            )
            .help("run it again"),
        (std::io::ErrorKind::NotFound, nodes) => {
            let names = listed(nodes.iter().map(String::as_str), "and");
            diagnostic.note(format!("there is output of {names}")).help(format!("`pipe logs {run}/{}`", nodes[0]))
        }
        _ => diagnostic.note(error.to_string()).help("see that you may read the run's directory"),
    }
}

/// Lines on their way to standard output: all, or the last of them.
struct Shown {
    stdout: Lines,
    stderr: Lines,
    last: Option<(usize, VecDeque<String>)>,
    colour: bool,
}

impl Shown {
    fn new(tail: Option<u32>) -> Self {
        Shown {
            stdout: Lines::default(),
            stderr: Lines::default(),
            last: tail.map(|tail| (tail as usize, VecDeque::new())),
            colour: output_style().color,
        }
    }

    fn take(&mut self, turn: &Turn) {
        let (lines, last, colour) =
            (if turn.stderr { &mut self.stderr } else { &mut self.stdout }, &mut self.last, self.colour);
        lines.take(&turn.bytes, |line| show(line, colour, last));
    }

    fn end(mut self) {
        self.stdout.end(|line| show(line, self.colour, &mut self.last));
        self.stderr.end(|line| show(line, self.colour, &mut self.last));
        self.catch_up();
    }

    /// The last lines are known; what comes now is shown at once.
    fn catch_up(&mut self) {
        for line in self.last.take().into_iter().flat_map(|(_, lines)| lines) {
            print(&line);
        }
    }
}

fn show(line: &[u8], colour: bool, last: &mut Option<(usize, VecDeque<String>)>) {
    let line = printable(line, colour);
    match last {
        None => print(&line),
        Some((most, lines)) => {
            lines.push_back(line);
            if lines.len() > *most {
                lines.pop_front();
            }
        }
    }
}
