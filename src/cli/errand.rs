use std::io;
use std::os::unix::process::CommandExt;
use std::process::{Child, ChildStderr, ChildStdout, Command, ExitStatus};
use std::sync::mpsc::sync_channel;
use std::sync::{Mutex, MutexGuard, Once, PoisonError};
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};

use super::signals::{Arrivals, arrivals};

/// How long a command may take to end by itself once it is asked to.
const GRACE: Duration = Duration::from_millis(200);
/// How often it is looked at meanwhile.
const PACE: Duration = Duration::from_millis(2);

/// A process on this host that this one waits for, with all that it starts: a group of its own. A signal that ends this process ends the
/// group first; and so does giving it up.
#[derive(Debug)]
pub struct Errand {
    child: Child,
    group: Pid,
}

/// What a signal finds.
struct Held {
    groups: Vec<Pid>,
    /// Signals are heard by a run now, which ends this process itself.
    handed_over: bool,
}

static HELD: Mutex<Held> = Mutex::new(Held { groups: Vec::new(), handed_over: false });

impl Errand {
    /// Starts it.
    ///
    /// # Errors
    /// Where it cannot be started.
    pub fn begin(command: &mut Command) -> io::Result<Self> {
        listen();
        // Held until it is known: a signal in between would miss it.
        let mut held = held();
        let child = command.process_group(0).spawn()?;
        let group = Pid::from_child(&child);
        held.groups.push(group);
        Ok(Errand { child, group })
    }

    /// What it writes, where that was piped.
    pub fn output(&mut self) -> (Option<ChildStdout>, Option<ChildStderr>) {
        (self.child.stdout.take(), self.child.stderr.take())
    }

    /// Whether it has ended by itself within a time.
    pub fn ends_within(&self, limit: Duration) -> bool {
        ends_within(self.group, limit)
    }

    /// How it ended, once it has. What it left to go on by itself goes on.
    ///
    /// # Errors
    /// Where the system does not say.
    pub fn status(mut self) -> io::Result<ExitStatus> {
        forget(self.group);
        self.child.wait()
    }
}

/// Ends the whole group, unless it has ended.
impl Drop for Errand {
    fn drop(&mut self) {
        if forget(self.group) {
            end(self.group);
        }
        // It has ended, and must not stay as a name without a process.
        let _ = self.child.wait();
    }
}

/// It is not to be ended any more; whether it was to be.
fn forget(group: Pid) -> bool {
    let mut held = held();
    let known = held.groups.len();
    held.groups.retain(|other| *other != group);
    held.groups.len() < known
}

/// Asks a group to end, and does not take no for an answer. That it is gone already is as good.
fn end(group: Pid) {
    let _ = kill_process_group(group, Signal::TERM);
    ends_within(group, GRACE);
    let _ = kill_process_group(group, Signal::KILL);
}

/// Whether the first process of a group ends within a time. It keeps its number until it is waited for.
fn ends_within(group: Pid, limit: Duration) -> bool {
    let begun = std::time::Instant::now();
    let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
    // One of which the system does not know any more is no more.
    while let Ok(None) = waitid(WaitId::Pid(group), options) {
        if begun.elapsed() >= limit {
            return false;
        }
        std::thread::sleep(PACE);
    }
    true
}

/// From here on a run hears signals.
pub fn hand_over_signals() {
    held().handed_over = true;
}

/// Sees to it that a signal that ends this process ends first what it waits for.
fn listen() {
    static LISTENS: Once = Once::new();
    LISTENS.call_once(|| {
        let (ready, listens) = sync_channel(1);
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(async {
                let arrivals = arrivals()?;
                // Who started this waits for it.
                let _ = ready.send(());
                end_all(first(arrivals).await);
                Ok::<(), io::Error>(())
            })
        });
        // Where nobody listens a signal ends this process as it ends any other.
        let _ = listens.recv();
    });
}

/// The number of the first signal to come.
async fn first(arrivals: Vec<Arrivals>) -> i32 {
    let each = arrivals.into_iter().map(async |mut arrivals| {
        if arrivals.signal.recv().await.is_none() {
            std::future::pending::<()>().await;
        }
        arrivals.meaning.number
    });
    let mut each: FuturesUnordered<_> = each.collect();
    match each.next().await {
        Some(number) => number,
        None => std::future::pending().await,
    }
}

/// Ends what this process waits for, and this process, unless a run sees to that.
fn end_all(number: i32) {
    let held = held();
    if !held.handed_over {
        held.groups.iter().copied().for_each(end);
        std::process::exit(128 + number);
    }
}

fn held() -> MutexGuard<'static, Held> {
    HELD.lock().unwrap_or_else(PoisonError::into_inner)
}
