use std::io;

use tokio::signal::unix::{SignalKind, signal};

use super::errand::hand_over_signals;
use crate::run::{Control, Signal};

/// The arrivals of one signal.
pub struct Arrivals {
    /// Which.
    pub meaning: Signal,
    /// Where they are heard.
    pub signal: tokio::signal::unix::Signal,
}

/// Hands each signal that asks this process to end to the run. The process itself goes on: tear-down belongs to the run.
pub fn watch() -> io::Result<Control> {
    let (sender, control) = Control::channel();
    for Arrivals { meaning, mut signal } in arrivals()? {
        let sender = sender.clone();
        tokio::spawn(async move {
            while signal.recv().await.is_some() {
                if sender.send(meaning).await.is_err() {
                    break;
                }
            }
        });
    }
    hand_over_signals();
    Ok(control)
}

/// The arrivals of all signals that ask this process to end. A hang-up that whoever started it has it ignore stays ignored.
pub fn arrivals() -> io::Result<Vec<Arrivals>> {
    let signals = [
        (SignalKind::interrupt(), Signal::INT),
        (SignalKind::terminate(), Signal::TERM),
        (SignalKind::hangup(), Signal::HUP),
        (SignalKind::quit(), Signal { name: "SIGQUIT", number: 3 }),
    ];
    // Who starts it by `nohup` wants it to outlive the terminal.
    let heard = signals.into_iter().filter(|(_, meaning)| *meaning != Signal::HUP || !is_ignored(*meaning));
    heard.map(|(kind, meaning)| Ok(Arrivals { meaning, signal: signal(kind)? })).collect()
}

/// Whether this process was started with a signal ignored, as far as the system tells.
fn is_ignored(signal: Signal) -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    mask.is_some_and(|mask| mask >> (signal.number - 1) & 1 == 1)
}
