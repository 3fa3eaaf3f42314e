use tokio::signal::unix::{SignalKind, signal};

use crate::run::{Control, Signal};

/// Hands each signal that asks this process to end to the run. The process itself goes on: tear-down belongs to the run.
pub fn watch() -> std::io::Result<Control> {
    let (sender, control) = Control::channel();
    let signals = [
        (SignalKind::interrupt(), Signal::INT),
        (SignalKind::terminate(), Signal::TERM),
        (SignalKind::hangup(), Signal::HUP),
        (SignalKind::quit(), Signal { name: "SIGQUIT", number: 3 }),
    ];
    for (kind, meaning) in signals {
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
