use std::fs::File;
use std::io::{Read, Write};
use std::process::{Child, Command};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{JoinHandle, spawn};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{Mode, OFlags, open};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

/// A terminal with somebody in front of it. Dropped, it is closed, and the kernel tells those who work on it.
pub struct Terminal {
    leaves: Arc<AtomicBool>,
    reader: Option<JoinHandle<()>>,
    typed: Option<File>,
}

/// How often whoever sits there asks whether to leave, in nanoseconds.
const GLANCE: i64 = 10_000_000;

impl Terminal {
    /// Runs a command on a new terminal, the first process of its session; what it says is added to `said`.
    pub fn start(command: &Command, said: Arc<Mutex<String>>) -> (Child, Terminal) {
        let ours = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC).expect("a terminal");
        grantpt(&ours).and_then(|()| unlockpt(&ours)).expect("it is ours");
        let name = ptsname(&ours, Vec::new()).expect("it has a name");
        let theirs = open(name, OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC, Mode::empty()).expect("it is there");
        let another = || theirs.try_clone().expect("descriptors are left");
        // Its standard input becomes the terminal of its session; the process stays the same.
        let mut leader = Command::new("setsid");
        leader.arg("--ctty").arg(command.get_program()).args(command.get_args());
        for (name, value) in command.get_envs() {
            match value {
                Some(value) => leader.env(name, value),
                None => leader.env_remove(name),
            };
        }
        leader.current_dir(command.get_current_dir().expect("it has a directory"));
        let child = leader.stdin(another()).stdout(another()).stderr(another()).spawn().expect("util-linux is here");
        let leaves = Arc::new(AtomicBool::new(false));
        let typed = File::from(ours.try_clone().expect("descriptors are left"));
        let (leaving, ours) = (leaves.clone(), File::from(ours));
        let reader = spawn(move || read(ours, &leaving, &said));
        (child, Terminal { leaves, reader: Some(reader), typed: Some(typed) })
    }

    /// Types something in.
    pub fn write(&mut self, text: &str) {
        self.typed.as_ref().expect("it is open").write_all(text.as_bytes()).expect("it reads");
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        self.typed = None;
        self.leaves.store(true, Ordering::Relaxed);
        if let Some(reader) = self.reader.take() {
            reader.join().expect("it did not panic");
        }
    }
}

/// Reads until the other end is gone, or it is time to leave.
fn read(mut ours: File, leaves: &AtomicBool, said: &Mutex<String>) {
    let mut buffer = [0; 4096];
    while !leaves.load(Ordering::Relaxed) {
        let mut ready = [PollFd::new(&ours, PollFlags::IN)];
        if poll(&mut ready, Some(&Timespec { tv_sec: 0, tv_nsec: GLANCE })) == Ok(0) {
            continue;
        }
        match ours.read(&mut buffer) {
            Ok(length @ 1..) => {
                let mut said = said.lock().expect("nobody panicked");
                said.push_str(&String::from_utf8_lossy(&buffer[..length]));
            }
            Ok(0) | Err(_) => return,
        }
    }
}
