use tokio::signal::unix::{SignalKind, signal};

use crate::run::{Control, Signal};

/// Hands each signal that asks this process to end to the run. The process itself goes on: tear-down belongs to the run. A hang-up that
/// whoever started it has it ignore stays ignored.
pub fn watch() -> std::io::Result<Control> {
    let (sender, control) = Control::channel();
    let signals = [
        (SignalKind::interrupt(), Signal::INT),
        (SignalKind::terminate(), Signal::TERM),
        (SignalKind::hangup(), Signal::HUP),
        (SignalKind::quit(), Signal { name: "SIGQUIT", number: 3 }),
    ];
    for (kind, meaning) in signals {
        // Who starts it by `nohup` wants it to outlive the terminal.
        if meaning == Signal::HUP && is_ignored(meaning) {
            continue;
        }
        let mut arrivals = signal(kind)?;
        let sender = sender.clone();
        tokio::spawn(async move {
            while arrivals.recv().await.is_some() {
                if sender.send(meaning).await.is_err() {
                    break;
                }
            }
        });
    }
    Ok(control)
}

/// Whether this process was started with a signal ignored, as far as the system tells.
fn is_ignored(signal: Signal) -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    mask.is_some_and(|mask| mask >> (signal.number - 1) & 1 == 1)
}
