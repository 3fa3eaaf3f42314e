use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

use crate::diagnostic::render::{self, Style};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::report::tty::Terminal;
use crate::source::Files;

/// The width that is drawn for where neither a terminal nor `COLUMNS` tells one.
const WIDTH: usize = 100;
/// The height of such a terminal.
const HEIGHT: usize = 24;
/// The narrowest that diagnostics are drawn for; what is narrower wraps.
const NARROWEST: usize = 40;

/// How diagnostics are drawn on standard error.
pub fn error_style() -> Style {
    style(io::stderr().is_terminal(), width(rustix::termios::tcgetwinsize(io::stderr())))
}

/// How things are drawn on standard output.
pub fn output_style() -> Style {
    style(io::stdout().is_terminal(), width(rustix::termios::tcgetwinsize(io::stdout())))
}

/// Whether the live view can be drawn on standard output.
pub fn is_live() -> bool {
    io::stdout().is_terminal()
        && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
        && std::env::var_os("CI").is_none()
}

/// Standard output for the story of a run. Where somebody has set it not to block (it shares that with whatever else writes to the same
/// terminal or pipe), it blocks all the same.
#[derive(Debug)]
pub struct Output;

/// How long before a reader that does not keep up is tried again.
const AGAIN: Duration = Duration::from_millis(10);

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        insist(|| io::stdout().write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        insist(|| io::stdout().flush())
    }
}

fn insist<T>(mut write: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    loop {
        match write() {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => std::thread::sleep(AGAIN),
            done => return done,
        }
    }
}

/// The terminal for the live view.
pub fn live() -> Terminal {
    let begun = Instant::now();
    Terminal {
        out: Box::new(Output),
        size: Box::new(|| match rustix::termios::tcgetwinsize(io::stdout()) {
            Ok(size) if size.ws_col > 0 && size.ws_row > 0 => (usize::from(size.ws_col), usize::from(size.ws_row)),
            _ => (WIDTH, HEIGHT),
        }),
        clock: Box::new(move || begun.elapsed()),
    }
}

/// Draws diagnostics on standard error.
pub fn complain(diagnostics: &Diagnostics, files: &Files) {
    let text = render::full(diagnostics, files, &error_style());
    // Nobody reads: there is nobody to tell that to either.
    let _ = writeln!(io::stderr().lock(), "{}", text.trim_end());
}

/// Draws one diagnostic that has no place in a file.
pub fn complain_of(diagnostic: Diagnostic) {
    complain(&Diagnostics::from_iter([diagnostic]), &Files::default());
}

/// Prints a line on standard output; a reader that is gone is no error.
pub fn print(line: &str) {
    let _ = writeln!(io::stdout().lock(), "{line}");
}

/// Writes text on standard output as it is; a reader that is gone is no error.
pub fn write(text: &str) {
    let mut out = io::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

/// Whether drawings are of no use: the terminal says that it cannot, or the user that they do not want them.
pub fn is_plain() -> bool {
    std::env::var_os("TERM").is_some_and(|term| term == "dumb")
        || std::env::var_os("NO_GRAPHICS").is_some_and(|value| !value.is_empty())
}

/// Whether a workflow of GitHub reads standard output, and draws beside the lines of a file what it finds there about them.
pub fn annotates() -> bool {
    std::env::var_os("GITHUB_ACTIONS").is_some_and(|value| value == "true")
}

/// Prints a line on standard error: what is not the answer itself.
pub fn remark(line: &str) {
    let _ = writeln!(io::stderr().lock(), "{line}");
}

fn style(terminal: bool, width: usize) -> Style {
    let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let forced = std::env::var_os("CLICOLOR_FORCE").is_some_and(|value| value != "0");
    let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    Style {
        color: (terminal && !no_color && !dumb) || (forced && !no_color),
        unicode: terminal && !dumb,
        width,
        ..Style::default()
    }
}

fn width(size: rustix::io::Result<rustix::termios::Winsize>) -> usize {
    match size {
        Ok(size) if size.ws_col > 0 => usize::from(size.ws_col).max(NARROWEST),
        _ => {
            let told = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse::<usize>().ok());
            told.map_or(WIDTH, |columns| columns.max(NARROWEST))
        }
    }
}
