use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, kill_process};

use super::blow::Blow;
use super::terminal::Terminal;

/// How long a moment may take to come, and a run that was struck to end.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// A run that can be struck.
pub struct Struck {
    child: Child,
    /// The other end of its terminal, where it has one.
    terminal: Option<Terminal>,
    stdin: Option<ChildStdin>,
    said: Arc<Mutex<String>>,
}

impl Struck {
    /// Begins a run, on a terminal where its blow is to close that. `text` is given to it without an end, where there is one.
    pub fn begin(command: &mut Command, blow: Blow, text: Option<&str>) -> Struck {
        let said: Arc<Mutex<String>> = Arc::default();
        let (mut child, mut terminal) = (None, None);
        if blow == Blow::Hup {
            let (spawned, ours) = Terminal::start(command, said.clone());
            child = Some(spawned);
            terminal = Some(ours);
        }
        let mut child = child.unwrap_or_else(|| {
            let stdin = if text.is_some() { Stdio::piped() } else { Stdio::null() };
            let spawned = command.stdin(stdin).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
            let mut child = spawned.expect("the binary of this package can be run");
            listen(child.stdout.take().expect("it is piped"), said.clone());
            listen(child.stderr.take().expect("it is piped"), said.clone());
            child
        });
        let mut stdin = child.stdin.take();
        if let Some(text) = text {
            // A terminal holds little: when it has taken all of a long text, most of that has been read.
            match (&mut stdin, &mut terminal) {
                (Some(stdin), _) => stdin.write_all(text.as_bytes()).expect("it reads"),
                (None, Some(terminal)) => terminal.write(text),
                (None, None) => {}
            }
        }
        Struck { child, terminal, stdin, said }
    }

    pub fn said(&self) -> String {
        self.said.lock().expect("nobody panicked").clone()
    }

    /// Waits until something is so, as long as the run lives and patience lasts.
    pub fn until(&mut self, mut is_so: impl FnMut(&Self) -> bool) -> bool {
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE {
            if is_so(self) {
                return true;
            }
            if self.child.try_wait().expect("it can be asked").is_some() {
                return is_so(self);
            }
            thread::sleep(Duration::from_millis(5));
        }
        false
    }

    /// Waits until all that it was given has been read.
    pub fn until_it_has_read(&mut self) -> bool {
        self.terminal.is_some()
            || self.until(|it| it.stdin.as_ref().is_some_and(|stdin| rustix::io::ioctl_fionread(stdin) == Ok(0)))
    }

    /// Strikes, and waits for the end; answers how it ended and how long that took.
    pub fn strike(&mut self, blow: Blow) -> Option<(ExitStatus, Duration)> {
        let begun = Instant::now();
        match blow {
            Blow::Hup => drop(self.terminal.take()),
            _ => self.send(blow),
        }
        if blow == Blow::IntTwice {
            self.until(|it| it.said().contains("SIGINT: stopping"));
            self.send(blow);
        }
        while begun.elapsed() < PATIENCE {
            if let Some(status) = self.child.try_wait().expect("it can be asked") {
                return Some((status, begun.elapsed()));
            }
            thread::sleep(Duration::from_millis(5));
        }
        self.child.kill().and_then(|()| self.child.wait()).expect("it can be killed");
        None
    }

    fn send(&self, blow: Blow) {
        // It may have ended by itself; then that is what counts.
        let _ = kill_process(Pid::from_child(&self.child), blow.signal());
    }
}

fn listen(from: impl Read + Send + 'static, said: Arc<Mutex<String>>) {
    thread::spawn(move || {
        let mut from = BufReader::new(from);
        let mut line = Vec::new();
        while let Ok(1..) = from.read_until(b'\n', &mut line) {
            let mut said = said.lock().expect("nobody panicked");
            said.push_str(&String::from_utf8_lossy(&line));
            line.clear();
        }
    });
}
