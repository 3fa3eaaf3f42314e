use tokio::sync::mpsc;

/// What reaches into a run from outside: signals. The first stops it, the second kills, the third leaves at once.
#[derive(Debug)]
pub struct Control {
    signals: mpsc::Receiver<Signal>,
}

/// A signal that the user, or whoever runs pipe, sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signal {
    /// `SIGINT`.
    pub name: &'static str,
    /// Its number.
    pub number: i32,
}

impl Signal {
    /// Ctrl-C.
    pub const INT: Signal = Signal { name: "SIGINT", number: 2 };
    /// The terminal is gone.
    pub const HUP: Signal = Signal { name: "SIGHUP", number: 1 };
    /// Somebody asks it to end.
    pub const TERM: Signal = Signal { name: "SIGTERM", number: 15 };
}

impl Control {
    /// The two ends: signals go in at one, and a run takes the other.
    pub fn channel() -> (mpsc::Sender<Signal>, Control) {
        let (sender, signals) = mpsc::channel(8);
        (sender, Control { signals })
    }

    /// The next signal; waits for ever where none can come any more.
    pub async fn signal(&mut self) -> Signal {
        match self.signals.recv().await {
            Some(signal) => signal,
            None => std::future::pending().await,
        }
    }
}
