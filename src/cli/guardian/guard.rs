use std::io::{self, Write};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{ChildStdin, Command, Stdio};

use super::GUARDIAN;
use super::charge::{Charge, END};

/// A guardian as its run has it. Dropped without a word, it takes back all that the run has made.
#[derive(Debug)]
pub struct Guard {
    words: ChildStdin,
}

impl Guard {
    /// Starts a guardian, and tells it what to watch over.
    ///
    /// # Errors
    /// Where no process can be started.
    pub fn post(charge: &Charge) -> io::Result<Self> {
        // In a group of its own it hears no Ctrl-C from its first instant on; it leaves the session by itself.
        let mut child = Command::new(this_binary()?)
            .arg0("pipe")
            .arg(GUARDIAN)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()?;
        let mut words = child.stdin.take().expect("it is piped");
        words.write_all(charge.line().as_bytes())?;
        Ok(Guard { words })
    }

    /// The run has come to its end, and needs no guardian any more.
    pub fn dismiss(mut self) {
        // One that is gone already cannot be told, and need not be.
        let _ = self.words.write_all(format!("{END}\n").as_bytes());
    }
}

/// The file that this process runs, also where another one has taken its place meanwhile.
fn this_binary() -> io::Result<PathBuf> {
    let running = Path::new("/proc/self/exe");
    if running.exists() { Ok(running.to_owned()) } else { std::env::current_exe() }
}
