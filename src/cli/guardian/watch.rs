use std::io::Read;
use std::time::Duration;

use rustix::process::{getpgid, getppid, setpgid, setsid};
use tokio::signal::unix::{SignalKind, signal};
use tokio::time::{Instant, sleep};

use super::charge::{Charge, Heard};
use crate::cli::ExitStatus;
use crate::engine::Engine;
use crate::engine::docker::{Docker, Environment};
use crate::run::reap;
use crate::store::{Entry, RunDirectory};

/// How long a guardian goes on trying.
const LIMIT: Duration = Duration::from_secs(10 * 60);
/// The pause after which an engine that does not answer is called again.
const PAUSE: Duration = Duration::from_millis(500);

/// The guardian's whole life: waits until its run says that it has ended, or is heard no more; then removes what that run made. Nobody
/// sees its output: what it did stands in the run's journal.
pub fn watch() -> ExitStatus {
    close_inherited();
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else {
        return ExitStatus::Engine;
    };
    if runtime.block_on(hear_no_signal()).is_err() {
        return ExitStatus::Engine;
    }
    leave_session();
    let mut text = String::new();
    // A pipe that breaks ends like one that is closed: with what was said so far.
    let _ = std::io::stdin().read_to_string(&mut text);
    match Heard::of(&text) {
        Heard::Nothing => ExitStatus::Success,
        Heard::Death(charge) => runtime.block_on(clean_up(&charge)),
    }
}

async fn clean_up(charge: &Charge) -> ExitStatus {
    let begun = Instant::now();
    // Held as long as it is at work, so that nobody else takes the run for dead.
    let taken = charge.directory.as_deref().and_then(|path| RunDirectory::take_over(path).ok());
    let (directory, story) = taken.unzip();
    let Some(engine) = engine(&charge.engine, begun).await else { return ExitStatus::Engine };
    let awaited = story.map(|story| story.pending.into_iter().collect()).unwrap_or_default();
    let removed = reap(&engine, &charge.run, awaited, LIMIT.saturating_sub(begun.elapsed())).await;
    if let Some(directory) = &directory {
        directory.journal().note(&Entry::Reaped { removed: removed.gone.len(), left: removed.left.len() });
    }
    if removed.left.is_empty() { ExitStatus::Success } else { ExitStatus::Engine }
}

/// The engine of the run, at the address that the run had, as soon as it answers.
async fn engine(address: &str, begun: Instant) -> Option<impl Engine + use<>> {
    while begun.elapsed() < LIMIT {
        let environment = Environment { docker_host: Some(address.to_owned()), ..Environment::read() };
        if let Ok(engine) = Docker::connect(environment).await {
            return Some(engine);
        }
        sleep(PAUSE).await;
    }
    None
}

/// Takes note of signals that ask a process to end, and does nothing about them.
async fn hear_no_signal() -> std::io::Result<()> {
    let kinds = [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup(), SignalKind::quit()];
    // What listens may go: once asked for, a signal never has its old effect again.
    kinds.into_iter().try_for_each(|kind| signal(kind).map(drop))
}

/// Begins a session of its own, without a terminal: a closed one takes nobody with it then. Who leads a group cannot, so the group is
/// left first.
fn leave_session() {
    // Where its run has died already there is no group to go back to; the one of its own will do.
    let back = getppid().and_then(|parent| getpgid(Some(parent)).ok());
    if back.is_some_and(|group| setpgid(None, Some(group)).is_ok()) {
        let _ = setsid();
    }
}

/// Closes what this process has open besides the pipe: whoever waits for the end of a file that his caller left open to it would wait for
/// the guardian.
fn close_inherited() {
    let Ok(open) = std::fs::read_dir("/dev/fd") else { return };
    let numbers: Vec<i32> = open.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect();
    for number in numbers.into_iter().filter(|number| *number > 2) {
        // The one that this list was read through is closed already.
        let _ = nix::unistd::close(number);
    }
}
