use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, sleep_until};

use super::Fake;
use super::script::Script;
use crate::engine::{Chunk, ContainerStatus, Exit};

/// The signals that a program which obeys ends on.
const STOPS: [i64; 4] = [1, 2, 3, 15];
/// The one that nothing survives.
const KILL: i64 = 9;

/// A process from its start to its end: writes what the script says, when it says it, and ends by itself or by a signal.
pub(super) struct Life {
    pub(super) fake: Fake,
    pub(super) container: String,
    pub(super) script: Script,
    pub(super) stop_signal: i64,
    pub(super) started: Instant,
}

impl Life {
    /// Lives, and reports the exit once the last byte was taken.
    pub(super) async fn run(
        self,
        output: mpsc::Sender<Chunk>,
        mut signals: mpsc::Receiver<i64>,
        drained: oneshot::Sender<Exit>,
    ) {
        let far = self.started + std::time::Duration::from_secs(86_400 * 365);
        let mut writes = self.script.writes.iter().peekable();
        let mut unsent: Option<Chunk> = None;
        let (mut end, mut exit) = match self.script.end {
            Some(end) => (self.started + end.after, Exit { code: end.code, oom_killed: end.oom }),
            None => (far, Exit { code: 0, oom_killed: false }),
        };
        let mut obeying = false;
        loop {
            let next = writes.peek().map(|write| self.started + write.at).filter(|at| *at <= end && !obeying);
            tokio::select! {
                biased;
                Some(signal) = signals.recv() => {
                    if signal == KILL {
                        exit = Exit { code: 128 + KILL, oom_killed: false };
                        break;
                    }
                    let stops = STOPS.contains(&signal) || signal == self.stop_signal;
                    if let Some(takes) = self.script.stops_in.filter(|_| stops && !obeying) {
                        obeying = true;
                        end = Instant::now() + takes;
                        exit = Exit { code: self.script.stop_code.unwrap_or(128 + signal), oom_killed: false };
                    }
                }
                taken = output.reserve(), if unsent.is_some() => {
                    // A closed channel is no error: nobody listens.
                    if let (Ok(permit), Some(chunk)) = (taken, unsent.take()) {
                        permit.send(chunk);
                    }
                }
                () = sleep_until(next.unwrap_or(far)), if unsent.is_none() && next.is_some() => {
                    if let Some(write) = writes.next() {
                        let chunk = Chunk { stream: write.stream, data: write.data.clone().into() };
                        self.remember(&chunk);
                        unsent = Some(chunk);
                    }
                }
                () = sleep_until(end), if unsent.is_none() && next.is_none() => break,
            }
        }
        self.finish(exit);
        if let Some(chunk) = unsent {
            let _ = output.send(chunk).await;
        }
        drop(output);
        let _ = drained.send(exit);
    }

    fn remember(&self, chunk: &Chunk) {
        if let Ok(record) = self.fake.lock().container(&self.container) {
            record.log.push(chunk.clone());
            record.changes.send_modify(|changes| *changes += 1);
        }
    }

    fn finish(&self, exit: Exit) {
        if let Ok(record) = self.fake.lock().container(&self.container) {
            record.status = ContainerStatus::Exited;
            record.ports.clear();
            record.signals = None;
            record.ended.send_replace(Some(exit));
            record.changes.send_modify(|changes| *changes += 1);
        }
    }
}

/// The number of a signal: `SIGTERM`, `TERM` or `15`.
pub(super) fn signal_number(name: &str) -> Option<i64> {
    let name = name.to_uppercase();
    let numbers = [
        ("HUP", 1),
        ("INT", 2),
        ("QUIT", 3),
        ("ABRT", 6),
        ("KILL", 9),
        ("USR1", 10),
        ("USR2", 12),
        ("PIPE", 13),
        ("ALRM", 14),
        ("TERM", 15),
        ("CONT", 18),
        ("STOP", 19),
        ("WINCH", 28),
    ];
    let bare = name.strip_prefix("SIG").unwrap_or(&name);
    let named = numbers.iter().find(|(known, _)| *known == bare).map(|(_, number)| *number);
    named.or_else(|| bare.parse().ok().filter(|number| (1..=64).contains(number)))
}

#[cfg(test)]
mod tests {
    use super::signal_number;

    #[test]
    fn signals_are_known_by_name_and_number() {
        assert_eq!(signal_number("SIGTERM"), Some(15));
        assert_eq!(signal_number("int"), Some(2));
        assert_eq!(signal_number("9"), Some(9));
        assert_eq!(signal_number("NONSENSE"), None);
        assert_eq!(signal_number("65"), None);
    }
}
