use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc;

/// A signal that ends a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caught {
    /// Its number.
    pub number: i32,
    /// Its name.
    pub name: &'static str,
}

/// Hands over each signal that asks this process to end. The process itself goes on: tear-down belongs to the run.
pub fn watch() -> std::io::Result<mpsc::Receiver<Caught>> {
    let (sender, receiver) = mpsc::channel(8);
    let kinds = [
        (SignalKind::interrupt(), "SIGINT"),
        (SignalKind::terminate(), "SIGTERM"),
        (SignalKind::hangup(), "SIGHUP"),
        (SignalKind::quit(), "SIGQUIT"),
    ];
    for (kind, name) in kinds {
        let mut signals = signal(kind)?;
        let sender = sender.clone();
        tokio::spawn(async move {
            while signals.recv().await.is_some() {
                if sender.send(Caught { number: kind.as_raw_value(), name }).await.is_err() {
                    break;
                }
            }
        });
    }
    Ok(receiver)
}
