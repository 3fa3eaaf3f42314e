use std::io::{Read, Write};
use std::net::Shutdown;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

const DAEMON: &str = "/var/run/docker.sock";

/// A socket in front of the daemon's that lets everything through, and answers to one kind of call late: what was asked for is done by
/// the daemon at once, and who asked does not know it yet.
pub struct Gate {
    pub path: PathBuf,
    asked: Mutex<Receiver<()>>,
    closed: Arc<AtomicBool>,
}

/// The calls whose answers are late.
#[derive(Debug, Clone, Copy)]
pub struct Late {
    /// The method.
    pub method: &'static str,
    /// What the path holds.
    pub path: &'static str,
    /// How late.
    pub by: Duration,
    /// The head of the answer comes in time, and only the rest is late.
    pub after_head: bool,
}

impl Gate {
    pub fn open(path: PathBuf, late: Late) -> Gate {
        let listener = UnixListener::bind(&path).expect("the place is free");
        let (sender, asked) = channel();
        let closed = Arc::new(AtomicBool::new(false));
        let is_closed = closed.clone();
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                if is_closed.load(Ordering::Relaxed) {
                    return;
                }
                let daemon = UnixStream::connect(DAEMON).expect("the daemon is there");
                carry(client, daemon, late, sender.clone());
            }
        });
        Gate { path, asked: Mutex::new(asked), closed }
    }

    /// Waits until such a call has come.
    pub fn wait(&self, limit: Duration) -> bool {
        self.asked.lock().expect("nobody panicked").recv_timeout(limit).is_ok()
    }
}

impl Drop for Gate {
    fn drop(&mut self) {
        self.closed.store(true, Ordering::Relaxed);
        // Wakes who listens.
        let _ = UnixStream::connect(&self.path);
    }
}

fn carry(client: UnixStream, daemon: UnixStream, late: Late, asked: Sender<()>) {
    let until: Arc<Mutex<Option<Instant>>> = Arc::default();
    let both = |stream: &UnixStream| stream.try_clone().expect("descriptors are left");
    let (from, to, holds) = (both(&client), both(&daemon), until.clone());
    thread::spawn(move || {
        copy(from, to, |bytes| {
            if is_meant(bytes, late) {
                *holds.lock().expect("nobody panicked") = Some(Instant::now() + late.by);
                let _ = asked.send(());
            }
        });
    });
    thread::spawn(move || {
        let mut head = late.after_head;
        copy(daemon, client, |_| {
            let until = *until.lock().expect("nobody panicked");
            let Some(until) = until else { return };
            if !std::mem::take(&mut head) {
                thread::sleep(until.saturating_duration_since(Instant::now()));
            }
        });
    });
}

fn copy(mut from: UnixStream, mut to: UnixStream, mut before: impl FnMut(&[u8])) {
    let mut buffer = vec![0; 64 << 10];
    while let Ok(length @ 1..) = from.read(&mut buffer) {
        before(&buffer[..length]);
        if to.write_all(&buffer[..length]).is_err() {
            break;
        }
    }
    // One way alone: who has said all may still listen.
    let _ = to.shutdown(Shutdown::Write);
}

fn is_meant(bytes: &[u8], late: Late) -> bool {
    let line = bytes.split(|byte| *byte == b'\r').next().unwrap_or_default();
    let line = String::from_utf8_lossy(line);
    line.strip_prefix(late.method).is_some_and(|rest| rest.starts_with(' ') && rest.contains(late.path))
}
